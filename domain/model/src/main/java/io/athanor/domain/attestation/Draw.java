package io.athanor.domain.attestation;

import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a committee was drawn, so that anyone can draw it again with {@link CommitteeDraw}.
 *
 * @param blockHash of the block that opened the round's epoch
 * @param saltsRound the newest closed round whose revealed salts were mixed in, null before the first
 * @param salts digest of those salts, zero before the first
 * @param candidates digest of the candidates as frozen when the previous epoch opened
 * @param eligible how many candidates there were; a small network is stated on every verdict
 * @param excludedGroups owner groups with an interest in a subject, sorted
 * @param terms what a full network would have drawn, and how safe this draw is; null in draws before it was stated
 */
public record Draw(
        Hash32 blockHash,
        @Nullable RoundId saltsRound,
        Hash32 salts,
        Hash32 candidates,
        int eligible,
        List<String> excludedGroups,
        Hash32 seed,
        @Nullable Terms terms) {
    public Draw {
        excludedGroups = List.copyOf(excludedGroups);
    }

    public Draw(
            Hash32 blockHash,
            @Nullable RoundId saltsRound,
            Hash32 salts,
            Hash32 candidates,
            int eligible,
            List<String> excludedGroups,
            Hash32 seed) {
        this(blockHash, saltsRound, salts, candidates, eligible, excludedGroups, seed, null);
    }

    /**
     * What every verdict of the round rests on, stated with its draw.
     *
     * @param wantedSeats and {@code wantedQuorum} of a network that is large enough
     * @param units stake units that the seats were drawn from, after the operators' caps
     * @param captureBoundPpm the chance that colluders with {@link #COLLUDING_PERCENT} of the units hold the quorum
     * @param toleranceBps how far from the median a number may lie; 0 where numbers depend on place and are not judged
     * @param toleranceLeast the least tolerance, in the number's own unit
     */
    public record Terms(
            int wantedSeats,
            int wantedQuorum,
            long units,
            long captureBoundPpm,
            long toleranceBps,
            long toleranceLeast) {
        public static final int COLLUDING_PERCENT = 30;

        private static final long BPS = 10_000;

        /** Whether the network was too small for the committee that its parameters ask for. */
        public boolean reduced(int seats) {
            return seats < wantedSeats;
        }

        /** Whether a number agrees with the median. */
        boolean tolerates(long median, long number) {
            long part = median / BPS * toleranceBps + median % BPS * toleranceBps / BPS;
            long bound = Math.max(toleranceLeast, part);
            return toleranceBps == 0 || Math.abs(median - number) <= bound;
        }
    }
}
