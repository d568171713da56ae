package io.athanor.command;

import static io.athanor.command.Samples.deposit;
import static io.athanor.command.Samples.hold;
import static io.athanor.command.Samples.job;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.command.stream.Snapshots;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Wallet;
import io.athanor.local.engine.Database;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class SnapshotTest {
    private static final int DEPOSITS = Snapshots.EVERY_EVENTS + 50;

    private final Database database = TestNode.freshDatabase();
    private final Wallet wallet = wallet();

    private void grow(TestNode node) {
        for (int half = 0; half < 2; half++) {
            int from = half * DEPOSITS / 2;
            node.send(IntStream.range(from, from + DEPOSITS / 2)
                    .mapToObj(i -> deposit(wallet, i + 1, 1))
                    .toArray(Command[]::new));
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> node.sql()
                                .queryForList("SELECT sequence FROM axon.snapshot_event", Long.class)
                                .size()
                        == 1);
    }

    @Test
    void aLongStreamIsLoadedFromItsSnapshotAndWhatFollowed() {
        try (TestNode node = new TestNode(database)) {
            grow(node);
            node.send(deposit(wallet, DEPOSITS + 1, 1));
        }
        try (TestNode node = new TestNode(database)) {
            node.refuses(Reason.INSUFFICIENT_FUNDS, hold(wallet, job(), DEPOSITS + 2));
            assertThat(node.send(hold(wallet, job(), DEPOSITS + 1)).events()).isEqualTo(1);
        }
    }

    @Test
    void aSnapshotIsReadAndOneOfAnotherShapeIsNot() {
        try (TestNode node = new TestNode(database)) {
            grow(node);
            // Only a reader of the snapshot can see this sum, which no event says.
            node.sql()
                    .update(
                            "UPDATE axon.snapshot_event SET payload = convert_to(regexp_replace("
                                    + "convert_from(payload, 'UTF8'), '\"available\":\"[0-9]+\"', '\"available\":\"7\"'), 'UTF8')");
        }
        try (TestNode node = new TestNode(database)) {
            node.refuses(Reason.INSUFFICIENT_FUNDS, hold(wallet, job(), 1));
            node.sql().update("UPDATE axon.snapshot_event SET revision = 'another shape'");
        }
        try (TestNode node = new TestNode(database)) {
            assertThat(node.send(hold(wallet, job(), DEPOSITS)).events()).isEqualTo(1);
        }
    }
}
