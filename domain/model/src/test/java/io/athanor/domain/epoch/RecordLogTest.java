package io.athanor.domain.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.testing.SampleParameters;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The log of records: what is in it, and when its state is fixed. */
class RecordLogTest {
    private static final Instant AT = Instant.ofEpochMilli(1_767_225_660_000L);
    private static final Sha256 DIGEST = Sha256.parse("sha256:" + "cd".repeat(32));
    private static final int DAY = SampleParameters.get().timing().epochsPerDay();

    private final RecordLog log = new RecordLog(value -> DIGEST);

    private static StayBegun stay(int number) {
        return new StayBegun(new CaseId(new UUID(7, number)), AT, AT);
    }

    private static EpochClosed closed(long epoch) {
        return new EpochClosed(epoch, ChainHead.GENESIS, AT);
    }

    private static ParametersActivated parameters() {
        return new ParametersActivated(1, SampleParameters.get(), 0, AT);
    }

    private static byte[] leaf(Event event) {
        return RecordLeaf.of(event, value -> DIGEST).orElseThrow();
    }

    @Test
    void isFixedWithADaysFirstClosedEpoch() {
        assertThat(log.take(parameters())).isEmpty();
        assertThat(log.take(stay(1))).isEmpty();
        assertThat(log.take(closed(0)))
                .contains(new Checkpoint(1, 2, MerkleTree.root(List.of(leaf(parameters()), leaf(stay(1)))), 0));
        log.take(stay(2));
        assertThat(log.take(closed(DAY - 1))).as("the same day").isEmpty();
        assertThat(log.take(closed(DAY))).map(Checkpoint::number).contains(2L);
        assertThat(log.take(closed(2L * DAY))).as("nothing new").isEmpty();
        log.take(stay(3));
        assertThat(log.take(closed(3L * DAY))).map(Checkpoint::size).contains(4L);
    }

    @Test
    void holdsNothingThatNoContractAsksAbout() {
        log.take(parameters());
        log.take(new CaseDismissed(new CaseId(new UUID(7, 1)), "mended", AT));
        assertThat(log.take(closed(0))).map(Checkpoint::size).contains(1L);
    }

    @Test
    void waitsUntilParametersAreKnown() {
        log.take(stay(1));
        assertThat(log.take(closed(0))).isEmpty();
    }

    /** What was fixed once stays provable: every later state continues it. */
    @Test
    void onlyGrows() {
        log.take(parameters());
        Checkpoint first = log.take(closed(0)).orElseThrow();
        log.take(stay(1));
        Checkpoint second = log.take(closed(DAY)).orElseThrow();
        MerkleTree tree = MerkleTree.of(List.of(leaf(parameters()), leaf(stay(1))));
        assertThat(second.root()).isEqualTo(tree.root());
        assertThat(first.size()).isLessThan(second.size());
        assertThat(MerkleTree.verify(
                        second.root(), MerkleTree.leafHash(leaf(parameters())), 0, 2, tree.inclusionProof(0)))
                .isTrue();
    }
}
