package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How fast a full batch is made; the figures are printed, and bounds far below them keep a slip from passing. */
@Tag("chain")
@Tag("postgres")
class SpeedIT {
    private static final int LEAVES = 10_000;
    private static final int EVENTS_A_TRANSACTION = 200;
    private static final int ROUNDS = 5;

    private final ChainWorld world = ChainWorld.create();
    private final Samples samples = new Samples(3);

    @AfterEach
    void close() {
        world.close();
    }

    private List<JobSettled> settled(long epoch) {
        List<JobSettled> settled = new ArrayList<>(LEAVES);
        for (int i = 0; i < LEAVES; i++) {
            var task = SampleEpoch.task(
                    samples.task(),
                    samples.wallet(),
                    samples.wallet(),
                    Outcome.DELIVERED,
                    Ath.ofWei(100 + i),
                    Ath.ofWei(100 + i),
                    2_000);
            settled.add(new JobSettled(
                    task.task(), epoch, task.client(), task.provider(), task.assessment(), Samples.START));
        }
        return settled;
    }

    @Test
    void aTreeOfAFullBatch() {
        List<byte[]> leaves = settled(0).stream().map(SettlementLeaf::of).toList();
        long best = Long.MAX_VALUE;
        Hash32 root = MerkleTree.root(leaves);
        for (int i = 0; i < ROUNDS; i++) {
            long before = System.nanoTime();
            assertThat(MerkleTree.root(leaves)).isEqualTo(root);
            best = Math.min(best, System.nanoTime() - before);
        }
        System.out.printf("tree of %,d leaves: %,d ms%n", LEAVES, best / 1_000_000);
        assertThat(best / 1_000_000).isLessThan(1_000);
    }

    @Test
    void itemsIntoBatches() {
        List<JobSettled> settled = settled(7);
        ChainOutbox outbox = new ChainOutbox(world.tables);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(world.pool));
        long before = System.nanoTime();
        for (int from = 0; from < LEAVES; from += EVENTS_A_TRANSACTION) {
            List<JobSettled> part = settled.subList(from, from + EVENTS_A_TRANSACTION);
            transaction.executeWithoutResult(status -> {
                outbox.begin();
                part.forEach(event -> outbox.on(event, 1));
                outbox.flush();
            });
        }
        long millis = Math.max(1, (System.nanoTime() - before) / 1_000_000);
        System.out.printf(
                "outbox: %,d settled tasks in %,d ms, %,d a second%n", LEAVES, millis, LEAVES * 1000L / millis);
        assertThat(LEAVES * 1000L / millis).isGreaterThan(500);
    }
}
