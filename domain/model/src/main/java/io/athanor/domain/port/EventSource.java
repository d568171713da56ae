package io.athanor.domain.port;

import io.athanor.domain.common.StreamId;
import java.util.List;
import java.util.function.Consumer;

/** The stored history in its order, for exports, rebuilds and audits. */
public interface EventSource {
    /** One stored event as it lies in the store; payload and metadata are JSON. */
    record Stored(
            long index,
            String eventId,
            StreamId stream,
            long sequence,
            String name,
            int revision,
            String payload,
            String metadata,
            java.time.Instant at) {}

    /** Up to {@code limit} events with an index above {@code after}, in order. */
    List<Stored> read(long after, int limit);

    /** All events of one stream, in order. */
    List<Stored> of(StreamId stream);

    /** Index of the newest event, 0 before the first. */
    long head();

    /** Called after commit with the new head; on any thread, must be quick. */
    AutoCloseable onAppend(Consumer<Long> listener);
}
