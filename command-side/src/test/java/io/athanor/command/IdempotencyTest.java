package io.athanor.command;

import static io.athanor.command.Samples.deposit;
import static io.athanor.command.Samples.hold;
import static io.athanor.command.Samples.job;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.Commands.Outside;
import io.athanor.local.engine.Database;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class IdempotencyTest {
    private final Database database = TestNode.freshDatabase();

    private static Order outside(CommandId id, String content, Command... commands) {
        Sha256 fingerprint = Sha256.of(content.getBytes(StandardCharsets.UTF_8));
        return new Order(List.of(commands), new Outside(id, fingerprint), "client", null);
    }

    @Test
    void aRepeatGetsTheFirstAnswerAlsoFromAnotherNodeLater() {
        CommandId id = new CommandId(Samples.id());
        Wallet wallet = wallet();
        Outcome first;
        try (TestNode node = new TestNode(database)) {
            first = node.commands()
                    .send(outside(id, "deposit", deposit(wallet, 1, 5)))
                    .join();
            node.send(deposit(wallet(), 1, 1));
            assertThat(node.commands()
                            .send(outside(id, "deposit", deposit(wallet, 1, 5)))
                            .join())
                    .isEqualTo(first);
        }
        try (TestNode later = new TestNode(database)) {
            // The content would be another event by now; the answer shows that it was not even decided.
            assertThat(later.commands()
                            .send(outside(id, "deposit", deposit(wallet, 2, 5)))
                            .join())
                    .isEqualTo(first);
            assertThat(eventsOf(later, wallet)).isEqualTo(1);
        }
    }

    @Test
    void theSameIdWithOtherContentIsRefused() {
        CommandId id = new CommandId(Samples.id());
        Wallet wallet = wallet();
        try (TestNode node = new TestNode(database)) {
            node.commands().send(outside(id, "one", deposit(wallet, 1, 5))).join();
            node.refused(Reason.COMMAND_ID_REUSED, outside(id, "two", deposit(wallet, 2, 5)));
            assertThat(eventsOf(node, wallet)).isEqualTo(1);
            CommandId other = new CommandId(Samples.id());
            assertThat(node.commands()
                            .send(outside(other, "two", deposit(wallet, 2, 5)))
                            .join()
                            .events())
                    .isEqualTo(1);
        }
    }

    @Test
    void aRefusalIsForgotten() {
        CommandId id = new CommandId(Samples.id());
        Wallet wallet = wallet();
        try (TestNode node = new TestNode(database)) {
            Order order = outside(id, "hold", hold(wallet, job(), 3));
            node.refused(Reason.INSUFFICIENT_FUNDS, order);
            node.send(deposit(wallet, 1, 5));
            assertThat(node.commands().send(order).join().events()).isEqualTo(1);
        }
    }

    @Test
    void manyRepeatsAtOnceHaveOneEffectAndOneAnswer() {
        CommandId id = new CommandId(Samples.id());
        Wallet wallet = wallet();
        try (TestNode one = new TestNode(database);
                TestNode two = new TestNode(database)) {
            Order order = outside(id, "deposit", deposit(wallet, 1, 5));
            List<CompletableFuture<Outcome>> answers = IntStream.range(0, 40)
                    .mapToObj(i -> (i % 2 == 0 ? one : two).commands().send(order))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
            assertThat(eventsOf(one, wallet)).isEqualTo(1);
        }
    }

    @Test
    void aLostReplyOfTheCommitIsFoundOutAndAnswered() {
        CommandId id = new CommandId(Samples.id());
        Wallet wallet = wallet();
        LostReplies[] faults = new LostReplies[1];
        try (TestNode node = new TestNode(database, pool -> faults[0] = new LostReplies(pool))) {
            node.send(deposit(wallet, 1, 5));
            faults[0].loseNext();
            Outcome outcome = node.commands()
                    .send(outside(id, "deposit", deposit(wallet, 2, 5)))
                    .join();
            assertThat(faults[0].lost()).isEqualTo(1);
            assertThat(outcome.events()).isEqualTo(1);
            assertThat(outcome.index()).isEqualTo(node.events().head());

            faults[0].loseNext();
            // From inside nothing is remembered; the decision on what is stored is that there is nothing to do.
            assertThat(node.send(deposit(wallet, 3, 5)).events()).isZero();
            assertThat(faults[0].lost()).isEqualTo(2);
            assertThat(eventsOf(node, wallet)).isEqualTo(3);
        }
    }

    private static long eventsOf(TestNode node, Wallet wallet) {
        StreamId stream = StreamId.of(StreamId.ACCOUNT, wallet);
        return node.events().read(0, 10_000).stream()
                .filter(stored -> stored.stream().equals(stream))
                .count();
    }
}
