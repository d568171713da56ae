package io.athanor.domain.port;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator does about the views: events that they could not take, and folding them anew. */
public interface ViewOperations {
    /**
     * An event that a projection could not take, or one behind it in the same stream.
     *
     * @param index its global index
     * @param cause why the first try failed, or the newest retry
     * @param attempts retries so far
     */
    record Letter(
            String projection, long index, String stream, String event, String cause, Instant parkedAt, int attempts) {}

    /** @param left letters of the stream that are still parked */
    record Retried(int folded, int left) {}

    /**
     * How a rebuild stands on this node.
     *
     * @param state NONE, RUNNING, DONE or FAILED
     * @param events folded so far
     * @param index of the newest folded event, of {@code head}
     * @param failure why it failed; what it had folded stays, and the live processor goes on from there
     */
    record Rebuild(
            String state,
            long events,
            long index,
            long head,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String failure) {}

    /** The oldest letters. */
    List<Letter> letters(int limit);

    /** Folds a stream's letters in order, up to the first that fails again. Error: Refused NOT_FOUND. */
    Retried retry(String projection, String stream);

    /**
     * Gives one letter up; the view stays without it until a rebuild, which tries it again. What was dropped, by whom
     * and why is kept. Error: Refused NOT_FOUND.
     *
     * @param by who gave it up
     */
    void drop(String projection, long index, String reason, String by);

    /** Begins to fold all views anew from the first event. Error: Refused WRONG_STATE where it runs already. */
    Rebuild rebuild();

    /** How the newest rebuild of this node stands. */
    Rebuild rebuildState();
}
