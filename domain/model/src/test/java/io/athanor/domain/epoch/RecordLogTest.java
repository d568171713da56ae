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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The log of records: what is in it, and when its state is fixed. */
class RecordLogTest {
    private static final Instant AT = Instant.ofEpochMilli(1_767_225_660_000L);
    private static final Sha256 DIGEST = Sha256.parse("sha256:" + "cd".repeat(32));
    private static final int DAY = SampleParameters.get().timing().epochsPerDay();

    private final RecordLog log = new RecordLog(value -> DIGEST);
    private final List<byte[]> lines = new ArrayList<>();
    private long index;

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

    private Optional<Checkpoint> take(Event event) {
        index += 2;
        byte[] line = ("{\"index\":" + index + "}").getBytes(StandardCharsets.UTF_8);
        lines.add(line);
        return log.take(event, index, line);
    }

    private byte[] history() {
        return RecordLeaf.history(lines.size(), index, MerkleTree.root(lines));
    }

    @Test
    void isFixedWithADaysFirstClosedEpoch() {
        assertThat(take(parameters())).isEmpty();
        assertThat(take(stay(1))).isEmpty();
        Checkpoint first = take(closed(0)).orElseThrow();
        assertThat(first)
                .isEqualTo(new Checkpoint(
                        1, 3, MerkleTree.root(List.of(leaf(parameters()), leaf(stay(1)), history())), 0));
        take(stay(2));
        assertThat(take(closed(DAY - 1))).as("the same day").isEmpty();
        assertThat(take(closed(DAY))).map(Checkpoint::size).contains(5L);
        assertThat(take(closed(2L * DAY)))
                .as("only the history went on")
                .map(Checkpoint::size)
                .contains(6L);
    }

    /** One byte of one line, of an event that no contract asks about, gives another root. */
    @Test
    void bindsEveryEventOfTheHistory() {
        RecordLog other = new RecordLog(value -> DIGEST);
        for (RecordLog each : List.of(log, other)) {
            each.take(parameters(), 1, new byte[] {1});
        }
        CaseDismissed noRecord = new CaseDismissed(new CaseId(new UUID(7, 1)), "mended", AT);
        log.take(noRecord, 2, new byte[] {2});
        other.take(noRecord, 2, new byte[] {3});
        Checkpoint one = log.take(closed(0), 3, new byte[] {4}).orElseThrow();
        Checkpoint two = other.take(closed(0), 3, new byte[] {4}).orElseThrow();
        assertThat(one.size()).isEqualTo(two.size()).isEqualTo(2);
        assertThat(one.root()).isNotEqualTo(two.root());
    }

    @Test
    void waitsUntilParametersAreKnown() {
        take(stay(1));
        assertThat(take(closed(0))).isEmpty();
    }

    /** What was fixed once stays provable: every later state continues it. */
    @Test
    void onlyGrows() {
        take(parameters());
        Checkpoint first = take(closed(0)).orElseThrow();
        byte[] firstHistory = history();
        take(stay(1));
        Checkpoint second = take(closed(DAY)).orElseThrow();
        MerkleTree tree = MerkleTree.of(List.of(leaf(parameters()), firstHistory, leaf(stay(1)), history()));
        assertThat(second.root()).isEqualTo(tree.root());
        assertThat(first.size()).isLessThan(second.size());
        assertThat(MerkleTree.verify(second.root(), MerkleTree.leafHash(firstHistory), 1, 4, tree.inclusionProof(1)))
                .isTrue();
    }
}
