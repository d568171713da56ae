package io.athanor.api.retention;

import io.athanor.domain.port.Sweep;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Runs every {@link Sweep} once an hour in the whole network: the node that claims its row first does it, and where that
 * node dies, another does it an hour later.
 */
@Component
public final class Sweeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final long LOOK_MINUTES = 10;

    private final List<Sweep> sweeps;
    private final JdbcClient sql;
    private final InstantSource clock;
    private @Nullable ScheduledExecutorService ticker;

    Sweeper(List<Sweep> sweeps, JdbcClient sql, InstantSource clock) {
        this.sweeps = List.copyOf(sweeps);
        this.sql = sql;
        this.clock = clock;
    }

    /** Runs those that are due and not another node's; their names. */
    public List<String> tick() {
        Instant now = clock.instant();
        return sweeps.stream()
                .filter(sweep -> claim(sweep, now))
                .filter(sweep -> run(sweep, now))
                .map(Sweep::what)
                .toList();
    }

    private boolean claim(Sweep sweep, Instant now) {
        return sql.sql("INSERT INTO api.sweep (what, at) VALUES (:what, :now) ON CONFLICT (what) DO UPDATE"
                                + " SET at = excluded.at WHERE api.sweep.at <= :due")
                        .param("what", sweep.what())
                        .param("now", Timestamp.from(now))
                        .param("due", Timestamp.from(now.minus(EVERY)))
                        .update()
                == 1;
    }

    private static boolean run(Sweep sweep, Instant now) {
        try {
            long forgotten = sweep.run(now);
            if (forgotten > 0) {
                LOG.info("forgot {} {} that are too old", forgotten, sweep.what());
            }
            return true;
        } catch (RuntimeException e) {
            LOG.warn("old {} are forgotten an hour later", sweep.what(), e);
            return false;
        }
    }

    private void safeTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.warn("old things are forgotten later: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService begun = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("sweeper").factory());
        ScheduledFuture<?> _ =
                begun.scheduleWithFixedDelay(this::safeTick, LOOK_MINUTES, LOOK_MINUTES, TimeUnit.MINUTES);
        ticker = begun;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = ticker;
        if (running != null) {
            running.shutdown();
            ticker = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return ticker != null;
    }
}
