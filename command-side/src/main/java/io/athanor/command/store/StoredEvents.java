package io.athanor.command.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.athanor.domain.common.StreamId;
import io.athanor.domain.port.EventSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;

/** The history as rows. The order of indexes is the order of commits, so a reader never has to look back. */
public final class StoredEvents implements EventSource {
    /** The most rows one read gives. */
    static final int READ_ROWS = 10_000;

    private final JdbcTemplate jdbc;
    private final EventTail tail;

    public StoredEvents(JdbcTemplate jdbc, EventTail tail) {
        this.jdbc = jdbc;
        this.tail = tail;
    }

    @Override
    public List<Stored> read(long after, int limit) {
        return jdbc.query(
                (Connection connection) -> EventTable.after(connection, after, Math.min(limit, READ_ROWS)),
                (ResultSet row, int number) -> stored(row));
    }

    @Override
    public List<Stored> of(StreamId stream) {
        return jdbc.query(
                (Connection connection) -> EventTable.of(connection, stream),
                (ResultSet row, int number) -> stored(row));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getLong("global_index"),
                row.getString("event_id"),
                StreamId.parse(row.getString("stream")),
                row.getLong("sequence"),
                row.getString("event_name"),
                row.getInt("revision"),
                new String(row.getBytes("payload"), UTF_8),
                new String(row.getBytes("metadata"), UTF_8),
                row.getObject("at", OffsetDateTime.class).toInstant());
    }

    @Override
    public long head() {
        return Objects.requireNonNull(
                jdbc.queryForObject("SELECT coalesce(max(global_index), 0) FROM axon.domain_event", Long.class));
    }

    @Override
    public AutoCloseable onAppend(Consumer<Long> listener) {
        return tail.onGrowth(listener::accept);
    }

    /** The newest sequence number of each of these streams that has events. */
    public Map<StreamId, Long> lastSequences(Collection<StreamId> streams) {
        String[] types = streams.stream().map(StreamId::type).toArray(String[]::new);
        String[] ids = streams.stream().map(StreamId::id).toArray(String[]::new);
        Map<StreamId, Long> found = new HashMap<>();
        jdbc.query(
                "SELECT s.type, s.id, e.sequence FROM unnest(?, ?) AS s(type, id) CROSS JOIN LATERAL ("
                        + "SELECT sequence FROM axon.domain_event WHERE stream_type = s.type AND stream_id = s.id"
                        + " ORDER BY sequence DESC LIMIT 1) AS e",
                row -> {
                    found.put(new StreamId(row.getString(1), row.getString(2)), row.getLong(3));
                },
                types,
                ids);
        return found;
    }

    /** The streams that have events with indexes in {@code (after, head]}. */
    List<String> streamsBetween(long after, long head) {
        return jdbc.query(
                (Connection connection) -> {
                    PreparedStatement statement =
                            connection.prepareStatement("SELECT DISTINCT stream_type || '/' || stream_id"
                                    + " FROM axon.domain_event WHERE global_index > ? AND global_index <= ?");
                    statement.setLong(1, after);
                    statement.setLong(2, head);
                    return statement;
                },
                (ResultSet row, int number) -> row.getString(1));
    }
}
