package io.athanor.domain.canary;

import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.protocol.Accountability.Vetting;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Which deliveries of a plan's epoch run again on another machine.
 *
 * <p>Invariant: follows from the plan's seed, which was fixed before the epoch, from the epoch's block, which came after, and from
 * the task's id; so nobody chooses, and before the plan is opened nobody but the shopper knows. Drawn are single tasks of vetted
 * images alone that anybody may run: without input files, and without a network.
 */
public final class RerunDraw {
    /** The most of one plan. */
    public static final int MOST = 4;

    private static final Hash32 TAG = Hash32.keccak("athanor.rerun.v1".getBytes(StandardCharsets.UTF_8));
    private static final Abi.Layout DRAW =
            Abi.Layout.of("bytes32 tag", "bytes32 seed", "bytes32 blockHash", "bytes32 task");
    private static final BigInteger PPM = BigInteger.valueOf(1_000_000);

    private RerunDraw() {}

    /** Of these tasks, in the order of the draw. */
    public static List<CanaryTask> sample(CanaryPlan plan, Window window, List<CanaryTask> tasks, Vetting vetting) {
        BigInteger share = BigInteger.valueOf(vetting.rerunPpm());
        return tasks.stream()
                .filter(task -> mayRunAgain(task, vetting) && isOf(task, plan, window))
                .filter(task -> word(plan, window, task).mod(PPM).compareTo(share) < 0)
                .sorted(Comparator.comparing(task -> word(plan, window, task)))
                .limit(vetting.reruns())
                .toList();
    }

    /** Whether an order of this specification may be drawn once it is delivered. */
    public static boolean mayRunAgain(JobSpec spec, Vetting vetting) {
        return vetting.reruns() > 0
                && vetting.rerunPpm() > 0
                && vetting.isOf(spec.image())
                && spec.tasks() == 1
                && spec.inputs().isEmpty()
                && spec.network() == JobSpec.Network.NONE;
    }

    private static boolean mayRunAgain(CanaryTask task, Vetting vetting) {
        Receipt receipt = task.receipt();
        return receipt != null
                && receipt.ending() == Ending.COMPLETED
                && mayRunAgain(task.submitted().spec(), vetting);
    }

    /** Ended in the plan's epoch, and not one of its own jobs. */
    private static boolean isOf(CanaryTask task, CanaryPlan plan, Window window) {
        Instant endedAt = task.endedAt();
        return endedAt != null
                && !endedAt.isBefore(window.startsAt())
                && endedAt.isBefore(window.endsAt())
                && plan.plants().stream()
                        .noneMatch(
                                plant -> plant.client().equals(task.submitted().client()));
    }

    private static BigInteger word(CanaryPlan plan, Window window, CanaryTask task) {
        TaskId id = task.submitted().task();
        Hash32 key = Hash32.keccak(id.toString().getBytes(StandardCharsets.UTF_8));
        return new BigInteger(
                1,
                Hash32.keccak(DRAW.encode(TAG, plan.seed(), window.blockHash(), key))
                        .bytes());
    }
}
