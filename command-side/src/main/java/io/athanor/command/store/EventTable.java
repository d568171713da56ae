package io.athanor.command.store;

import io.athanor.domain.common.StreamId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of {@code axon.domain_event}. Axon knows one aggregate identifier; it is the stream's text
 * {@code <type>/<id>}, kept in two columns.
 */
final class EventTable {
    /** The channel that tells other nodes of an append: {@code <node> <previous head> <head>}. */
    static final String CHANNEL = "athanor_event";

    /** Any number that nothing else locks. One append at a time, so that indexes are committed in their order. */
    private static final long APPEND_LOCK = 31_337_100L;

    /** A node that stops in the middle of an append would hold up the others; the server ends it after this. */
    private static final String APPEND_IDLE_MILLIS = "10000";

    private static final String COLUMNS =
            "global_index, event_id, stream_type, stream_type || '/' || stream_id AS stream,"
                    + " sequence, event_name, revision, payload, metadata, at";

    /**
     * Two statements in one round trip. The lock comes first and in a statement of its own, since a statement sees
     * what was committed before it began.
     */
    private static final String APPEND = """
            SELECT pg_advisory_xact_lock(?), set_config('idle_in_transaction_session_timeout', ?, true);
            WITH appended AS (
                INSERT INTO axon.domain_event
                    (event_id, stream_type, stream_id, sequence, event_name, revision, payload, metadata, at)
                SELECT e.event_id, e.stream_type, e.stream_id, e.sequence, e.event_name, e.revision, e.payload,
                       e.metadata, timestamptz 'epoch' + e.micros * interval '1 microsecond'
                FROM unnest(?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::int[], ?::bytea[],
                            ?::bytea[], ?::bigint[])
                     AS e(event_id, stream_type, stream_id, sequence, event_name, revision, payload, metadata, micros)
                RETURNING global_index),
            before AS (SELECT coalesce(max(global_index), 0) AS head FROM axon.domain_event)
            SELECT before.head, array_agg(appended.global_index ORDER BY appended.global_index),
                   pg_notify('athanor_event', ? || ' ' || before.head || ' ' || max(appended.global_index))
            FROM appended, before GROUP BY before.head""";

    private EventTable() {}

    /** The names that Axon's own statements use. */
    static EventSchema schema() {
        return EventSchema.builder()
                .eventTable("axon.domain_event")
                .snapshotTable("axon.snapshot_event")
                .globalIndexColumn("global_index")
                .eventIdentifierColumn("event_id")
                .aggregateIdentifierColumn("stream")
                .typeColumn("stream_type")
                .sequenceNumberColumn("sequence")
                .payloadTypeColumn("event_name")
                .payloadRevisionColumn("revision")
                .payloadColumn("payload")
                .metaDataColumn("metadata")
                .timestampColumn("at")
                .build();
    }

    static PreparedStatement append(
            Connection connection, String node, List<DomainEventMessage<?>> events, Serializer serializer)
            throws SQLException {
        Columns columns = new Columns(events.size());
        events.forEach(event -> columns.add(event, serializer));
        PreparedStatement statement = connection.prepareStatement(APPEND);
        statement.setLong(1, APPEND_LOCK);
        statement.setString(2, APPEND_IDLE_MILLIS);
        columns.bind(connection, statement, 3);
        statement.setString(12, node);
        return statement;
    }

    /** Reads the second result of {@link #append}. */
    static Appended appended(PreparedStatement statement, List<DomainEventMessage<?>> events) throws SQLException {
        statement.execute();
        if (!statement.getMoreResults()) {
            throw new SQLException("the append gave no indexes");
        }
        try (ResultSet row = statement.getResultSet()) {
            row.next();
            Long[] indexes = (Long[]) row.getArray(2).getArray();
            return new Appended(row.getLong(1), List.of(indexes), events);
        }
    }

