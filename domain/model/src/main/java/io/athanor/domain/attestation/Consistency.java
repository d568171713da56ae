package io.athanor.domain.attestation;

import io.athanor.domain.common.Wallet;

/**
 * How one member did in a round. Only {@code CORRECT} earns.
 */
public record Consistency(Wallet checker, Mark mark) {
    /** The member's mark. */
    public enum Mark {
        /** Revealed, and no discrete fact against the quorum. */
        CORRECT,
        /** A discrete fact against the quorum. */
        WRONG,
        /** Committed and did not reveal: counts as wrong. */
        UNREVEALED,
        /** Did not take part, or reached none of what others could judge. */
        ABSENT
    }
}
