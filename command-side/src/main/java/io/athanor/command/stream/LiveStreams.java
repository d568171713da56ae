package io.athanor.command.stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of live streams, kept strongly up to a count. Axon's own cache holds them weakly and loses them at
 * the next collection.
 *
 * <p>Invariant: an entry is what the store holds, or older where another node has appended since. An older one can
 * store nothing (its next sequence number is taken), and a decision that stores nothing is checked against the store.
 */
public final class LiveStreams {
    private final Cache<String, EventSourcedAggregate<?>> byStream;

    /** @param capacity the most aggregates kept */
    public LiveStreams(int capacity) {
        // On the caller's thread: the cache's own tasks are short, and a shared pool may be busy.
        this.byStream = Caffeine.newBuilder()
                .maximumSize(capacity)
                .executor(Runnable::run)
                .build();
    }

    @Nullable EventSourcedAggregate<?> find(String stream) {
        return byStream.getIfPresent(stream);
    }

    void keep(String stream, EventSourcedAggregate<?> aggregate) {
        byStream.put(stream, aggregate);
    }

    /** Forgets a stream that changed elsewhere or ended. */
    public void forget(String stream) {
        byStream.invalidate(stream);
    }

    /** Forgets every stream. */
    public void forgetAll() {
        byStream.invalidateAll();
    }

    /** How many are kept, about. */
    public long size() {
        byStream.cleanUp();
        return byStream.estimatedSize();
    }
}
