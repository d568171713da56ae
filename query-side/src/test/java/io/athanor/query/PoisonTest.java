package io.athanor.query;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.job;
import static io.athanor.query.testing.Ids.machine;
import static io.athanor.query.testing.Ids.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.port.ViewOperations;
import io.athanor.domain.port.ViewOperations.Letter;
import io.athanor.domain.port.ViewOperations.Retried;
import io.athanor.domain.query.Queries.FindAccount;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.JobView;
import io.athanor.query.fold.DeadLetters;
import io.athanor.query.testing.Jobs;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An event that cannot be folded holds up its own stream, and nothing else. */
@Tag("postgres")
class PoisonTest {
    private static final MachineId MACHINE = machine(1);
    private static final Wallet CLIENT = wallet(100);
    private TestNode node;
    private DeadLetters letters;

    @BeforeEach
    void start() {
        node = TestNode.idle();
        letters = node.bean(DeadLetters.class);
        node.append(Network.provider(MACHINE));
        node.append(List.of(Network.deposit(CLIENT, 1, Ath.ofWhole(500))));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void anEventThatTheRowsRefuseIsParkedWithItsSuccessors() {
        List<Event> batch = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            batch.addAll(Jobs.submit(job(i), CLIENT, 1, 1_000 + i));
        }
        // PostgreSQL's text has no NUL: the statement of the whole batch fails.
        batch.add(new JobCancelled(job(7).task(0), "bad \0 text", null, at(2_000)));
        batch.add(Jobs.assess(job(7).task(0), 2_100));
        batch.addAll(Jobs.assign(job(8).task(0), 1, MACHINE, 2_200));
        node.append(batch);
        node.startProcessing();
        node.awaitViews(node.bean(io.athanor.domain.port.EventSource.class).head());

        assertThat(letters.list(10))
                .extracting(Letter::projection, Letter::stream, Letter::event)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("jobs", "job/" + job(7) + ".0", "job.Cancelled"),
                        org.assertj.core.groups.Tuple.tuple("jobs", "job/" + job(7) + ".0", "job.SlaAssessed"));
        assertThat(state(job(7))).isEqualTo("QUEUED");
        assertThat(state(job(8))).isEqualTo("ASSIGNED");
        assertThat(state(job(20))).isEqualTo("QUEUED");

        node.show(List.of(Jobs.settle(job(7).task(0), 1, CLIENT, 3_000)));
        assertThat(letters.list(10)).hasSize(3);
        assertThat(state(job(7))).isEqualTo("QUEUED");
    }

    @Test
    void aBrokenHistoryIsParkedAndNothingOfItIsHalfWritten() {
        node.startProcessing();
        JobId unknown = job(50);
        node.append(Jobs.submit(job(1), CLIENT, 1, 1_000));
        node.show(Jobs.assign(unknown.task(0), 1, MACHINE, 1_100));
        assertThat(node.find(new FindJob(unknown), JobView.class)).isEmpty();
        assertThat(letters.list(10)).extracting(Letter::event).containsExactly("job.PlacementDecided", "job.Assigned");
        assertThat(count("view.lease")).isZero();
        assertThat(count("view.placement")).isZero();
        assertThat(state(job(1))).isEqualTo("QUEUED");
    }

    @Test
    void anOperatorGivesALetterUpAndTheRestOfItsStreamGoesOn() {
        node.startProcessing();
        long bad = node.append(List.of(new JobCancelled(job(7).task(0), "bad \0 text", null, at(2_000))));
        long head = node.show(Jobs.submit(job(1), CLIENT, 1, 1_000));
        ViewOperations operator = node.bean(ViewOperations.class);
        Letter letter = operator.letters(10).getFirst();
        assertThat(letter.index()).isEqualTo(bad);
        assertThatThrownBy(() -> operator.drop("jobs", bad, " ", "operator"))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.MALFORMED));
        assertThatThrownBy(() -> operator.drop("jobs", head, "why not", "operator"))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.NOT_FOUND));
        operator.drop("jobs", bad, "it never was a job", "operator");
        assertThat(operator.letters(10)).isEmpty();
        assertThat(count("view.dropped_letter")).isEqualTo(1);
        node.show(Jobs.submit(job(7), CLIENT, 1, 3_000));
        assertThat(state(job(7))).isEqualTo("QUEUED");
    }

    @Test
    void anOperatorRetriesAStreamWhenTheCauseIsGone() {
        node.append(Jobs.submit(job(1), CLIENT, 1, 1_000));
        long assigned = node.append(Jobs.assign(job(1).task(0), 1, MACHINE, 1_100));
        node.append(List.of(Jobs.start(job(1).task(0), 1, 1_200)));
        byte[] whole = payload(assigned);
        overwrite(assigned, "{\"task\": 5}".getBytes(StandardCharsets.UTF_8));
        node.startProcessing();
        long head = node.show(List.of(Network.deposit(CLIENT, 2, Ath.ofWhole(1))));

        String stream = "job/" + job(1) + ".0";
        assertThat(state(job(1))).isEqualTo("QUEUED");
        assertThat(letters.list(100))
                .isNotEmpty()
                .allMatch(letter -> letter.stream().equals(stream));
        assertThat(node.find(new FindAccount(CLIENT), AccountView.class)
                        .orElseThrow()
                        .asOf())
                .isEqualTo(head);

        assertThat(letters.retry("jobs", stream)).isEqualTo(new Retried(0, 2));
        assertThat(letters.list(100))
                .filteredOn(letter -> letter.projection().equals("jobs"))
                .first()
                .extracting(Letter::attempts)
                .isEqualTo(1);
        overwrite(assigned, whole);
        assertThat(letters.retry("jobs", stream)).isEqualTo(new Retried(2, 0));
        assertThat(state(job(1))).isEqualTo("RUNNING");
        node.show(Jobs.complete(job(1).task(0), 1, MACHINE, 1_300));
        assertThat(state(job(1))).isEqualTo("COMPLETED");
        assertThatThrownBy(() -> letters.retry("jobs", stream))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    private String state(JobId id) {
        return node.find(new FindJob(id), JobView.class).orElseThrow().state();
    }

    private long count(String table) {
        return node.jdbi()
                .withHandle(h -> h.createQuery("SELECT count(*) FROM " + table)
                        .mapTo(Long.class)
                        .one());
    }

    private byte[] payload(long index) {
        return node.jdbi()
                .withHandle(h -> h.createQuery("SELECT payload FROM axon.DomainEventEntry WHERE globalIndex = :index")
                        .bind("index", index)
                        .mapTo(byte[].class)
                        .one());
    }

    /** As a fault of the disk or of a release would. */
    private void overwrite(long index, byte[] payload) {
        try (Connection connection = DriverManager.getConnection(node.database().ownerUrl());
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE axon.DomainEventEntry SET payload = ? WHERE globalIndex = ?")) {
            statement.setBytes(1, payload);
            statement.setLong(2, index);
            assertThat(statement.executeUpdate()).isOne();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
