package io.athanor.command.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other nodes append, by LISTEN on a connection of its own that it holds for ever; count it in the pool's
 * size. After a lost connection it listens again and catches up with the head, so that nothing stays unheard.
 */
public final class AppendSignals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AppendSignals.class);
    private static final int WAIT_MILLIS = 1_000;
    private static final long RECONNECT_MILLIS = 500;
    private static final long START_SECONDS = 30;

    private final String node;
    private final DataSource dataSource;
    private final StoredEvents stored;
    private final EventTail tail;
    private final Consumer<@Nullable String> changed;
    private final Thread thread;
    private final CountDownLatch listening = new CountDownLatch(1);
    private volatile boolean open = true;

    /** @param changed told each stream that another node changed, null where any may have changed */
    public AppendSignals(
            String node,
            DataSource dataSource,
            StoredEvents stored,
            EventTail tail,
            Consumer<@Nullable String> changed) {
        this.node = node;
        this.dataSource = dataSource;
        this.stored = stored;
        this.tail = tail;
        this.changed = changed;
        this.thread = Thread.ofPlatform().name("append-signals").daemon().unstarted(this::run);
    }

    /** Returns once it listens, so that a started node misses nothing. Error: {@link IllegalStateException}. */
    public void start() {
        thread.start();
        try {
            if (!listening.await(START_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no connection listens after " + START_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before it listens", e);
        }
    }

    private void run() {
        while (open) {
            try (Connection connection = dataSource.getConnection()) {
                listen(connection);
            } catch (SQLException | RuntimeException e) {
                if (open) {
                    LOG.warn("Signals of other nodes are lost, listening again: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + EventTable.CHANNEL);
        }
        changed.accept(null);
        tail.learn(stored.head());
        listening.countDown();
        PGConnection signals = connection.unwrap(PGConnection.class);
        while (open) {
            PGNotification[] heard = signals.getNotifications(WAIT_MILLIS);
            for (PGNotification signal : heard == null ? new PGNotification[0] : heard) {
                hear(signal.getParameter());
            }
        }
    }

    private void hear(String payload) {
        String[] parts = payload.split(" ", 3);
        if (!parts[0].equals(node)) {
            long head = Long.parseLong(parts[2]);
            stored.streamsBetween(Long.parseLong(parts[1]), head).forEach(changed);
            tail.learn(head);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        open = false;
        thread.interrupt();
    }
}
