package io.athanor.api.web;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again on a daemon thread of its own, the first time one period after the start.
 *
 * <p>Invariant: one run at a time; a failure is logged and the next run comes all the same.
 */
public final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final String name;
    private final Duration every;
    private final Runnable work;
    private @Nullable ScheduledExecutorService thread;

    /** @param name of the thread, and of the work in the log */
    public Ticker(String name, Duration every, Runnable work) {
        this.name = name;
        this.every = every;
        this.work = work;
    }

    /** Does it now, on the caller's thread. */
    public void tick() {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{}: {}; trying again in {}", name, e, every.toString());
            LOG.debug("{}", name, e);
        }
    }

    public synchronized void start() {
        ScheduledExecutorService begun = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        ScheduledFuture<?> _ =
                begun.scheduleWithFixedDelay(this::tick, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        thread = begun;
    }

    /** A run that has begun goes on to its end. False where it was not started. */
    public synchronized boolean stop() {
        ScheduledExecutorService running = thread;
        if (running == null) {
            return false;
        }
        running.shutdown();
        thread = null;
        return true;
    }

    public synchronized boolean isRunning() {
        return thread != null;
    }
}
