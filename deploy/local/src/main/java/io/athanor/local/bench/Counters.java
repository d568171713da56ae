package io.athanor.local.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The database's own counters.
 *
 * @param transactions ended ones of the network's database, reading ones too
 * @param writes transactions that wrote, savepoints counted like transactions
 * @param walBytes written so far by the whole server
 * @param storedBytes size of the network's database
 */
record Counters(long transactions, long writes, long walBytes, long storedBytes) {
    private static final String QUERY = """
            SELECT (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()),
                   pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                   pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
                   pg_database_size(current_database())
            """;

    static Counters of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            return new Counters(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }
}
