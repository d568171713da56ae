package io.athanor.local.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * How a server is run.
 *
 * @param port its port on loopback
 * @param durable whether a commit survives a power failure; only tests that measure nothing else turn it off
 * @param maxConnections the most connections at once
 */
public record PostgresSettings(int port, boolean durable, int maxConnections) {

    /** Connections of a network on one machine: node, agents' outbox, projector, an operator's session, spare ones. */
    static final int NETWORK_CONNECTIONS = 60;
    /** Test forks share one server. */
    static final int TEST_CONNECTIONS = 200;

    /** A server for a network: durable. */
    public static PostgresSettings network(int port) {
        return new PostgresSettings(port, true, NETWORK_CONNECTIONS);
    }

    /** A server for tests, whose data nobody needs after a power failure. */
    public static PostgresSettings tests(int port) {
        return new PostgresSettings(port, false, TEST_CONNECTIONS);
    }

    /** The server's arguments; the data folder's own configuration files stay as they were made. */
    List<String> arguments() {
        String sync = durable ? "on" : "off";
        List<String> arguments = new ArrayList<>(List.of("-p", Integer.toString(port), "-h", "127.0.0.1", "-k", ""));
        List.of(
                        "fsync=" + sync,
                        "full_page_writes=" + sync,
                        "synchronous_commit=on",
                        "max_connections=" + maxConnections,
                        "shared_buffers=128MB",
                        "effective_cache_size=512MB",
                        "work_mem=8MB",
                        "maintenance_work_mem=64MB",
                        "wal_compression=on",
                        "wal_buffers=16MB",
                        "min_wal_size=256MB",
                        "max_wal_size=2GB",
                        "checkpoint_timeout=15min",
                        "random_page_cost=1.1",
                        "jit=off",
                        "timezone=UTC",
                        "log_timezone=UTC",
                        "log_line_prefix=%m [%p] %q%u@%d ",
                        "log_checkpoints=off",
                        "lc_messages=C")
                .forEach(setting -> arguments.addAll(List.of("-c", setting)));
        return arguments;
    }
}
