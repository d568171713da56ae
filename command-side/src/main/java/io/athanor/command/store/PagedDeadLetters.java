package io.athanor.command.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.deadletter.jdbc.DeadLetterSchema;
import org.axonframework.eventhandling.deadletter.jdbc.DefaultDeadLetterStatementFactory;
import org.axonframework.serialization.Serializer;

/**
 * Axon's dead letter statements with its paging mended: it puts the page's offset into a condition on the sequence
 * index, so that every sequence behind the first page is never retried (AxonFramework issue 4544).
 */
final class PagedDeadLetters extends DefaultDeadLetterStatementFactory<EventMessage<?>> {
    PagedDeadLetters(DeadLetterSchema schema, Serializer serializer) {
        super(DefaultDeadLetterStatementFactory.<EventMessage<?>>builder()
                .schema(schema)
                .genericSerializer(serializer)
                .eventSerializer(serializer));
    }

    @Override
    public PreparedStatement claimableSequencesStatement(
            Connection connection, String group, Instant startedBefore, int offset, int limit) throws SQLException {
        PreparedStatement statement = connection.prepareStatement("""
                SELECT * FROM axon.dead_letter dl
                WHERE dl.processing_group = ?
                  AND dl.sequence_index = (SELECT min(first.sequence_index) FROM axon.dead_letter first
                        WHERE first.processing_group = dl.processing_group AND first.sequence_id = dl.sequence_id)
                  AND (dl.processing_started IS NULL OR dl.processing_started < ?)
                ORDER BY dl.last_touched, dl.dead_letter_id OFFSET ? LIMIT ?""");
        statement.setString(1, group);
        statement.setString(2, DateTimeUtils.formatInstant(startedBefore));
        statement.setInt(3, offset);
        statement.setInt(4, limit);
        return statement;
    }
}
