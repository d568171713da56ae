package io.athanor.query.testing;

import io.athanor.codec.EventCatalogue;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.port.EventSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** The history of the test's Axon event table, as the port gives it. */
public final class TestStore implements EventSource {
    private final Jdbi jdbi;

    public TestStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Stored> read(long after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT * FROM axon.DomainEventEntry WHERE globalIndex > :after ORDER BY globalIndex LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> stored(row))
                .list());
    }

    @Override
    public List<Stored> of(StreamId stream) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT * FROM axon.DomainEventEntry WHERE aggregateIdentifier = :stream ORDER BY sequenceNumber")
                .bind("stream", stream.toString())
                .map((row, context) -> stored(row))
                .list());
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getLong("globalIndex"),
                row.getString("eventIdentifier"),
                StreamId.parse(row.getString("aggregateIdentifier")),
                row.getLong("sequenceNumber"),
                nameOf(row.getString("payloadType")),
                1,
                text(row.getBytes("payload")),
                text(row.getBytes("metaData")),
                Instant.parse(row.getString("timeStamp")));
    }

    private static String text(byte[] json) {
        return new String(json, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String nameOf(String className) {
        try {
            return EventCatalogue.nameOf(Class.forName(className).asSubclass(Event.class));
        } catch (ClassNotFoundException e) {
            return className;
        }
    }

    @Override
    public long head() {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT coalesce(max(globalIndex), 0) FROM axon.DomainEventEntry")
                        .mapTo(Long.class)
                        .one());
    }

    @Override
    public AutoCloseable onAppend(Consumer<Long> listener) {
        throw new IllegalStateException("the read side polls nothing here");
    }
}