    static PreparedStatement ofStream(Connection connection, String stream, long from, int limit) throws SQLException {
        PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS + " FROM axon.domain_event"
                + " WHERE stream_type = ? AND stream_id = ? AND sequence >= ? ORDER BY sequence LIMIT ?");
        bindStream(statement, stream);
        statement.setLong(3, from);
        statement.setInt(4, limit);
        return statement;
    }

    static PreparedStatement lastSequence(Connection connection, String stream) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(
                "SELECT max(sequence) FROM axon.domain_event WHERE stream_type = ? AND stream_id = ?");
        bindStream(statement, stream);
        return statement;
    }

    static PreparedStatement after(Connection connection, long index, int limit) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM axon.domain_event WHERE global_index > ? ORDER BY global_index LIMIT ?");
        statement.setLong(1, index);
        statement.setInt(2, limit);
        return statement;
    }

    static PreparedStatement of(Connection connection, StreamId stream) throws SQLException {
        PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM axon.domain_event WHERE stream_type = ? AND stream_id = ? ORDER BY sequence");
        statement.setString(1, stream.type());
        statement.setString(2, stream.id());
        return statement;
    }

    static PreparedStatement afterOrIn(Connection connection, long index, int limit, List<Long> gaps)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS + " FROM axon.domain_event"
                + " WHERE global_index > ? OR global_index = ANY (?) ORDER BY global_index LIMIT ?");
        statement.setLong(1, index);
        statement.setArray(2, connection.createArrayOf("bigint", gaps.toArray()));
        statement.setInt(3, limit);
        return statement;
    }

    static PreparedStatement tokenAt(Connection connection, Instant at) throws SQLException {
        PreparedStatement statement =
                connection.prepareStatement("SELECT min(global_index) - 1 FROM axon.domain_event WHERE at >= ?");
        statement.setObject(1, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
        return statement;
    }

    private static void bindStream(PreparedStatement statement, String stream) throws SQLException {
        int slash = stream.indexOf('/');
        statement.setString(1, stream.substring(0, slash));
        statement.setString(2, stream.substring(slash + 1));
    }

    /** The columns of an append, one array each. */
    private static final class Columns {
        private final String[] ids;
        private final String[] types;
        private final String[] streams;
        private final long[] sequences;
        private final String[] names;
        private final int[] revisions;
        private final byte[][] payloads;
        private final byte[][] metadata;
        private final long[] micros;
        private int row;
        private @Nullable MetaData lastMetadata;

        Columns(int rows) {
            ids = new String[rows];
            types = new String[rows];
            streams = new String[rows];
            sequences = new long[rows];
            names = new String[rows];
            revisions = new int[rows];
            payloads = new byte[rows][];
            metadata = new byte[rows][];
            micros = new long[rows];
        }

        void add(DomainEventMessage<?> event, Serializer serializer) {
            SerializedObject<byte[]> payload = event.serializePayload(serializer, byte[].class);
            String stream = event.getAggregateIdentifier();
            int slash = stream.indexOf('/');
            Instant at = event.getTimestamp();
            ids[row] = event.getIdentifier();
            types[row] = stream.substring(0, slash);
            streams[row] = stream.substring(slash + 1);
            sequences[row] = event.getSequenceNumber();
            names[row] = payload.getType().getName();
            revisions[row] = Integer.parseInt(payload.getType().getRevision());
            payloads[row] = payload.getData();
            metadata[row] = metadataOf(event, serializer);
            micros[row] = at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
            row++;
        }

        /** All events of an order carry one and the same metadata. */
        private byte[] metadataOf(DomainEventMessage<?> event, Serializer serializer) {
            if (row == 0 || !event.getMetaData().equals(lastMetadata)) {
                lastMetadata = event.getMetaData();
                return event.serializeMetaData(serializer, byte[].class).getData();
            }
            return metadata[row - 1];
        }

        void bind(Connection connection, PreparedStatement statement, int first) throws SQLException {
            statement.setArray(first, connection.createArrayOf("uuid", ids));
            statement.setArray(first + 1, connection.createArrayOf("text", types));
            statement.setArray(first + 2, connection.createArrayOf("text", streams));
            statement.setObject(first + 3, sequences);
            statement.setArray(first + 4, connection.createArrayOf("text", names));
            statement.setObject(first + 5, revisions);
            statement.setArray(first + 6, connection.createArrayOf("bytea", payloads));
            statement.setArray(first + 7, connection.createArrayOf("bytea", metadata));
            statement.setObject(first + 8, micros);
        }
    }
}
