package io.athanor.domain.account;

import io.athanor.domain.common.Ath;
import org.jspecify.annotations.Nullable;

/**
 * One thing an account earned in an epoch, in wei.
 *
 * @param source what earned it: a task, a machine or a round, as text
 * @param basis of emission, where the formula's version states it; {@code basis.amount() − amount} went to delegators
 */
public record EarningLine(
        Kind kind, String source, Ath amount, @Nullable Basis basis) {
    /** Without its basis. */
    public EarningLine(Kind kind, String source, Ath amount) {
        this(kind, source, amount, null);
    }

    /** Where the amount comes from. */
    public enum Kind {
        /** The host's share of a job's fee, from the client. */
        HOST_FEE,
        /** Emission for a machine that was attested online. */
        PROOF_OF_CAPACITY,
        /** Emission for a delivered job. */
        PROOF_OF_DELIVERY,
        /** Emission for a checker's correct rounds. */
        CHECKER_BASE,
        /** Emission for a checker's correct rounds in an epoch, or a quarter, in which it missed few. */
        CHECKER_BONUS,
        /** Emission for judging penalty cases in their committees, whatever the verdict. */
        CASE_COMMITTEE;

        /** Whether it comes from a reserve, and not from a client. */
        public boolean isEmission() {
            return this != HOST_FEE;
        }
    }
}
