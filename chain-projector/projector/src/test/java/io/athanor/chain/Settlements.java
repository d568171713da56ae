package io.athanor.chain;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochCommand.BatchSettlements;
import io.athanor.domain.epoch.EpochCommand.CloseEpoch;
import io.athanor.domain.epoch.EpochCommand.ComputeRewards;
import io.athanor.domain.epoch.EpochCommand.OpenEpoch;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the settlement of epochs puts into the log: settled tasks and their batches. */
final class Settlements {
    private final ChainWorld world;
    private final Samples samples = new Samples(6);
    private ChainHead head = ChainHead.GENESIS;

    Settlements(ChainWorld world) {
        this.world = world;
    }

    /** The head after the newest batch. */
    ChainHead head() {
        return head;
    }

    /** Settles so many tasks in one epoch as one batch; gives its leaves in order. */
    List<byte[]> settle(long epoch, int tasks) {
        List<JobSettled> settled = tasks(epoch, tasks);
        settled.forEach(world.log::happened);
        List<byte[]> leaves = settled.stream()
                .sorted(Comparator.comparing(JobSettled::task))
                .map(SettlementLeaf::of)
                .toList();
        batch(epoch, leaves);
        return leaves;
    }

    private List<JobSettled> tasks(long epoch, int count) {
        List<JobSettled> settled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TaskId task = samples.job().task(samples.between(0, 20));
            Wallet client = samples.wallet();
            Wallet provider = samples.wallet();
            var assessed = SampleEpoch.task(
                    task, client, provider, Outcome.DELIVERED, Ath.ofWhole(3 + i), Ath.ofWhole(100), 2_000);
            settled.add(new JobSettled(task, epoch, client, provider, assessed.assessment(), world.clock.instant()));
        }
        return settled;
    }

    /** Fixes a batch over these leaves, whatever was settled. */
    void batch(long epoch, List<byte[]> leaves) {
        Batch batch = new Batch(
                head.seq() + 1, head.head(), MerkleTree.root(leaves), leaves.size(), Ath.ofWhole(leaves.size()));
        head = batch.head();
        var now = world.clock.instant();
        RewardStatement nothing = new RewardStatement(
                1, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, List.of(), RewardStatement.rootOf(List.of()));
        world.log
                .send(Order.inside(
                        "test",
                        null,
                        List.of(
                                new OpenEpoch(epoch, now, now.plusSeconds(10), 1, samples.hash(), List.of(), now),
                                new ComputeRewards(epoch, nothing, now),
                                new BatchSettlements(epoch, batch, now))))
                .join();
    }

    /** One more batch of an epoch that is open: its leaves are in the log. */
    void more(long epoch, EpochLeaves leaves) {
        Batch batch = leaves.batch(head, 0);
        head = batch.head();
        world.log
                .send(Order.inside("test", null, List.of(new BatchSettlements(epoch, batch, world.clock.instant()))))
                .join();
    }

    /** Runs the loop until the first signer set is in force and the batch collects signatures. */
    void collect(ProjectorLoop loop, long seq) {
        loop.tick();
        world.mine(ChainWorld.FINAL);
        loop.tick();
        loop.tick();
        if (world.state(seq) != MessageTables.State.COLLECTING) {
            throw new AssertionError(
                    "batch " + seq + " is " + world.state(seq) + "; " + world.halted() + loop.waitingFor());
        }
    }

    /** As {@link #collect}, then the quorum signs. */
    void sign(ProjectorLoop loop, long seq) {
        collect(loop, seq);
        for (int checker = 0; checker < 3; checker++) {
            world.approve(ChainWorld.FIRST_CHECKER + checker, seq);
        }
        loop.tick();
    }

    /** Settles two tasks in an epoch, and closes it. */
    void settleAndClose(long epoch) {
        settle(epoch, 2);
        world.log
                .send(Order.inside("test", null, List.of(new CloseEpoch(epoch, head, world.clock.instant()))))
                .join();
    }
}
