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
 */
public record Draw(
        Hash32 blockHash,
        @Nullable RoundId saltsRound,
        Hash32 salts,
        Hash32 candidates,
        int eligible,
        List<String> excludedGroups,
        Hash32 seed) {
    public Draw {
        excludedGroups = List.copyOf(excludedGroups);
    }
}
