package io.athanor.domain.epoch;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLeavesTest {
    private final Samples samples = new Samples(41);
    private final List<JobSettled> settled = new ArrayList<>();
    private final List<JobAssigned> leases = new ArrayList<>();

    EpochLeavesTest() {
        for (int i = 0; i < 7; i++) {
            TaskId task = samples.task();
            var assessed = SampleEpoch.task(
                    task, samples.wallet(), samples.wallet(), Outcome.DELIVERED, Ath.ofWei(10 + i), Ath.ofWei(99), 500);
            settled.add(new JobSettled(task, 3, assessed.client(), assessed.provider(), assessed.assessment(), at(9)));
            leases.add(new JobAssigned(task, samples.lease(task.lease(2), samples.spec()), at(5)));
            leases.add(new JobAssigned(task, samples.lease(task.lease(1), samples.spec()), at(4)));
        }
    }

    @Test
    void theOrderIsThatOfTasksAndLeasesAndNotThatOfArrival() {
        EpochLeaves leaves = new EpochLeaves(settled, leases);
        EpochLeaves other = new EpochLeaves(samples.shuffled(settled), samples.shuffled(leases));
        assertThat(leaves.size()).isEqualTo(7 + 14 + 14);
        assertThat(leaves.batch(ChainHead.GENESIS, 0)).isEqualTo(other.batch(ChainHead.GENESIS, 0));
        assertThat(leaves.leaves(0, 35)).extracting(leaf -> leaf[0]).isSorted();
    }

    @Test
    void batchesCoverAllLeavesOnceAndTheirTotalsAddUp() {
        EpochLeaves leaves = new EpochLeaves(settled, leases);
        List<byte[]> seen = new ArrayList<>();
        Ath total = Ath.ZERO;
        ChainHead head = ChainHead.GENESIS;
        for (int from = 0; from < leaves.size(); from += 6) {
            Batch batch = leaves.batch(head, from, 6);
            assertThat(batch.root()).isEqualTo(MerkleTree.root(leaves.leaves(from, 6)));
            seen.addAll(leaves.leaves(from, 6));
            total = total.plus(batch.total());
            head = batch.head();
        }
        assertThat(head.seq()).isEqualTo(6);
        assertThat(seen).containsExactlyElementsOf(leaves.leaves(0, leaves.size()));
        assertThat(total)
                .isEqualTo(Ath.sum(
                        settled.stream().map(task -> task.assessment().cost()).toList()));
    }

    @Test
    void aLeaseIsTwoLeavesOfItsOwnWords() {
        JobAssigned lease = leases.getFirst();
        String match = Hex.encode(MatchLeaf.match(lease));
        String agreement = Hex.encode(MatchLeaf.agreement(lease));
        assertThat(match).startsWith("0x02").hasSize(2 + 2 * (1 + 11 * 32));
        assertThat(agreement).startsWith("0x03").hasSize(2 + 2 * (1 + 7 * 32));
        String key = SettlementLeaf.key(lease.task()).hex().substring(2);
        assertThat(match.substring(4, 68)).isEqualTo(key);
        assertThat(agreement.substring(4, 68)).isEqualTo(key);
        assertThat(match.substring(68, 132))
                .endsWith(lease.task().job().toString().replace("-", ""));
    }
}
