package io.athanor.query.answer;

import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.ProofView;
import io.athanor.query.table.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Inclusion proofs of settled tasks, their matches and their agreements.
 *
 * <p>An epoch's leaves, by kind, task and fence, fill its batches in order of {@code seq}. Invariant: a proof is given
 * only where the tree of the stored leaves has the root that the batch states.
 */
final class Proofs {
    private static final Mapping<BatchView> BATCH = Mapping.of(BatchView.class);
    private static final Mapping<Leaf> LEAF = Mapping.of(Leaf.class);

    private Proofs() {}

    /** Its place among the epoch's leaves. */
    private record Leaf(long epoch, int kind, TaskId id, int fence, String leaf) {
        Map<String, Object> place() {
            return Map.of("epoch", epoch, "kind", kind, "job", id.job().toString(), "task", id.index(), "fence", fence);
        }
    }

    /** Of the highest fence. Empty while there is no such leaf, or its batch does not exist yet. */
    static Optional<ProofView> of(Handle handle, TaskId task, LeafKind kind) {
        return Answers.query(
                        handle,
                        "SELECT epoch, kind, job, task, fence, leaf FROM view.leaf"
                                + " WHERE job = :job AND task = :task AND kind = :kind ORDER BY fence DESC LIMIT 1",
                        Map.of("job", task.job().toString(), "task", task.index(), "kind", kind.number()))
                .map(LEAF)
                .findOne()
                .flatMap(leaf -> inEpoch(handle, leaf));
    }

    private static Optional<ProofView> inEpoch(Handle handle, Leaf leaf) {
        long before = Answers.query(
                        handle,
                        "SELECT count(*) FROM view.leaf WHERE epoch = :epoch"
                                + " AND (kind, job, task, fence) < (:kind, :job, :task, :fence)",
                        leaf.place())
                .mapTo(Long.class)
                .one();
        long start = 0;
        for (BatchView batch : batches(handle, leaf.epoch())) {
            if (before < start + batch.count()) {
                return Optional.of(inBatch(batch, leaves(handle, batch, start), leaf.id(), (int) (before - start)));
            }
            start += batch.count();
        }
        return Optional.empty();
    }

    private static List<BatchView> batches(Handle handle, long epoch) {
        return Answers.query(
                        handle, "SELECT * FROM view.batch WHERE epoch = :epoch ORDER BY seq", Map.of("epoch", epoch))
                .map(BATCH)
                .list();
    }

    private static List<String> leaves(Handle handle, BatchView batch, long start) {
        return Answers.query(
                        handle,
                        "SELECT leaf FROM view.leaf WHERE epoch = :epoch ORDER BY kind, job, task, fence"
                                + " OFFSET :start LIMIT :count",
                        Map.of("epoch", batch.epoch(), "start", start, "count", batch.count()))
                .mapTo(String.class)
                .list();
    }

    private static ProofView inBatch(BatchView batch, List<String> leaves, TaskId task, int at) {
        MerkleTree tree = MerkleTree.of(leaves.stream().map(Hex::decode).toList());
        if (!tree.root().equals(batch.root())) {
            throw new IllegalStateException("the leaves of batch " + batch.seq() + " do not give its root");
        }
        return new ProofView(task, batch.seq(), batch.root(), leaves.get(at), at, tree.size(), tree.inclusionProof(at));
    }
}
