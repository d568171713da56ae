package io.athanor.local.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code demo --json} prints: every fact was read from the network, the chain or the auditor. */
public record Summary(
        Job job,
        String image,
        boolean simulated,
        List<Output> outputs,
        @Nullable Long epoch,
        Batch batch,
        boolean proofVerifiedOnChain,
        Replay replay,
        boolean ledgerBalanced) {
    /** The job with a line for each task. */
    public record Job(JobId id, String state, Ath cost, List<Task> tasks) {}

    /** One task. */
    public record Task(TaskId id, String state, @Nullable String container, Ath cost) {}

    /** One output file. */
    public record Output(String path, Sha256 sha256) {}

    /** The settlement batch on chain. */
    public record Batch(
            long seq,
            Hash32 root,
            @Nullable Hash32 transaction,
            @Nullable Long block,
            @JsonProperty("final") boolean isFinal) {}

    /** What the auditor found. */
    public record Replay(String verdict, Hash32 stateHash, long events) {}

    static Summary of(JobView job, String image, List<Output> outputs, BatchView batch, boolean proven, Audit audit) {
        return new Summary(
                new Job(
                        job.id(),
                        job.state(),
                        job.cost(),
                        job.tasks().stream().map(Summary::task).toList()),
                image,
                job.tasks().stream().anyMatch(TaskView::simulated),
                outputs,
                job.tasks().getFirst().epoch(),
                new Batch(batch.seq(), batch.root(), batch.transaction(), batch.block(), batch.finalised()),
                proven,
                new Replay(
                        audit.result().verdict(),
                        audit.result().stateHash(),
                        audit.result().events()),
                audit.result().ledgerBalanced());
    }

    private static Task task(TaskView task) {
        return new Task(task.id(), task.state(), task.container(), task.cost());
    }

    /** Whether everything came out as it must. */
    public boolean good() {
        return job.tasks().stream().allMatch(task -> task.state().equals("SETTLED"))
                && batch.isFinal()
                && proofVerifiedOnChain
                && replay.verdict().equals("MATCH")
                && ledgerBalanced;
    }
}
