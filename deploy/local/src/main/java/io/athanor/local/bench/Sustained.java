package io.athanor.local.bench;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/**
 * What was settled for the epochs that lay wholly inside the load phase, a second of those epochs. Tasks are settled an
 * epoch at a time, some seconds after it ended, while the next one's tasks run; so this is what the network keeps up, without
 * the first epoch's beginning and the last one's windows of attestation.
 *
 * @param tasksASecond zero where no whole epoch lay in the load phase
 */
record Sustained(BigDecimal tasksASecond, int epochs) {
    private static final String QUERY = """
            SELECT count(*), coalesce(sum(extract(epoch FROM ends_at - starts_at)), 0), coalesce(sum(tasks), 0)
            FROM (SELECT e.starts_at, e.ends_at, (SELECT count(*) FROM view.task t WHERE t.epoch = e.epoch) AS tasks
                  FROM view.epoch e WHERE e.starts_at >= ? AND e.ends_at <= ?) AS whole
            """;

    static Sustained between(Connection connection, Instant begin, Instant end) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setTimestamp(1, Timestamp.from(begin));
            query.setTimestamp(2, Timestamp.from(end));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                double seconds = row.getDouble(2);
                double rate = seconds == 0 ? 0 : row.getDouble(3) / seconds;
                return new Sustained(BenchReport.rounded(rate), row.getInt(1));
            }
        }
    }
}
