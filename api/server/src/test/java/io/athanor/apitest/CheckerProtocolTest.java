package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Commitment;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
import io.athanor.domain.wire.AgentProtocol.Ready;
import io.athanor.domain.wire.AgentProtocol.ReadyTaken;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.domain.wire.CheckerProtocol.Cosign;
import io.athanor.domain.wire.CheckerProtocol.Duties;
import io.athanor.domain.wire.CheckerProtocol.Introduce;
import io.athanor.domain.wire.CheckerProtocol.Introduced;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import io.athanor.domain.wire.CheckerProtocol.Reveal;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checker protocol over HTTP: duties, introduction, commit, evidence, reveal. */
@Tag("postgres")
class CheckerProtocolTest {
    private static final AtomicInteger SHARDS = new AtomicInteger(1_000);

    private static RoundId open(TestChecker member, TestAgent agent, Duration commitFor) {
        return open(List.of(member), agent, commitFor);
    }

    /** Opens a round over the machine whose commit window is open for this long. */
    private static RoundId open(List<TestChecker> members, TestAgent agent, Duration commitFor) {
        RoundId round = new RoundId(1, RoundId.Kind.LIVENESS, SHARDS.incrementAndGet(), 0);
        Instant now = Instant.now();
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 1, List.of(), Hash32.ZERO);
        ApiNode.NETWORK
                .send(Order.inside(
                        "saga:test",
                        null,
                        new OpenRound(
                                round,
                                ApiNode.CHAIN,
                                List.of(new MachineSubject(
                                        agent.machine, Samples.wallet(agent.provider), agent.agentKey())),
                                members.stream().map(TestChecker::seat).toList(),
                                members.size() / 2 + 1,
                                draw,
                                now,
                                now.plus(commitFor),
                                now.plus(commitFor).plusSeconds(60),
                                now)))
                .join();
        return round;
    }

    @Test
    void aCheckersAttesterSignsForTheProgramsThatItHolds() {
        TestChecker checker = TestChecker.registered();
        Sha256 programs = Sha256.of("programs".getBytes(StandardCharsets.UTF_8));
        Hash32 struct = TypedEconomy.reportReadiness(Samples.wallet(checker.wallet()), programs);
        Ready signed = new Ready(programs, checker.sign(struct));
        assertThat(checker.post("/checker/v1/readiness", signed).as(ReadyTaken.class))
                .as("no vote brings them yet")
                .isEqualTo(new ReadyTaken(false));
        Ready ofOthers = new Ready(programs, checker.sign(Hash32.ZERO));
        assertThat(checker.post("/checker/v1/readiness", ofOthers).code()).isEqualTo("SIGNATURE_INVALID");
    }

    @Test
    void aRoundGoesFromDutyToReveal() throws InterruptedException {
        TestChecker checker = TestChecker.registered();
        TestAgent agent = TestAgent.online(1);
        RoundId round = open(checker, agent, Duration.ofSeconds(3));
        Duties duties = checker.get("/checker/v1/duties").as(Duties.class);
        assertThat(duties.rounds()).hasSize(1);
        assertThat(duties.rounds().getFirst().round().round()).isEqualTo(round);
        assertThat(duties.rounds().getFirst().committed()).isFalse();

        byte[] evidence = ("probes of " + round).getBytes(StandardCharsets.UTF_8);
        Report report = checker.online(round, agent, Sha256.of(evidence));
        Hash32 salt = Hash32.keccak(new byte[] {7});
        Hash32 commitment = Commitment.of(ApiNode.CHAIN, report, salt);
        String path = "/checker/v1/rounds/" + round;
        Commit unsigned = new Commit(commitment, checker.sign(Hash32.ZERO));
        assertThat(checker.post(path + "/commit", unsigned).code()).isEqualTo("SIGNATURE_INVALID");
        Commit commit = checker.commit(round, commitment);
        assertThat(checker.post(path + "/commit", commit).status()).isEqualTo(200);
        assertThat(checker.post(path + "/commit", commit).status()).isEqualTo(200);

        Reveal reveal = checker.reveal(report, salt);
        assertThat(checker.post(path + "/reveal", reveal).code()).isEqualTo("EVIDENCE_MISSING");
        checker.store(evidence);
        Finding endless =
                new Finding(agent.machine.toString(), Finding.Fact.ONLINE, Hash32.ZERO, 3, Finding.MAX_RTT_MICROS + 1);
        Report slow = new Report(round, report.checker(), List.of(endless), report.evidence());
        assertThat(checker.post(path + "/reveal", checker.reveal(slow, salt)).code())
                .isEqualTo("INVALID_SPEC");
        assertThat(checker.post(path + "/reveal", reveal).code()).isEqualTo("WINDOW_CLOSED");

        Duties waited = checker.get("/checker/v1/duties").as(Duties.class);
        RoundDuty due = waited.rounds().getFirst();
        assertThat(due.committed()).isTrue();
        assertThat(waited.serverTime()).isAfterOrEqualTo(due.round().commitUntil());
        assertThat(checker.post(path + "/reveal", reveal).status()).isEqualTo(200);
        assertThat(ApiNode.NETWORK.events(ReportRevealed.class))
                .anyMatch(e -> e.round().equals(round) && e.report().equals(report));
    }

    /** Whatever a copier, an outsider or a forger sends, the honest member's report counts. */
    @Test
    void whatIsNoReportIsRefusedAndHarmsNobody() {
        TestChecker honest = TestChecker.registered();
        TestChecker copier = TestChecker.registered();
        TestAgent agent = TestAgent.online(1);
        RoundId round = open(List.of(honest, copier), agent, Duration.ofSeconds(4));
        byte[] evidence = ("seen in " + round).getBytes(StandardCharsets.UTF_8);
        Report report = honest.online(round, agent, Sha256.of(evidence));
        Hash32 salt = Hash32.keccak(new byte[] {8});
        Hash32 commitment = Commitment.of(ApiNode.CHAIN, report, salt);
        String commit = "/checker/v1/rounds/" + round + "/commit";
        String reveal = "/checker/v1/rounds/" + round + "/reveal";

        TestChecker outsider = TestChecker.registered();
        assertThat(outsider.post(commit, outsider.commit(round, commitment)).code())
                .isEqualTo("NOT_IN_COMMITTEE");
        assertThat(copier.post(commit, honest.commit(round, commitment)).code()).isEqualTo("SIGNATURE_INVALID");
        assertThat(honest.post(commit, honest.commit(round, commitment)).status())
                .isEqualTo(200);
        assertThat(copier.post(commit, copier.commit(round, commitment)).code()).isEqualTo("DUPLICATE_COMMITMENT");

        honest.store(evidence);
        copier.store(evidence);
        Instant over = honest.get("/checker/v1/duties")
                .as(Duties.class)
                .rounds()
                .getFirst()
                .round()
                .commitUntil();
        await().atMost(Duration.ofSeconds(30)).until(() -> Instant.now().isAfter(over));
        assertThat(honest.post(reveal, honest.reveal(report, Hash32.ZERO)).code())
                .isEqualTo("REVEAL_MISMATCH");
        Report copied = copier.online(round, agent, Sha256.of(evidence));
        assertThat(copier.post(reveal, copier.reveal(copied, salt)).code()).isEqualTo("REVEAL_WITHOUT_COMMIT");
        assertThat(copier.post(reveal, honest.reveal(report, salt)).code()).isEqualTo("MALFORMED");
        assertThat(honest.post(reveal, honest.reveal(report, salt)).status()).isEqualTo(200);
    }

    @Test
    void evidenceIsWhatItsDigestSaysAndOfBoundedSize() {
        TestChecker checker = TestChecker.registered();
        open(checker, TestAgent.online(1), Duration.ofSeconds(60));
        byte[] evidence = "probes".getBytes(StandardCharsets.UTF_8);
        byte[] other = "what it did not see".getBytes(StandardCharsets.UTF_8);
        String path = "/checker/v1/evidence/" + Sha256.of(other);
        assertThat(Client.byAttester(checker.attester(), "PUT", path, evidence).code())
                .isEqualTo("SIGNATURE_INVALID");
        Map<String, String> promised = Client.attesterHeaders(checker.attester(), "PUT", path, other, Instant.now());
        assertThat(Client.send("PUT", path, evidence, promised).code()).isEqualTo("MALFORMED");
        byte[] large = new byte[Limits.EVIDENCE_BYTES + 1];
        assertThat(Client.byAttester(checker.attester(), "PUT", "/checker/v1/evidence/" + Sha256.of(large), large)
                        .code())
                .isEqualTo("TOO_LARGE");
        checker.store(evidence);
    }

    @Test
    void requestsOfAttestersAreFreshNewAndOfBoundedSize() {
        TestChecker checker = TestChecker.registered();
        String path = "/checker/v1/cosign/PAYOUT/8";
        byte[] body = Json.bytes(new Cosign("0x02"));
        Instant now = Instant.now();
        Map<String, String> good = Client.attesterHeaders(checker.attester(), "POST", path, body, now);
        assertThat(Client.send("POST", path, body, good).status()).isEqualTo(204);
        assertThat(Client.send("POST", path, body, good).code()).isEqualTo("SIGNATURE_REPLAYED");
        Map<String, String> late =
                Client.attesterHeaders(checker.attester(), "POST", path, body, now.minus(Duration.ofSeconds(31)));
        assertThat(Client.send("POST", path, body, late).code()).isEqualTo("CLOCK_SKEW");
        byte[] large = new byte[Limits.JSON_BODY_BYTES + 1];
        assertThat(Client.byAttester(checker.attester(), "POST", path, large).code())
                .isEqualTo("TOO_LARGE");
    }

    @Test
    void membersIntroduceTheirSubjectsAndNoOthers() {
        TestChecker checker = TestChecker.registered();
        TestAgent agent = TestAgent.online(1);
        TestAgent other = TestAgent.online(1);
        RoundId round = open(checker, agent, Duration.ofSeconds(60));
        Introduced introduced = checker.post("/checker/v1/challenges", new Introduce(round, agent.machine, "nonce-1"))
                .as(Introduced.class);
        assertThat(introduced.introduced()).isTrue();
        Challenge challenge = agent.next(Challenge.class);
        assertThat(challenge.nonce()).isEqualTo("nonce-1");
        assertThat(challenge.endpoint()).isEqualTo("http://127.0.0.1:8500");
        assertThat(checker.post("/checker/v1/challenges", new Introduce(round, other.machine, "n"))
                        .code())
                .isEqualTo("NOT_ALLOWED");
        TestChecker outsider = TestChecker.registered();
        assertThat(outsider.post("/checker/v1/challenges", new Introduce(round, agent.machine, "n"))
                        .code())
                .isEqualTo("NOT_IN_COMMITTEE");
        MachineFacts facts =
                checker.get("/checker/v1/machines/" + agent.machine).as(MachineFacts.class);
        assertThat(facts.agentKey()).isEqualTo(agent.agentKey());
    }

    @Test
    void onlyRegisteredAttestersAreHeard() {
        Secp256k1.KeyPair stranger = Samples.key();
        assertThat(Client.byAttester(stranger, "GET", "/checker/v1/duties", new byte[0])
                        .code())
                .isEqualTo("NOT_ALLOWED");
        TestChecker checker = TestChecker.registered();
        assertThat(checker.post("/checker/v1/cosign/PAYOUT/7", new Cosign("0x01"))
                        .status())
                .isEqualTo(204);
        assertThat(ApiNode.STORES.approved)
                .contains("PAYOUT 7 " + checker.attester().address() + " 0x01");
        assertThat(checker.get("/checker/v1/export?after=0&upTo=1").text().lines())
                .hasSize(1);
    }
}
