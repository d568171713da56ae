package io.athanor.command.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jpa.SQLStateResolver;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.serialization.Serializer;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Axon's JDBC engine on {@code axon.domain_event}: a batch is one {@code unnest} statement that gives back its
 * indexes.
 *
 * <p>Invariant: the appends of all nodes commit in the order of their indexes (one lock around each append), so a
 * number that is missing below the newest event stays missing for ever. Axon's gap detection stays on as a second net.
 */
public final class PostgresEventStorageEngine extends JdbcEventStorageEngine {
    /** Rows of one read. */
    static final int BATCH_ROWS = 500;

    /** How long a missing index may still appear. */
    static final int GAP_TIMEOUT_MILLIS = 10_000;

    /** SQLSTATE of a duplicate key; Axon's default resolver does not know PostgreSQL's. */
    static final String DUPLICATE_KEY = "23505";

    private final String node;
    private final DataSource dataSource;
    private final TransactionManager transactions;
    private final Consumer<Appended> listener;

    /**
     * @param node this process's name on the notification channel
     * @param readable whether this program can read a snapshot
     * @param listener told of each append, before the commit where a transaction is open
     */
    public PostgresEventStorageEngine(
            String node,
            DataSource dataSource,
            TransactionManager transactions,
            ConnectionProvider connections,
            Serializer serializer,
            SnapshotFilter readable,
            Consumer<Appended> listener) {
        super(settings(JdbcEventStorageEngine.builder()
                .transactionManager(transactions)
                .connectionProvider(connections)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .snapshotFilter(readable)));
        this.node = node;
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.listener = listener;
    }

    private static Builder settings(Builder builder) {
        return builder.schema(EventTable.schema())
                .dataType(byte[].class)
                .persistenceExceptionResolver(new SQLStateResolver(DUPLICATE_KEY))
                .batchSize(BATCH_ROWS)
                .finalAggregateBatchPredicate(batch -> batch.size() < BATCH_ROWS)
                .gapTimeout(GAP_TIMEOUT_MILLIS)
                .extendedGapCheckEnabled(false) // reads are by LIMIT, which no run of missing numbers empties
                .lastSequenceNumberFor((connection, schema, stream) -> EventTable.lastSequence(connection, stream))
                .createTokenAt((connection, schema, at) -> EventTable.tokenAt(connection, at))
                .readEventDataForAggregate((connection, schema, stream, from, limit) ->
                        EventTable.ofStream(connection, stream, from, limit))
                .readEventDataWithoutGaps(
                        (connection, schema, index, limit) -> EventTable.after(connection, index, limit))
                .readEventDataWithGaps((connection, schema, index, limit, gaps) ->
                        EventTable.afterOrIn(connection, index, limit, gaps));
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        if (!events.isEmpty()) {
            List<DomainEventMessage<?>> ofStreams = events.stream()
                    .<DomainEventMessage<?>>map(e -> (DomainEventMessage<?>) e)
                    .toList();
            listener.accept(transactions.fetchInTransaction(() -> store(ofStreams, serializer)));
        }
    }

    private Appended store(List<DomainEventMessage<?>> events, Serializer serializer) {
        // Not through Axon's provider: its reflective wrappers cost as much as the statement's own parameters.
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (PreparedStatement statement = EventTable.append(connection, node, events, serializer)) {
            return EventTable.appended(statement, events);
        } catch (SQLException e) {
            handlePersistenceException(e, events.getFirst());
            throw new IllegalStateException("a failed append must not pass", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    @Override
    protected Object readTimeStamp(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    protected void writeTimestamp(PreparedStatement statement, int position, Instant at) throws SQLException {
        statement.setObject(position, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
    }
}
