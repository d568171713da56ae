package io.athanor.domain.attestation;

import io.athanor.domain.common.Wallet;

/**
 * How one member did in a round. Only {@code CORRECT} earns.
 */
public record Consistency(Wallet checker, Mark mark) {
    /** The member's mark. */
    public enum Mark {
        /** Revealed, no discrete fact against the quorum, and no number outside the tolerance. */
        CORRECT,
        /** A discrete fact against the quorum. */
        WRONG,
        /** Committed and did not reveal: counts as wrong. */
        UNREVEALED,
        /** Did not take part, or reached none of what others could judge. */
        ABSENT,
        /** Its facts are the quorum's, one of its numbers lies outside the tolerance: no reward, and no fault. */
        OUTLIER
    }
}
