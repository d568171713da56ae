package io.athanor.api.retention;

import io.athanor.api.web.Ticker;
import io.athanor.domain.port.Sweep;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
    private static final Duration LOOK = Duration.ofMinutes(10);

    private final List<Sweep> sweeps;
    private final JdbcClient sql;
    private final InstantSource clock;
    private final Ticker ticker = new Ticker("sweeper", LOOK, this::tick);

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

    @Override
    public void start() {
        ticker.start();
    }

    @Override
    public void stop() {
        ticker.stop();
    }

    @Override
    public boolean isRunning() {
        return ticker.isRunning();
    }
}
