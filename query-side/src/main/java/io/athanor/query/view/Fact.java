package io.athanor.query.view;

import io.athanor.domain.common.Event;
import org.jspecify.annotations.Nullable;

/**
 * One stored event as a projection sees it.
 *
 * @param index its global index
 * @param stream the stream's text; events of one stream are kept in order
 * @param type its class, null where the store is newer than this program
 * @param event null where it could not be read
 * @param actor who caused it, null where the store does not say
 * @param fault why it could not be read, null where it could
 */
public record Fact(
        long index,
        String stream,
        @Nullable Class<?> type,
        @Nullable Event event,
        @Nullable String actor,
        @Nullable String fault) {
    public static Fact of(long index, Event event, @Nullable String actor) {
        return new Fact(index, event.stream().toString(), event.getClass(), event, actor, null);
    }

    /** An event that could not be read. */
    public static Fact unreadable(long index, String stream, @Nullable Class<?> type, String fault) {
        return new Fact(index, stream, type, null, null, fault);
    }

    /** Error: {@link IllegalStateException} where it could not be read. */
    public Event readable() {
        if (event == null) {
            throw new IllegalStateException("event " + index + " cannot be read: " + fault);
        }
        return event;
    }

    /** Error: {@link IllegalStateException} where the store does not name the actor, which it must. */
    public String by() {
        if (actor == null) {
            throw new IllegalStateException("event " + index + " has no actor");
        }
        return actor;
    }
}
