package io.athanor.chain;

import io.athanor.contracts.ChainFault;
import io.athanor.domain.common.Refused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The projector's one thread: inbound, epochs, batches, twice a second, on the one node that leads.
 *
 * <p>What may pass by itself (a silent node, a refused command) is tried again with the next tick. A {@link Halted}
 * stops everything until an operator resumes, with the reason in {@code chain.stream}.
 */
public final class ProjectorLoop implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectorLoop.class);
    private static final Duration TICK = Duration.ofMillis(400);
    private static final int PHASE = Integer.MAX_VALUE - 100;

    private final ChainStore store;
    private final List<Runnable> steps;
    private final InstantSource clock;
    private volatile boolean running;
    private volatile Thread thread = Thread.currentThread();
    private String lastTrouble = "";

    ProjectorLoop(ChainStore store, List<Runnable> steps, InstantSource clock) {
        this.store = store;
        this.steps = List.copyOf(steps);
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("chain-projector").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
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

    private void run() {
        try (Handle connection = store.connection()) {
            boolean leads = false;
            while (running) {
                leads = leads || ChainStore.tryLead(connection);
                if (leads && store.haltedBecause().isEmpty()) {
                    steps.forEach(this::attempt);
                }
                Thread.sleep(TICK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (Halted e) {
            store.halt(String.valueOf(e.getMessage()), clock.instant());
            LOG.error("chain projector HALTED: {}. Jobs go on; find the cause, then resume it.", e.getMessage());
        } catch (ChainFault | Refused e) {
            trouble(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (running) {
                LOG.error("chain projector: a step failed and will be tried again", e);
            }
        }
    }

    /** Says the same trouble once. */
    private void trouble(String message) {
        if (!message.equals(lastTrouble)) {
            lastTrouble = message;
            LOG.warn("chain projector waits: {}", message);
        }
    }
}
