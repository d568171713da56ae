package io.athanor.domain.attestation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a machine was there when its owner was drawn for a capacity test, folded from its history.
 *
 * <p>Invariant: what is kept of an epoch never changes once a later one has opened, so books that are made late find it as it
 * was; every list is bounded.
 *
 * @param left the newest epoch in which it went or came, null before the first
 * @param worked the newest epoch in which it took or ended a lease of its own owner's and had none of others', or null
 * @param called the epoch of the newest capacity round that it is a subject of, or null
 * @param drops when it went, newest first
 * @param missed epochs in which it was drawn and not to be tested by its own doing, or its committee did not agree, newest first,
 *     one for each day
 * @param shunned those of them in which it moved once it was drawn, newest first
 */
public record Attendance(
        @Nullable Long left,
        @Nullable Long worked,
        @Nullable Long called,
        List<Instant> drops,
        List<Long> missed,
        List<Long> shunned) {
    /** Before anything happened. */
    public static final Attendance NONE = new Attendance(null, null, null, List.of(), List.of(), List.of());

    /** Days, and draws, that are remembered. */
    private static final int KEPT = 64;

    private static final int DROPS_KEPT = 8;

    public Attendance {
        drops = drops == null ? List.of() : List.copyOf(drops);
        missed = missed == null ? List.of() : List.copyOf(missed);
        shunned = shunned == null ? List.of() : List.copyOf(shunned);
    }

    /** It went away. */
    public Attendance gone(@Nullable Long epoch, Instant at) {
        return new Attendance(epoch, worked, called, first(at, drops, DROPS_KEPT), missed, shunned);
    }

    /** It came back. */
    public Attendance came(@Nullable Long epoch) {
        return new Attendance(epoch, worked, called, drops, missed, shunned);
    }

    /** A lease of its own owner's began or ended on it, beside none of others'. */
    public Attendance workedForItself(@Nullable Long epoch) {
        return new Attendance(left, epoch, called, drops, missed, shunned);
    }

    /** A round is to test it. */
    public Attendance called(long epoch) {
        return new Attendance(left, worked, epoch, drops, missed, shunned);
    }

    /** A round of the epoch closed with its members' reports, and they did not agree on what the machine showed. */
    public Attendance undecided(long epoch, int epochsPerDay) {
        return missing(epoch, false, epochsPerDay);
    }

    /** It was drawn in an epoch that is over, and was not there. */
    Attendance missing(long epoch, boolean moved, int epochsPerDay) {
        boolean sameDay = !missed.isEmpty() && missed.getFirst() / epochsPerDay == epoch / epochsPerDay;
        return new Attendance(
                left,
                worked,
                called,
                drops,
                sameDay ? missed : first(epoch, missed, KEPT),
                moved ? first(epoch, shunned, KEPT) : shunned);
    }

    private static <T> List<T> first(T newest, List<T> before, int kept) {
        List<T> all = new ArrayList<>(kept);
        all.add(newest);
        all.addAll(before.subList(0, Math.min(kept - 1, before.size())));
        return all;
    }

    /** Whether a round has called it and may not have closed: nobody is drawn into a second one meanwhile. */
    boolean isBeingTested(long epoch, long roundEpochs) {
        return called != null && called < epoch && called > epoch - roundEpochs;
    }

    boolean hasLeftIn(long epoch) {
        return left != null && left == epoch;
    }

    boolean hasWorkedIn(long epoch) {
        return worked != null && worked == epoch;
    }

    /** The newest missed draw up to an epoch, null where there is none. */
    @Nullable Long missedUpTo(long epoch) {
        return missed.stream().filter(each -> each <= epoch).findFirst().orElse(null);
    }
}
