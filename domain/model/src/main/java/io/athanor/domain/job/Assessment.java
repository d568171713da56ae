package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an ended task is worth, by {@link SlaVerdict}. Amounts in wei.
 *
 * <p>Invariant: {@code cost == providerAmount + protocolFee}, {@code cost + release == capOfTask}.
 *
 * @param round the round that attested the delivery, null where none could
 * @param billableMillis what is paid for
 * @param resultDigest over the outputs' paths and digests
 * @param credits given back for broken promises, already taken off {@code cost}; null where there are none
 */
public record Assessment(
        Outcome outcome,
        @Nullable RoundId round,
        long billableMillis,
        Ath cost,
        Ath providerAmount,
        Ath protocolFee,
        Ath release,
        Hash32 resultDigest,
        int formulaVersion,
        boolean simulated,
        @Nullable List<SlaCredit> credits) {
    public Assessment {
        credits = credits == null || credits.isEmpty() ? null : List.copyOf(credits);
        if (!cost.equals(providerAmount.plus(protocolFee))) {
            throw new IllegalArgumentException(cost + " is not " + providerAmount + " + " + protocolFee);
        }
    }

    /** One without credits. */
    public Assessment(
            Outcome outcome,
            @Nullable RoundId round,
            long billableMillis,
            Ath cost,
            Ath providerAmount,
            Ath protocolFee,
            Ath release,
            Hash32 resultDigest,
            int formulaVersion,
            boolean simulated) {
        this(
                outcome,
                round,
                billableMillis,
                cost,
                providerAmount,
                protocolFee,
                release,
                resultDigest,
                formulaVersion,
                simulated,
                null);
    }

    /** What the client got back of its bill; empty where every promise was kept. */
    public List<SlaCredit> credited() {
        return credits == null ? List.of() : credits;
    }

    /** The verdict, with its number in a settlement leaf. */
    public enum Outcome {
        /** A quorum confirmed the delivery. */
        DELIVERED(0),
        /** It ended by the client's own cause, confirmed: paid for the time used. */
        ENDED_BY_CLIENT(1),
        /** Provider or network failed: free. */
        NOT_DELIVERED(2),
        /** No quorum either way after the redraw: nobody is faulted, the fee is released. */
        EXCLUDED(3);

        private final int number;

        Outcome(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }
}
