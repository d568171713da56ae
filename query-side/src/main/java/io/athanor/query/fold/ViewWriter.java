package io.athanor.query.fold;

import io.athanor.codec.EventCatalogue;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.view.Fact;
import io.athanor.query.view.Projection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds a batch of events into the rows of every projection, inside the caller's transaction.
 *
 * <p>Invariant: an event is either folded whole or parked as a dead letter with all later events of its stream; never
 * half written, never lost. A batch that the database refuses for its data is halved until the one event is found;
 * any other failure is the engine's and goes to the caller, whose transaction takes everything back.
 */
public final class ViewWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ViewWriter.class);
    /** SQL states that blame the data: class 22 data, 23 integrity, 54 limits. */
    private static final Set<String> DATA_CLASSES = Set.of("22", "23", "54");

    private static final int CAUSE_CHARS = 2_000;

    private final String processor;
    private final List<Projection> projections;
    private final InstantSource clock;

    public ViewWriter(String processor, List<Projection> projections, InstantSource clock) {
        this.processor = processor;
        this.projections = List.copyOf(projections);
        this.clock = clock;
    }

    /** The tracking processor's name. */
    public String processor() {
        return processor;
    }

    public List<Projection> projections() {
        return projections;
    }

    /** Folds the events, which are in order, into all projections. */
    public void write(Connection connection, List<Fact> facts) throws SQLException {
        if (facts.isEmpty()) {
            return;
        }
        lock(connection, facts.getLast().index());
        for (Projection projection : projections) {
            List<Fact> concerned = facts.stream()
                    .filter(fact -> fact.type() == null || projection.concerns(fact.type()))
                    .toList();
            if (!concerned.isEmpty()) {
                writeOrHalve(connection, projection, concerned);
            }
        }
    }

    /** Advances the views' position, whose row serialises the live processor, retries and rebuilds. */
    void lock(Connection connection, long index) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO view.position AS p (processor, as_of) VALUES (?, ?)"
                        + " ON CONFLICT (processor) DO UPDATE SET as_of = greatest(p.as_of, excluded.as_of)")) {
            statement.setString(1, processor);
            statement.setLong(2, index);
            statement.executeUpdate();
        }
    }

    private void writeOrHalve(Connection connection, Projection projection, List<Fact> facts) throws SQLException {
        Set<String> parked = parkedStreams(connection, projection);
        Savepoint before = connection.setSavepoint();
        try {
            List<Parking> parkings = fold(connection, projection, facts, parked);
            park(connection, projection, parkings);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!blamesData(e)) {
                throw e;
            }
            connection.rollback(before);
            halve(connection, projection, facts, e);
        }
    }

    private void halve(Connection connection, Projection projection, List<Fact> facts, SQLException cause)
            throws SQLException {
        if (facts.size() == 1) {
            park(connection, projection, List.of(new Parking(facts.getFirst(), String.valueOf(cause.getMessage()))));
            return;
        }
        int middle = facts.size() / 2;
        writeOrHalve(connection, projection, facts.subList(0, middle));
        writeOrHalve(connection, projection, facts.subList(middle, facts.size()));
    }

    static boolean blamesData(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && DATA_CLASSES.contains(state.substring(0, 2));
    }

    /** Folds and writes; what could not be folded comes back. {@code parked} grows by the streams of those. */
    private static List<Parking> fold(
            Connection connection, Projection projection, List<Fact> facts, Set<String> parked) throws SQLException {
        Keys keys = new Keys();
        for (Fact fact : facts) {
            if (fact.event() != null && !parked.contains(fact.stream())) {
                projection.declare(fact.event(), keys);
            }
        }
        Rows rows = Rows.load(connection, projection.tables(), keys);
        List<Parking> parkings = new ArrayList<>();
        for (Fact fact : facts) {
            String failure = parked.contains(fact.stream())
                    ? "an earlier event of its stream is parked"
                    : failureOf(projection, fact, rows);
            if (failure != null) {
                parked.add(fact.stream());
                parkings.add(new Parking(fact, failure));
            }
        }
        rows.write(connection, projection.tables());
        return parkings;
    }

    private static @Nullable String failureOf(Projection projection, Fact fact, Rows rows) {
        try {
            projection.apply(fact, rows);
            rows.accept();
            return null;
        } catch (RuntimeException e) {
            rows.discard();
            return e.toString();
        }
    }

    /**
     * Folds one parked event without regard to the parking of its stream.
     *
     * @return why it failed again, null where it is done
     */
    @Nullable String retry(Connection connection, Projection projection, Fact fact) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            List<Parking> parkings = fold(connection, projection, List.of(fact), new HashSet<>());
            connection.releaseSavepoint(before);
            return parkings.isEmpty() ? null : parkings.getFirst().cause();
        } catch (SQLException e) {
            if (!blamesData(e)) {
                throw e;
            }
            connection.rollback(before);
            return String.valueOf(e.getMessage());
        }
    }

    private static Set<String> parkedStreams(Connection connection, Projection projection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT DISTINCT stream FROM view.dead_letter WHERE projection = ?")) {
            statement.setString(1, projection.name());
            Set<String> streams = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    streams.add(rows.getString(1));
                }
            }
            return streams;
        }
    }

    /** An event that could not be folded, and why. */
    private record Parking(Fact fact, String cause) {}

    private void park(Connection connection, Projection projection, List<Parking> parkings) throws SQLException {
        if (parkings.isEmpty()) {
            return;
        }
        String now = Instant.ofEpochMilli(clock.millis()).toString();
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO view.dead_letter (projection, global_index, stream, event, cause, parked_at, attempts)"
                        + " VALUES (?, ?, ?, ?, ?, ?::timestamptz, 0)")) {
            for (Parking parking : parkings) {
                Fact fact = parking.fact();
                LOG.error(
                        "event {} of {} is parked in projection {}: {}",
                        fact.index(),
                        fact.stream(),
                        projection.name(),
                        parking.cause());
                statement.setString(1, projection.name());
                statement.setLong(2, fact.index());
                statement.setString(3, fact.stream());
                statement.setString(4, fact.type() == null ? "?" : EventCatalogue.nameOf(fact.type()));
                statement.setString(5, cleaned(parking.cause()));
                statement.setString(6, now);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Within bounds, and without the NUL characters that text columns refuse. */
    static String cleaned(String cause) {
        String text = cause.replace('\0', ' ');
        return text.length() > CAUSE_CHARS ? text.substring(0, CAUSE_CHARS) : text;
    }
}
