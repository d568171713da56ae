package io.athanor.domain.machine;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a machine's owner wants no new work on it. Leases that it has run to their end, so nothing is cut off.
 *
 * <p>Invariant: an end, where one is known, comes after the beginning.
 *
 * @param from the machine is closed from this moment on
 * @param until open again at this moment; null until its owner says so
 */
public record Maintenance(Instant from, @Nullable Instant until) {
    /** Nobody announces further ahead, nor for longer. */
    public static final Duration FURTHEST = Duration.ofDays(30);

    /** Whether the machine takes no new work at this moment. */
    public boolean closes(Instant at) {
        return !at.isBefore(from) && (until == null || at.isBefore(until));
    }

    /** The next moment after this one at which that changes, or null. */
    public @Nullable Instant nextChange(Instant at) {
        if (at.isBefore(from)) {
            return from;
        }
        return until != null && at.isBefore(until) ? until : null;
    }

    /** Error: {@link Refused} INVALID_SPEC for a time that is over, upside down, or too far ahead. */
    static void require(Instant from, @Nullable Instant until, Instant at) {
        Refused.unless(
                from.isBefore(at.plus(FURTHEST)),
                Reason.INVALID_SPEC,
                "maintenance begins within " + FURTHEST.toDays() + " days");
        if (until != null) {
            Refused.unless(
                    until.isAfter(from) && until.isAfter(at),
                    Reason.INVALID_SPEC,
                    "maintenance ends after it begins, and later than now");
            Refused.unless(
                    until.isBefore(from.plus(FURTHEST)),
                    Reason.INVALID_SPEC,
                    "maintenance lasts at most " + FURTHEST.toDays() + " days");
        }
    }
}
