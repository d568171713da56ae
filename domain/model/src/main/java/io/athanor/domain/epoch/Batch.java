package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.hash.Hash32;

/**
 * A part of an epoch's leaves as it goes on chain.
 *
 * @param seq 1, 2, 3, … over all epochs
 * @param previous head before this batch
 * @param root Merkle root of its leaves, in the order of {@link EpochLeaves}
 * @param count leaves, 1 to {@code Limits.BATCH_LEAVES}
 * @param total sum of what its settled tasks cost, in wei
 */
public record Batch(long seq, Hash32 previous, Hash32 root, int count, Ath total) {
    /** The head after this batch. */
    public ChainHead head() {
        return new ChainHead(seq - 1, previous).next(root);
    }
}
