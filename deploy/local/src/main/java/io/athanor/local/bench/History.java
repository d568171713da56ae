package io.athanor.local.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.TreeMap;

/** Counts the history's events by name as they come, reading only what is new since the last look. */
final class History {
    private static final String NEW = """
            SELECT event_name, count(*), max(global_index) FROM axon.domain_event WHERE global_index > ?
            GROUP BY event_name
            """;

    private final Connection connection;
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private long index;

    History(Connection connection) {
        this.connection = connection;
    }

    void look() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(NEW)) {
            query.setLong(1, index);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    counts.merge(rows.getString(1), rows.getLong(2), Long::sum);
                    index = Math.max(index, rows.getLong(3));
                }
            }
        }
    }

    long count(String event) {
        return counts.getOrDefault(event, 0L);
    }

    long all() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
