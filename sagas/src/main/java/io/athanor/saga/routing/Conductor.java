package io.athanor.saga.routing;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.saga.live.LiveSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what changed, what is due, and once a second at everything; sends what the routers say.
 *
 * <p>An instance has at most one order under way, and is looked at again only when the live set has taken what that
 * order did: no decision stands on what its own order made old. Orders of many instances go together where they fit
 * ({@link Limits#CHUNK_LINES} commands); where the whole is refused each goes alone. For one thread; {@link
 * ConductorThread} runs it, a simulation calls {@link #pass} itself.
 */
public final class Conductor {
    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
    /** The safety net's period. */
    static final Duration SWEEP = Duration.ofSeconds(1);
    /** An order that changed nothing is not repeated before this. */
    private static final Duration IDLE_PAUSE = Duration.ofSeconds(1);
    /** An order without an answer counts as failed after this. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final LiveSet live;
    private final Commands commands;
    private final InstantSource clock;
    private final Map<Instance.Kind, List<Router>> routers;
    private final ParkedWork parked;

    private final Timers timers = new Timers();
    private final Retries retries = new Retries();
    private final Map<Instance, Flight> flights = new HashMap<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private Instant nextSweep = Instant.MIN;
    private Runnable wake = () -> {};

    public Conductor(
            LiveSet live,
            Commands commands,
            InstantSource clock,
            Map<Instance.Kind, List<Router>> routers,
            ParkedWork parked) {
        this.live = live;
        this.commands = commands;
        this.clock = clock;
        this.routers = routers;
        this.parked = parked;
    }

    /**
     * An order under way.
     *
     * @param index after which its effect is known, -1 while it is unanswered
     */
    private record Flight(Step step, Instant sentAt, long index) {}

    /** What came of an order of these steps. */
    private record Answer(
            List<Step> steps,
            @Nullable Outcome outcome,
            @Nullable Throwable failure) {}

    void onWork(Runnable listener) {
        wake = listener;
    }

    /** Looks once at all that is due. */
    public void pass() {
        Plan plan;
        synchronized (live) {
            live.drain();
            if (!live.ready()) {
                return;
            }
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            boolean sweeping = !now.isBefore(nextSweep);
            plan = new Plan(now, sweeping, live.applied(), timers, instance -> busy(instance, now));
            takeAnswers(now);
            takeLanded(now);
            Set<Instance> due = live.takeTouched();
            due.addAll(timers.due(now));
            if (sweeping) {
                nextSweep = now.plus(SWEEP);
                due.addAll(live.instances());
            }
            due.forEach(instance -> lookOrDefer(instance, plan));
            for (Instance next = plan.next(); next != null; next = plan.next()) {
                look(next, plan);
            }
            plan.steps().forEach(step -> flights.put(step.instance(), new Flight(step, now, -1)));
        }
        send(plan);
    }

    /** When to pass again where nothing changes until then. */
    public Instant nextPass() {
        Instant timer = timers.next();
        return timer != null && timer.isBefore(nextSweep) ? timer : nextSweep;
    }

    /** Orders under way. */
    public int underWay() {
        return flights.size();
    }

    private boolean busy(Instance instance, Instant now) {
        return flights.containsKey(instance) || retries.waitsUntil(instance, now) != null || parked.holds(instance);
    }

    /** What draws on all others comes after them. */
    private void lookOrDefer(Instance instance, Plan plan) {
        switch (instance.kind()) {
            case PLACEMENT, INSPECTIONS -> plan.also(instance);
            case TASK, MACHINE, ROUND, EPOCH, CHECKER, CASE, POOL, PROPOSAL -> look(instance, plan);
        }
    }

    private void look(Instance instance, Plan plan) {
        Instant until = retries.waitsUntil(instance, plan.now());
        if (until != null) {
            timers.add(until, instance);
        }
        if (plan.busy(instance)) {
            return;
        }
        int before = plan.steps().size();
        try {
            for (Router router : routers.getOrDefault(instance.kind(), List.of())) {
                if (!plan.busy(instance)) {
                    router.look(instance, plan);
                }
            }
        } catch (RuntimeException e) {
            plan.dropSince(before);
            failed(instance, new Retries.Fault(e), plan.now());
        }
    }

    private void takeAnswers(Instant now) {
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            if (answer.failure != null) {
                refused(answer.steps, answer.failure, now);
            } else if (answer.outcome != null) {
                took(answer.steps, answer.outcome, now);
            }
        }
    }

    private void took(List<Step> steps, Outcome outcome, Instant now) {
        for (Step step : steps) {
            retries.succeeded(step.instance());
            if (outcome.events() == 0 && step.ended() == null) {
                retries.pause(step.instance(), IDLE_PAUSE, now);
            }
            flights.put(step.instance(), new Flight(step, now, outcome.index()));
        }
    }

    /** A refused whole goes again one by one, so that one bad step holds up no other. */
    private void refused(List<Step> steps, Throwable failure, Instant now) {
        if (steps.size() > 1) {
            steps.forEach(step -> send(List.of(step)));
            return;
        }
        Step step = steps.getFirst();
        flights.remove(step.instance());
        step.end(false);
        failed(step.instance(), failure, now);
    }

    private void failed(Instance instance, Throwable failure, Instant now) {
        Retries.Trouble trouble = retries.failed(instance, failure, now);
        if (trouble.park()) {
            retries.succeeded(instance);
            parked.park(instance, trouble.failures(), failure, now);
        } else {
            LOG.warn("{}: {} (attempt {}, again at {})", instance.text(), failure, trouble.attempts(), trouble.until());
            timers.add(trouble.until(), instance);
        }
    }

    /** Frees the instances whose orders' effects the live set knows. */
    private void takeLanded(Instant now) {
        List<Step> landed = flights.values().stream()
                .filter(flight -> flight.index >= 0 && flight.index <= live.applied())
                .map(Flight::step)
                .toList();
        for (Step step : landed) {
            flights.remove(step.instance());
            step.end(true);
            timers.add(now, step.instance());
        }
        flights.values().removeIf(flight -> lost(flight, now));
    }

    private boolean lost(Flight flight, Instant now) {
        if (now.isBefore(flight.sentAt.plus(ANSWER))) {
            return false;
        }
        flight.step.end(false);
        failed(flight.step.instance(), new IllegalStateException("no answer in " + ANSWER), now);
        return true;
    }

    /** Puts the steps into as few orders as their commands fit. */
    private void send(Plan plan) {
        List<Step> together = new ArrayList<>();
        int size = 0;
        for (Step step : plan.steps()) {
            boolean fits = size + step.commands().size() <= Limits.CHUNK_LINES
                    && (together.isEmpty() || together.getFirst().actor().equals(step.actor()));
            if (!fits && !together.isEmpty()) {
                send(List.copyOf(together));
                together.clear();
                size = 0;
            }
            together.add(step);
            size += step.commands().size();
        }
        if (!together.isEmpty()) {
            send(List.copyOf(together));
        }
    }

    private void send(List<Step> steps) {
        List<Command> all = new ArrayList<>();
        steps.forEach(step -> all.addAll(step.commands()));
        Step first = steps.getFirst();
        try {
            var _ = commands.send(Order.inside(first.actor(), first.cause(), all))
                    .whenComplete((outcome, failure) -> answered(steps, outcome, failure));
        } catch (RuntimeException e) {
            answered(steps, null, e);
        }
    }

    private void answered(List<Step> steps, @Nullable Outcome outcome, @Nullable Throwable failure) {
        answers.add(new Answer(steps, outcome, failure == null ? null : unwrap(failure)));
        wake.run();
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapped && cause != null ? unwrap(cause) : failure;
    }
}
