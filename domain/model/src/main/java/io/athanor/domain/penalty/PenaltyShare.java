package io.athanor.domain.penalty;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import org.jspecify.annotations.Nullable;

/**
 * A part of what a case took, in wei.
 *
 * @param to null for the treasury
 */
public record PenaltyShare(Kind kind, @Nullable Wallet to, Ath amount) {
    /** What for. */
    public enum Kind {
        CLIENT,
        REPORTER,
        TREASURY,
        /** The appellant's own bond. */
        BOND,
        /** What a client put up with its dispute. */
        DEPOSIT,
        /** What somebody had lost by a penalty that was reversed later. */
        RESTITUTION
    }
}
