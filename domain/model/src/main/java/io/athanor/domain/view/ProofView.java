package io.athanor.domain.view;

import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hash32;
import java.util.List;

/**
 * Proof that one task's settlement is in a batch: {@code MerkleTree.verify} and the contract's inclusion view take it.
 *
 * @param leaf the leaf's bytes, 0x hex
 */
public record ProofView(TaskId task, long seq, Hash32 root, String leaf, int index, int size, List<Hash32> path) {
    public ProofView {
        path = List.copyOf(path);
    }
}
