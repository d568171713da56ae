package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerCommand.RegisterChecker;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything again: each event must be what its stream's {@code decide} answers to the event's command on the
 * state before. So no GPU is reserved twice, nobody spends what they do not have, and no window, fence or step of a
 * life is passed over, whatever the node did that wrote the history.
 *
 * <p>Where one command gives several events, the first announces the others, which must follow on their stream. An event
 * that carries only part of its command waits for the next one, which carries the rest.
 */
final class DecisionCheck implements Check {
    private final Map<StreamId, Deque<Event>> announced = new HashMap<>();
    private final Map<StreamId, Event> waiting = new HashMap<>();
    /** The parameters in force and those before them: a command may have been on its way when they changed. */
    private final Deque<ProtocolParameters> versions = new ArrayDeque<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        Deque<Event> rest = announced.get(event.stream());
        Event first = waiting.remove(event.stream());
        if (rest != null) {
            follow(rest, event, problem);
        } else if (first != null && !isWhole(first)) {
            complete(before, first, event, problem);
        } else if (!isWhole(event)) {
            requireNew(before, event, problem);
        } else if (!isSameBooking(first, event)) {
            decide(before, event, problem);
        }
        if (!isWhole(event) || event instanceof HoldSettled) {
            waiting.put(event.stream(), event);
        }
        if (event instanceof ParametersActivated e) {
            versions.addFirst(e.parameters());
            while (versions.size() > 2) {
                versions.removeLast();
            }
        }
    }

    private void follow(Deque<Event> rest, Event event, Consumer<String> problem) {
        Event next = rest.poll();
        if (rest.isEmpty()) {
            announced.remove(event.stream());
        }
        if (!event.equals(next)) {
            problem.accept("the decision before it goes on with " + next);
        }
    }

    /** Whether the event carries all that its command said; else the next event of its stream has the rest. */
    private static boolean isWhole(Event event) {
        return !(event instanceof CheckerRegistered
                || event instanceof NetworkBegun
                || event instanceof PlacementDecided e && e.decision().chosen() != null);
    }

    private static void requireNew(World before, Event event, Consumer<String> problem) {
        boolean known = event instanceof CheckerRegistered e && before.checkers.containsKey(e.checker())
                || event instanceof NetworkBegun && before.protocol.network() != null;
        if (known) {
            problem.accept(event.stream() + " has begun already");
        }
    }

    private static List<? extends Event> together(World before, Event first, Event second) {
        if (first instanceof PlacementDecided e && second instanceof JobAssigned a) {
            return before.task(a.task()).decide(new AssignJob(a.task(), e.decision(), a.lease(), a.at()));
        }
        if (first instanceof CheckerRegistered e && second instanceof AttesterAuthorised a) {
            return Checker.EMPTY.decide(new RegisterChecker(
                    e.checker(),
                    e.ownerGroup(),
                    e.networkGroup(),
                    e.region(),
                    e.endpoint(),
                    a.attester(),
                    e.authorization(),
                    e.at()));
        }
        if (first instanceof NetworkBegun e && second instanceof ParametersActivated a) {
            return Protocol.EMPTY.decide(
                    new BeginNetwork(e.chainId(), e.vault(), e.settlementLog(), e.genesis(), a.parameters(), e.at()));
        }
        return List.of();
    }

    /** One settlement of an account gives both events, and the first has closed its epoch for the second. */
    private static boolean isSameBooking(@Nullable Event last, Event event) {
        return event instanceof EarningsCredited e
                && last instanceof HoldSettled h
                && h.epoch() == e.epoch()
                && h.at().equals(e.at());
    }

    private void decide(World before, Event event, Consumer<String> problem) {
        Answer newest = null;
        for (ProtocolParameters parameters : versions) {
            Command command = CommandOf.of(event, parameters);
            if (command == null) {
                return;
            }
            Answer answer = answer(() -> before.decide(command));
            if (answer.startsWith(List.of(event))) {
                announce(event, answer.events());
                return;
            }
            newest = newest == null ? answer : newest;
        }
        boolean wasAllowed = before.earlier
                && answer(() -> EarlierRules.decide(before, event)).startsWith(List.of(event));
        if (newest != null && !wasAllowed) {
            problem.accept("the state before gives " + newest);
        }
    }

    private void announce(Event event, List<? extends Event> decided) {
        if (decided.size() > 1) {
            announced.put(event.stream(), new ArrayDeque<>(decided.subList(1, decided.size())));
        }
    }

    private static void complete(World before, Event first, Event second, Consumer<String> problem) {
        Answer answer = answer(() -> together(before, first, second));
        if (!answer.events().equals(List.of(first, second))) {
            problem.accept("the state before gives " + answer);
        }
    }

    private static Answer answer(Supplier<List<? extends Event>> decision) {
        try {
            return new Answer(decision.get(), null);
        } catch (Refused refused) {
            return new Answer(List.of(), refused);
        }
    }

    /** What a decision came to: events, or a refusal. */
    private record Answer(
            List<? extends Event> events, @Nullable Refused refused) {
        boolean startsWith(List<Event> recorded) {
            return events.size() >= recorded.size()
                    && events.subList(0, recorded.size()).equals(recorded);
        }

        @Override
        public String toString() {
            return refused == null ? events.toString() : refused.reason() + ", " + refused.detail();
        }
    }
}
