package io.athanor.domain.port;

import java.time.Instant;
import java.util.List;

/** Instances of processes that failed too often and wait for an operator. */
public interface ParkedInstances {
    /**
     * One of them.
     *
     * @param instance such as {@code task 0198….0}
     * @param failures in a row
     */
    record Parked(String instance, int failures, String error, Instant since) {}

    /** In the order of their text. */
    List<Parked> list();

    /**
     * Lets an instance try again, with the next sweep.
     *
     * @return false where it is not parked
     */
    boolean retry(String instance);
}
