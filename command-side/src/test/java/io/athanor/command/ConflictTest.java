package io.athanor.command;

import static io.athanor.command.Samples.deposit;
import static io.athanor.command.Samples.hold;
import static io.athanor.command.Samples.job;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.codec.Json;
import io.athanor.command.bus.GroupCommandBus;
import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.local.engine.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class ConflictTest {
    /** The lock around each append; a test that holds it makes orders wait, and so come in one group. */
    private static final long APPEND_LOCK = 31_337_100L;

    private final Database database = TestNode.freshDatabase();

    @Test
    void twoNodesOnTheSameStreamsLoseNothing() {
        List<Wallet> wallets = Stream.generate(Samples::wallet).limit(3).toList();
        try (TestNode one = new TestNode(database);
                TestNode two = new TestNode(database)) {
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            for (int i = 1; i <= 200; i++) {
                Wallet wallet = wallets.get(i % wallets.size());
                TestNode node = i % 2 == 0 ? one : two;
                answers.add(sendAsync(node, hold(wallet, job(), 1), deposit(wallet(), 1, 1)));
                answers.add(sendAsync(node, deposit(wallet, i, 3)));
            }
            long refused = answers.stream().filter(ConflictTest::isRefused).count();

            assertThat(one.sql()
                            .queryForObject(
                                    "SELECT count(*) FROM (SELECT stream_id FROM axon.domain_event"
                                            + " GROUP BY stream_type, stream_id"
                                            + " HAVING count(*) <> max(sequence) + 1) AS gaps",
                                    Long.class))
                    .isZero();
            long events = answers.stream()
                    .filter(answer -> !isRefused(answer))
                    .mapToInt(answer -> answer.join().events())
                    .sum();
            assertThat(one.events().read(0, 10_000)).hasSize((int) events);
            assertThat(refused).isLessThan(answers.size() / 2);
        }
    }

    private static CompletableFuture<Outcome> sendAsync(TestNode node, Command... commands) {
        return node.commands().send(Order.inside("test", null, List.of(commands)));
    }

    private static boolean isRefused(CompletableFuture<Outcome> answer) {
        return answer.handle((outcome, failure) -> failure != null).join();
    }

    @Test
    void aGroupThatFailsIsRunOrderByOrder() throws SQLException {
        try (TestNode node = new TestNode(database)) {
            Wallet stale = wallet();
            node.send(deposit(stale, 1, 1));
            appendElsewhere(node, stale, 1, 2);
            long commits = node.bean(GroupCommandBus.class).commits();

            List<CompletableFuture<Outcome>> answers = inOneGroup(
                    node,
                    IntStream.range(0, 20)
                            .mapToObj(i -> i == 7 ? deposit(stale, 3, 1) : deposit(wallet(), 1, 1))
                            .toList());

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().events()).isEqualTo(1));
            // One for the order that waited, then each of the failed group's alone.
            assertThat(node.bean(GroupCommandBus.class).commits() - commits).isEqualTo(21);
        }
    }

    @Test
    void ordersThatWaitShareACommit() throws SQLException {
        try (TestNode node = new TestNode(database)) {
            long commits = node.bean(GroupCommandBus.class).commits();
            List<CompletableFuture<Outcome>> answers = inOneGroup(
                    node,
                    IntStream.range(0, 20)
                            .mapToObj(i -> deposit(wallet(), 1, 1))
                            .toList());
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().events()).isEqualTo(1));
            assertThat(node.bean(GroupCommandBus.class).commits() - commits).isEqualTo(2);
        }
    }

    @Test
    void aRefusedOrderDoesNotHinderItsGroup() throws SQLException {
        try (TestNode node = new TestNode(database)) {
            Wallet poor = wallet();
            List<CompletableFuture<Outcome>> answers =
                    inOneGroup(node, List.of(deposit(poor, 1, 1), hold(poor, job(), 2), hold(poor, job(), 1)));
            assertThat(answers.stream().map(ConflictTest::isRefused)).containsExactly(false, true, false);
        }
    }

    @Test
    void neitherARepeatNorARefusalRestsOnOldMemory() {
        try (TestNode node = new TestNode(database)) {
            Wallet wallet = wallet();
            node.send(deposit(wallet, 1, 1));
            appendElsewhere(node, wallet, 1, 2);
            // In memory the account has 1 ATH and knows of one deposit; in the store it has 2 and knows of both.
            assertThat(node.send(hold(wallet, job(), 2)).events()).isEqualTo(1);
            appendElsewhere(node, wallet, 3, 3);
            assertThat(node.send(deposit(wallet, 3, 1)).events()).isZero();
            node.refuses(Reason.INSUFFICIENT_FUNDS, hold(wallet, job(), 2));
        }
    }

    @Test
    void aBrokenStreamHarmsItselfAlone() {
        try (TestNode node = new TestNode(database)) {
            Wallet broken = wallet();
            insert(node, broken, 0, "account.NeverHeardOf", "{}");
            List<CompletableFuture<Outcome>> answers = IntStream.range(0, 10)
                    .mapToObj(i -> sendAsync(node, deposit(i == 4 ? broken : wallet(), 1, 1)))
                    .toList();
            for (int i = 0; i < 10; i++) {
                assertThat(isRefused(answers.get(i))).isEqualTo(i == 4);
            }
            node.refuses(Reason.UNAVAILABLE, deposit(broken, 2, 1));
        }
    }

    /** Another node's event that this one has not heard of. */
    private static void appendElsewhere(TestNode node, Wallet wallet, long sequence, long number) {
        DepositCredited event = (DepositCredited)
                Account.EMPTY.decide(deposit(wallet, number, 1)).getFirst();
        insert(node, wallet, sequence, "account.DepositCredited", Json.text(event));
    }

    private static void insert(TestNode node, Wallet wallet, long sequence, String name, String payload) {
        node.sql()
                .update(
                        "INSERT INTO axon.domain_event (event_id, stream_type, stream_id, sequence, event_name,"
                                + " revision, payload, metadata, at) VALUES (?, 'account', ?, ?, ?, 1,"
                                + " convert_to(?, 'UTF8'), convert_to('{}', 'UTF8'), now())",
                        Samples.id(),
                        wallet.toString(),
                        sequence,
                        name,
                        payload);
    }

    /** Makes one order wait for its append, sends the others behind it, each an order, and lets go. */
    private List<CompletableFuture<Outcome>> inOneGroup(TestNode node, List<? extends Command> commands)
            throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.appUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + APPEND_LOCK + ")");
            CompletableFuture<Outcome> first = sendAsync(node, deposit(wallet(), 1, 1));
            await().until(() -> statement
                    .executeQuery("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                    .next());
            List<CompletableFuture<Outcome>> answers =
                    commands.stream().map(command -> sendAsync(node, command)).toList();
            statement.execute("SELECT pg_advisory_unlock(" + APPEND_LOCK + ")");
            assertThat(first.join().events()).isEqualTo(1);
            return answers;
        }
    }
}
