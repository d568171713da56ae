package io.athanor.domain.account;

import io.athanor.domain.common.Ath;

/**
 * One thing an account earned in an epoch, in wei.
 *
 * @param source what earned it: a task, a machine or a round, as text
 */
public record EarningLine(Kind kind, String source, Ath amount) {
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
        /** Emission for a checker's correct rounds in an epoch in which it missed few. */
        CHECKER_BONUS;

        /** Whether it comes from a reserve, and not from a client. */
        public boolean isEmission() {
            return this != HOST_FEE;
        }
    }
}
