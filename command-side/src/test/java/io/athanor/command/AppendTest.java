package io.athanor.command;

import static io.athanor.command.Samples.deposit;
import static io.athanor.command.Samples.hold;
import static io.athanor.command.Samples.job;
import static io.athanor.command.Samples.submit;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.local.engine.Database;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@Tag("postgres")
class AppendTest {
    private static Database database;
    private static TestNode node;

    @BeforeAll
    static void start() {
        database = TestNode.freshDatabase();
        node = new TestNode(database);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void anEventIsStoredUnderItsCataloguedNameWithItsMetadata() {
        Wallet wallet = wallet();
        Outcome outcome = node.commands()
                .send(Order.inside("chain", "block-7", deposit(wallet, 1, 5)))
                .join();

        Stored stored = node.events().read(outcome.index() - 1, 1).getFirst();
        assertThat(outcome.events()).isEqualTo(1);
        assertThat(stored.name()).isEqualTo("account.DepositCredited");
        assertThat(stored.revision()).isEqualTo(1);
        assertThat(stored.stream()).isEqualTo(StreamId.of(StreamId.ACCOUNT, wallet));
        assertThat(stored.sequence()).isZero();
        assertThat(EventCatalogue.read(
                        stored.name(), stored.payload().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(DepositCredited.class);
        assertThat(Json.read(stored.metadata(), new TypeReference<Map<String, String>>() {}))
                .containsEntry("actor", "chain")
                .containsEntry("cause", "block-7")
                .containsEntry("correlation", "block-7")
                .containsKey("commandId");
    }

    @Test
    void oneOrderChangesManyStreamsTogether() {
        Wallet client = wallet();
        JobId job = job();
        node.send(deposit(client, 1, 10));
        Outcome outcome = node.send(hold(client, job, 4), submit(client, job, 0, 2, 4), submit(client, job, 1, 2, 4));

        assertThat(outcome.events()).isEqualTo(5);
        assertThat(names(outcome))
                .containsExactly("account.FundsHeld", "job.Submitted", "job.Funded", "job.Submitted", "job.Funded");
    }

    @Test
    void aRefusalOfOneCommandLeavesNothingOfTheOrder() {
        Wallet client = wallet();
        JobId job = job();
        node.send(deposit(client, 1, 10));
        long before = node.events().head();

        node.refuses(Reason.INSUFFICIENT_FUNDS, submit(client, job, 0, 1, 11), hold(client, job, 11));
        assertThat(node.events().head()).isEqualTo(before);
        assertThat(node.send(submit(client, job, 0, 1, 10), hold(client, job, 10))
                        .events())
                .isEqualTo(3);
    }

    @Test
    void commandsOfAnOrderSeeWhatTheEarlierOnesDid() {
        Wallet client = wallet();
        assertThat(node.send(deposit(client, 1, 3), hold(client, job(), 3)).events())
                .isEqualTo(2);
        node.refuses(Reason.INSUFFICIENT_FUNDS, hold(client, job(), 1), deposit(client, 2, 3));
    }

    @Test
    void aRepeatFromInsideChangesNothing() {
        Wallet wallet = wallet();
        assertThat(node.send(deposit(wallet, 1, 1)).events()).isEqualTo(1);
        Outcome repeat = node.send(deposit(wallet, 1, 1));
        assertThat(repeat.events()).isZero();
        assertThat(repeat.index()).isLessThanOrEqualTo(node.events().head()).isPositive();
    }

    @Test
    void anEmptyOrderIsMalformed() {
        node.refuses(Reason.MALFORMED);
    }

    @Test
    void theServiceMayAddEventsAndNeitherChangeNorRemoveThem() {
        Wallet wallet = wallet();
        node.send(deposit(wallet, 1, 1));
        for (String statement : List.of(
                "UPDATE axon.domain_event SET event_name = 'job.Settled'",
                "DELETE FROM axon.domain_event",
                "TRUNCATE axon.domain_event")) {
            assertThatThrownBy(() -> node.sql().execute(statement))
                    .isInstanceOf(DataAccessException.class)
                    .rootCause()
                    .hasMessageContaining("permission denied");
        }
        assertThat(node.send(deposit(wallet, 2, 1)).events()).isEqualTo(1);
    }

    @Test
    void notEvenTheOwnerChangesAnEvent() {
        node.send(deposit(wallet(), 1, 1));
        JdbcTemplate owner = new JdbcTemplate(new DriverManagerDataSource(database.ownerUrl()));
        for (String statement : List.of(
                "UPDATE axon.domain_event SET event_name = 'job.Settled'",
                "DELETE FROM axon.domain_event",
                "TRUNCATE axon.domain_event")) {
            assertThatThrownBy(() -> owner.execute(statement))
                    .rootCause()
                    .hasMessageContaining("events are never changed");
        }
        assertThat(owner.queryForObject("SELECT count(*) FROM axon.domain_event", Long.class))
                .isPositive();
    }

    @Test
    void sequencesHaveNoGap() {
        Wallet wallet = wallet();
        for (int number = 1; number <= 50; number++) {
            node.send(deposit(wallet, number, 1));
        }
        assertThat(node.sql()
                        .queryForList(
                                "SELECT sequence FROM axon.domain_event WHERE stream_type = 'account' AND stream_id = ?"
                                        + " ORDER BY global_index",
                                Long.class,
                                wallet.toString()))
                .containsExactlyElementsOf(
                        java.util.stream.LongStream.range(0, 50).boxed().toList());
    }

    private static List<String> names(Outcome outcome) {
        return node.events().read(outcome.index() - outcome.events(), outcome.events()).stream()
                .map(Stored::name)
                .toList();
    }
}
