package io.athanor.chain;

import io.athanor.chain.ProgressTables.Leadership;
import io.athanor.chain.ProgressTables.Part;
import io.athanor.contracts.ChainFault;
import io.athanor.domain.common.Refused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The projector's one thread: inbound, epochs, batches, twice a second, on the one node that leads.
 *
 * <p>What may pass by itself (a silent node, a refused command) is tried again with the next tick. A {@link Halted}
 * stops its part until an operator resumes it: inbound everything, outbound only what goes to the chain, a
 * difference of money only what pays out.
 */
public final class ProjectorLoop implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectorLoop.class);
    private static final Duration TICK = Duration.ofMillis(400);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final int PHASE = Integer.MAX_VALUE - 100;

    private final ProgressTables progress;
    private final Step gate;
    private final List<Step> steps;
    private final InstantSource clock;
    private volatile boolean running;
    private volatile CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile @Nullable String waitingFor;

    /** One thing that is done in each tick, and what stops where it halts. */
    record Step(Part part, Runnable action) {}

    /** @param gate without whose success a tick does nothing else */
    ProjectorLoop(ProgressTables progress, Step gate, List<Step> steps, InstantSource clock) {
        this.progress = progress;
        this.gate = gate;
        this.steps = List.copyOf(steps);
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        stopping = new CountDownLatch(1);
        thread = Thread.ofPlatform().name("chain-projector").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        stopping.countDown();
        Thread worker = thread;
        if (worker == null) {
            return;
        }
        worker.interrupt();
        try {
            worker.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** What the last tick waited for. */
    Optional<String> waitingFor() {
        return Optional.ofNullable(waitingFor);
    }

    private void run() {
        while (running) {
            try (Leadership leadership = progress.leadership()) {
                lead(leadership);
            } catch (RuntimeException e) {
                report(e);
                pause();
            }
        }
    }

    private void lead(Leadership leadership) {
        while (running) {
            if (leadership.holds()) {
                tick();
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (stopping.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                running = false;
            }
        } catch (InterruptedException e) {
            running = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Every step once, as far as its part is not stopped. */
    void tick() {
        Optional<RuntimeException> trouble = attempt(gate);
        if (trouble.isEmpty()) {
            for (Step step : steps) {
                Optional<RuntimeException> met = attempt(step);
                trouble = trouble.or(() -> met);
            }
        }
        trouble.ifPresentOrElse(this::report, () -> waitingFor = null);
    }

    /** What went wrong and is not a halt, or that it is stopped already. */
    private Optional<RuntimeException> attempt(Step step) {
        if (progress.stopped(step.part())) {
            return Optional.of(new ChainFault("an operator, to resume the part " + step.part()));
        }
        try {
            step.action().run();
            return Optional.empty();
        } catch (Halted e) {
            LOG.error("HALTED {}: {}. Jobs go on; find the cause, then resume it.", step.part(), e.getMessage());
            progress.halt(step.part(), String.valueOf(e.getMessage()), clock.instant());
            return Optional.of(e);
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    /** Says the same trouble once; one that nobody foresaw with its place in the code. */
    private void report(RuntimeException trouble) {
        String message = String.valueOf(trouble.getMessage());
        boolean known = message.equals(waitingFor);
        waitingFor = message;
        if (known || !running) {
            return;
        }
        if (trouble instanceof ChainFault || trouble instanceof Refused || trouble instanceof Halted) {
            LOG.warn("chain projector waits for: {}", message);
        } else {
            LOG.error("chain projector: a step failed and will be tried again", trouble);
        }
    }
}
