package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundCommand.CloseRound;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.checker.CheckerCommand.ActivateChecker;
import io.athanor.domain.checker.CheckerCommand.JailChecker;
import io.athanor.domain.checker.CheckerCommand.ReleaseChecker;
import io.athanor.domain.checker.CheckerCommand.TombstoneChecker;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Ended;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Started;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What checkers may fetch: the files that their rounds judge, while they judge them. */
@Tag("postgres")
class CheckerFilesTest {
    private static final AtomicInteger SHARDS = new AtomicInteger(20_000);

    private final Secp256k1.KeyPair client = Samples.funded(20);
    private final byte[] scene = utf8("scene " + Samples.uuid());
    private final byte[] tile = utf8("tile " + Samples.uuid());
    private final TestChecker member = TestChecker.registered();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @AfterEach
    void now() {
        ApiNode.CLOCK.shift.set(Duration.ZERO);
    }

    private static void send(Command... commands) {
        ApiNode.NETWORK.send(Order.inside("saga:test", null, List.of(commands))).join();
    }

    /** A job that read the scene and left the tile. */
    private DeliverySubject delivered() {
        String token = Samples.signIn(client);
        assertThat(Client.send("PUT", "/v1/blobs/" + Sha256.of(scene), scene, Client.bearer(token))
                        .status())
                .isEqualTo(200);
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, client, Samples.withInput(Samples.spec(1), "scene.txt", scene));
        agent.sync(new Started(lease, "c1", Instant.now()));
        assertThat(agent.send("PUT", "/agent/v1/blobs/" + Sha256.of(tile), tile).status())
                .isEqualTo(200);
        agent.sync(new Ended(lease, agent.receipt(lease, Ending.COMPLETED, Map.of("tile.ppm", tile))));
        return new DeliverySubject(lease, agent.machine, Samples.wallet(agent.provider), agent.agentKey());
    }

    private OpenRound open(RoundId.Kind kind, Subject subject) {
        return open(kind, subject, member);
    }

    private static OpenRound open(RoundId.Kind kind, Subject subject, TestChecker member) {
        Instant now = Instant.now();
        OpenRound round = new OpenRound(
                new RoundId(1, kind, SHARDS.incrementAndGet(), 0),
                ApiNode.CHAIN,
                List.of(subject),
                List.of(member.seat()),
                1,
                new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 1, List.of(), Hash32.ZERO),
                now,
                now.plusSeconds(5),
                now.plusSeconds(60),
                now);
        send(round);
        return round;
    }

    @Test
    void aMemberFetchesTheOutputsItJudgesAndNobodyFetchesMore() {
        DeliverySubject delivery = delivered();
        assertThat(member.blob(Sha256.of(tile)).code())
                .as("a licence alone, before the round")
                .isEqualTo("NOT_ALLOWED");
        open(RoundId.Kind.DELIVERY, delivery);
        assertThat(member.blob(Sha256.of(tile)).body()).isEqualTo(tile);
        assertThat(member.blob(Sha256.of(scene)).code()).as("an input").isEqualTo("NOT_ALLOWED");
        assertThat(TestChecker.registered().blob(Sha256.of(tile)).code())
                .as("no seat in the round")
                .isEqualTo("NOT_ALLOWED");
        assertThat(member.blob(Sha256.of(tile)).body()).isEqualTo(tile);
    }

    @Test
    void theRightEndsSomeTimeAfterTheRound() {
        OpenRound round = open(RoundId.Kind.DELIVERY, delivered());
        assertThat(member.blob(Sha256.of(tile)).status()).isEqualTo(200);
        send(new CloseRound(round.round(), round.revealUntil()));
        ApiNode.CLOCK.shift.set(Duration.ofMinutes(59));
        assertThat(member.blob(Sha256.of(tile)).status()).isEqualTo(200);
        ApiNode.CLOCK.shift.set(Duration.ofMinutes(63));
        assertThat(member.blob(Sha256.of(tile)).code()).isEqualTo("NOT_ALLOWED");
    }

    @Test
    void whoIsJailedOrCutOffGetsNothing() {
        open(RoundId.Kind.DELIVERY, delivered());
        Wallet checker = Samples.wallet(member.wallet());
        Instant now = Instant.now();
        assertThat(member.blob(Sha256.of(tile)).status()).isEqualTo(200);
        send(new ActivateChecker(checker, now), new JailChecker(checker, 2, 3, now.plusSeconds(1), now));
        afterAWhile();
        assertThat(member.blob(Sha256.of(tile)).code()).isEqualTo("NOT_ALLOWED");
        send(new ReleaseChecker(checker, now.plusSeconds(1)));
        afterAWhile();
        assertThat(member.blob(Sha256.of(tile)).status()).isEqualTo(200);
        send(new TombstoneChecker(checker, "a case", now));
        afterAWhile();
        assertThat(member.blob(Sha256.of(tile)).code()).isEqualTo("NOT_ALLOWED");
    }

    /** Standings are asked for again after some seconds. */
    private static void afterAWhile() {
        ApiNode.CLOCK.shift.updateAndGet(shift -> shift.plusSeconds(6));
    }

    @Test
    void whoJudgesADisputeFetchesTheDeliveryAgain() {
        DeliverySubject delivery = delivered();
        Dispute dispute = new Dispute(
                PoolId.ofProvider(delivery.provider()),
                delivery,
                Samples.wallet(client),
                Ath.ofWei(1),
                Ath.ofWei(1),
                "empty",
                List.of(),
                Instant.now());
        Authorization signed = Samples.authorize(
                client,
                (id, expiresAt) -> TypedCommands.disputeJob(dispute.caseId(), Ath.ofWei(1), "empty", id, expiresAt));
        send(new OpenCase(dispute.caseId(), dispute, 500, Ath.ofWei(1), 0, 1, signed, Instant.now()));
        assertThat(member.blob(Sha256.of(tile)).code()).isEqualTo("NOT_ALLOWED");
        open(RoundId.Kind.SLASH, new CaseSubject(dispute.caseId(), delivery.provider()));
        assertThat(member.blob(Sha256.of(tile)).body()).isEqualTo(tile);
        assertThat(member.blob(Sha256.of(scene)).code()).isEqualTo("NOT_ALLOWED");
    }

    @Test
    void whoHearsAnAppealFetchesTheEvidenceOfTheReports() {
        byte[] seen = utf8("what the accused saw " + Samples.uuid());
        TestChecker accused = TestChecker.registered();
        TestAgent agent = TestAgent.online(1);
        MachineSubject machine = new MachineSubject(agent.machine, Samples.wallet(agent.provider), agent.agentKey());
        RoundId round = open(RoundId.Kind.LIVENESS, machine, accused).round();
        accused.store(seen);
        SignedReport one = new SignedReport(accused.online(round, agent, Sha256.of(seen)), "0x01");
        SignedReport other = new SignedReport(accused.online(round, agent, Sha256.of(tile)), "0x02");
        Wallet operator = Samples.wallet(accused.wallet());
        Equivocation offence = new Equivocation(
                PoolId.ofChecker(operator), Samples.wallet(accused.attester()), one, other, Instant.now());
        send(new OpenCase(offence.caseId(), offence, 500, Ath.ofWei(1), 0, 1, null, Instant.now()));
        open(RoundId.Kind.APPEAL, new CaseSubject(offence.caseId(), operator));
        assertThat(member.blob(Sha256.of(seen)).body()).isEqualTo(seen);
        assertThat(accused.blob(Sha256.of(seen)).code())
                .as("no seat in the hearing")
                .isEqualTo("NOT_ALLOWED");
    }
}
