package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.hash.Hash32;

/**
 * A batch of settled tasks as it goes on chain.
 *
 * @param seq 1, 2, 3, … over all epochs
 * @param previous head before this batch
 * @param root Merkle root of the tasks' leaves, in task order
 * @param count leaves, 1 to {@code Limits.BATCH_LEAVES}
 * @param total sum of the tasks' costs, in wei
 */
public record Batch(long seq, Hash32 previous, Hash32 root, int count, Ath total) {
    /** The head after this batch. */
    public ChainHead head() {
        return new ChainHead(seq - 1, previous).next(root);
    }
}
