package io.athanor.saga.routing;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long each failing instance waits before it is looked at again. For one thread.
 *
 * <p>A refusal or a fault of ours counts, and ten in a row park the instance. An engine that does not answer counts
 * against nobody: everything waits for it, and nothing is parked because the database was away.
 */
final class Retries {
    /** Failures in a row after which an instance is parked. */
    static final int FAILURES_MAX = 10;

    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 30_000;
    private static final int DOUBLINGS = 10;
    private static final Set<Reason> PASSING =
            EnumSet.of(Reason.CONFLICT, Reason.UNAVAILABLE, Reason.CHAIN_UNAVAILABLE);

    private final Map<Instance, Trouble> troubles = new HashMap<>();

    /** Until when the instance waits, null where it does not. */
    @Nullable Instant waitsUntil(Instance instance, Instant now) {
        Trouble trouble = troubles.get(instance);
        return trouble != null && now.isBefore(trouble.until) ? trouble.until : null;
    }

    void succeeded(Instance instance) {
        troubles.remove(instance);
    }

    /** Waits a while without a failure, so that an order that changed nothing is not sent in a loop. */
    void pause(Instance instance, Duration time, Instant now) {
        troubles.put(instance, new Trouble(0, 0, now.plus(time)));
    }

    /** Counts the failure; says what the instance has come to. */
    Trouble failed(Instance instance, Throwable cause, Instant now) {
        Trouble before = troubles.getOrDefault(instance, new Trouble(0, 0, now));
        int attempts = before.attempts + 1;
        int failures = passing(cause) ? before.failures : before.failures + 1;
        long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts - 1, DOUBLINGS));
        Trouble after = new Trouble(attempts, failures, now.plusMillis(millis));
        troubles.put(instance, after);
        return after;
    }

    /** Whether the failure will pass without anybody's doing. */
    static boolean passing(Throwable cause) {
        if (cause instanceof Refused refused) {
            return PASSING.contains(refused.reason());
        }
        return !(cause instanceof Fault);
    }

    /** A router's own fault: looking at this instance threw. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(RuntimeException cause) {
            super(cause.toString(), cause);
        }
    }

    /** @param failures those that count towards parking, of all attempts in a row */
    record Trouble(int attempts, int failures, Instant until) {
        boolean park() {
            return failures >= FAILURES_MAX;
        }
    }
}
