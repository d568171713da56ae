package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.DisputeDelivery;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.EndJob;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.CaseView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client's dispute over HTTP: its deposit, its refusals, the file that it opens. */
@Tag("postgres")
class DisputesTest {
    private static final AtomicInteger SHARDS = new AtomicInteger(7_000);
    private static final Ath ONE = Ath.ofWhole(1);

    private final Secp256k1.KeyPair client = Samples.funded(20);
    private final Secp256k1.KeyPair checker = Samples.key();
    private final RoundId round = new RoundId(1, RoundId.Kind.DELIVERY, SHARDS.incrementAndGet(), 0);

    private static void send(Command... commands) {
        ApiNode.NETWORK.send(Order.inside("saga:test", null, List.of(commands))).join();
    }

    /** A task that ran, was judged by a committee of one checker, and cost one wei, or nothing. */
    private LeaseId settled(long cost) {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, client);
        Instant now = Instant.now();
        Receipt receipt = agent.receipt(lease, Ending.COMPLETED, Map.of());
        send(new StartJob(lease.task(), lease, receipt.container(), now), new EndJob(lease.task(), receipt, now));
        judged(agent, lease, now);
        Ath release = JobCommand.holdOf(Samples.spec(1)).minus(Ath.ofWei(cost));
        Assessment assessment = new Assessment(
                Assessment.Outcome.DELIVERED,
                round,
                2_000,
                Ath.ofWei(cost),
                Ath.ofWei(cost),
                Ath.ZERO,
                release,
                Hash32.ZERO,
                1,
                true);
        send(new AssessJob(lease.task(), assessment, now), new SettleJob(lease.task(), 1, now));
        return lease;
    }

    private void judged(TestAgent agent, LeaseId lease, Instant now) {
        DeliverySubject subject =
                new DeliverySubject(lease, agent.machine, Samples.wallet(agent.provider), agent.agentKey());
        send(new OpenRound(
                round,
                ApiNode.CHAIN,
                List.of(subject),
                List.of(new Seat(Samples.wallet(checker), Samples.wallet(checker), 1)),
                1,
                new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 1, List.of(), Hash32.ZERO),
                now,
                now.plusSeconds(5),
                now.plusSeconds(60),
                now));
    }

    private static Client.Answer dispute(LeaseId lease, Ath deposit, String why, Secp256k1.KeyPair key) {
        CaseId id = Offence.caseOf(Dispute.name(lease));
        Authorization signed = Samples.authorize(
                key, (command, expiresAt) -> TypedCommands.disputeJob(id, deposit, why, command, expiresAt));
        return Client.post("/v1/cases/disputes", new DisputeDelivery(lease, deposit, why, signed, null));
    }

    @Test
    void theClientDisputesWhatItPaidForOnceWithADeposit() {
        LeaseId lease = settled(1);
        CaseId id = Offence.caseOf(Dispute.name(lease));
        assertThat(dispute(lease, Ath.ofWei(1), "empty", client).code()).isEqualTo("BOND_TOO_LOW");
        assertThat(dispute(lease, Ath.ofWhole(1_000), "empty", client).code()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(dispute(lease, ONE, " ", client).code()).isEqualTo("INVALID_SPEC");
        assertThat(dispute(lease, ONE, "empty", Samples.funded(20)).code()).isEqualTo("NOT_ALLOWED");
        assertThat(dispute(lease.task().lease(2), ONE, "empty", client).code()).isEqualTo("NOT_FOUND");
        assertThat(Client.get("/v1/cases/" + id).status())
                .as("nothing was opened")
                .isEqualTo(404);
        Client.Answer accepted = dispute(lease, ONE, "empty", client);
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        CaseView file = Client.get("/v1/cases/" + id).as(CaseView.class);
        assertThat(file.stage()).isEqualTo("OPEN");
        assertThat(file.offence()).isInstanceOfSatisfying(Dispute.class, offence -> {
            assertThat(offence.bill()).isEqualTo(Ath.ofWei(1));
            assertThat(offence.deposit()).isEqualTo(ONE);
            assertThat(offence.judges()).containsExactly(Samples.wallet(checker).toString());
        });
        assertThat(dispute(lease, ONE, "empty", client).code()).isEqualTo("WRONG_STATE");
    }

    @Test
    void whatCostNothingIsNotDisputed() {
        assertThat(dispute(settled(0), ONE, "empty", client).code()).isEqualTo("INVALID_SPEC");
    }
}
