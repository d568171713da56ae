package io.athanor.query.answer;

import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.ProofView;
import io.athanor.query.table.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * Inclusion proofs of settled tasks.
 *
 * <p>An epoch's settled tasks, in task order, fill its batches in order of {@code seq}. Invariant: a proof is given
 * only where the tree of the stored leaves has the root that the batch states.
 */
final class Proofs {
    private static final Mapping<BatchView> BATCH = Mapping.of(BatchView.class);
    private static final Mapping<Leaf> LEAF = Mapping.of(Leaf.class);

    private Proofs() {}

    private record Leaf(TaskId id, String leaf) {}

    /** Empty while the task is not settled or its batch does not exist yet. */
    static Optional<ProofView> of(Handle handle, TaskId task) {
        Map<String, Object> key = Map.of("job", task.job().toString(), "task", task.index());
        Optional<Long> epoch = Answers.query(
                        handle,
                        "SELECT epoch FROM view.task WHERE job = :job AND task = :task AND epoch IS NOT NULL",
                        key)
                .mapTo(Long.class)
                .findOne();
        return epoch.flatMap(number -> inEpoch(handle, number, task));
    }

    private static Optional<ProofView> inEpoch(Handle handle, long epoch, TaskId task) {
        long before = Answers.query(
                        handle,
                        "SELECT count(*) FROM view.settlement_leaf WHERE epoch = :epoch AND (job, task) < (:job, :task)",
                        Map.of("epoch", epoch, "job", task.job().toString(), "task", task.index()))
                .mapTo(Long.class)
                .one();
        long start = 0;
        for (BatchView batch : batches(handle, epoch)) {
            if (before < start + batch.count()) {
                return Optional.of(inBatch(batch, leaves(handle, batch, start), task));
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

    private static List<Leaf> leaves(Handle handle, BatchView batch, long start) {
        return Answers.query(
                        handle,
                        "SELECT job, task, leaf FROM view.settlement_leaf WHERE epoch = :epoch ORDER BY job, task"
                                + " OFFSET :start LIMIT :count",
                        Map.of("epoch", batch.epoch(), "start", start, "count", batch.count()))
                .map(LEAF)
                .list();
    }

    private static ProofView inBatch(BatchView batch, List<Leaf> leaves, TaskId task) {
        MerkleTree tree = MerkleTree.of(
                leaves.stream().map(leaf -> Hex.decode(leaf.leaf())).toList());
        OptionalInt index = IntStream.range(0, leaves.size())
                .filter(i -> leaves.get(i).id().equals(task))
                .findFirst();
        if (index.isEmpty() || !tree.root().equals(batch.root())) {
            throw new IllegalStateException("the leaves of batch " + batch.seq() + " do not give its root");
        }
        int at = index.getAsInt();
        return new ProofView(
                task, batch.seq(), batch.root(), leaves.get(at).leaf(), at, tree.size(), tree.inclusionProof(at));
    }
}
