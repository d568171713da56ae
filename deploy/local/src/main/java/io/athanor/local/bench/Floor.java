package io.athanor.local.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor: how many single INSERTs, each with its own durable commit, the same server takes a second.
 *
 * @param oneConnection by one connection
 * @param eightConnections by eight at once, which share the flushes of the log
 */
record Floor(double oneConnection, double eightConnections) {
    private static final Duration LENGTH = Duration.ofSeconds(3);
    private static final int MANY = 8;
    private static final int PAYLOAD_BYTES = 500;
    private static final String TABLE = "CREATE TABLE public.bench_floor (id bigserial PRIMARY KEY, payload bytea)";
    private static final String INSERT = "INSERT INTO public.bench_floor (payload) VALUES (?)";

    /** Measures with an own table, which is dropped again. */
    static Floor measure(String adminUrl) throws SQLException, InterruptedException {
        execute(adminUrl, TABLE);
        try {
            return new Floor(rate(adminUrl, 1), rate(adminUrl, MANY));
        } finally {
            execute(adminUrl, "DROP TABLE public.bench_floor");
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static double rate(String url, int connections) throws InterruptedException {
        long begin = System.nanoTime();
        long end = begin + LENGTH.toNanos();
        long inserted = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(connections)) {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                all.add(pool.submit(() -> insertUntil(end, url)));
            }
            for (Future<Long> one : all) {
                inserted += one.get();
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the floor cannot be measured", failed.getCause());
        }
        return inserted * 1e9 / (System.nanoTime() - begin);
    }

    private static long insertUntil(long end, String url) throws SQLException {
        long inserted = 0;
        byte[] payload = new byte[PAYLOAD_BYTES];
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            while (System.nanoTime() < end) {
                insert.setBytes(1, payload);
                insert.executeUpdate();
                inserted++;
            }
        }
        return inserted;
    }
}
