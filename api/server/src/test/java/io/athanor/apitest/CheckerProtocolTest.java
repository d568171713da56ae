package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.RegisterChecker;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Commitment;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checker protocol over HTTP: duties, introduction, commit, evidence, reveal. */
@Tag("postgres")
class CheckerProtocolTest {
    private static final AtomicInteger SHARDS = new AtomicInteger(1_000);

    private record Checker(Secp256k1.KeyPair wallet, Secp256k1.KeyPair attester) {
        static Checker registered() {
            Checker checker = new Checker(Samples.key(), Samples.key());
            Wallet attester = Samples.wallet(checker.attester);
            Authorization signed = Samples.authorize(
                    checker.wallet,
                    (id, expiresAt) -> TypedCommands.registerChecker(
                            Samples.wallet(checker.wallet),
                            "g",
                            "n",
                            "eu-west",
                            "http://127.0.0.1:8500",
                            attester,
                            id,
                            expiresAt));
            Client.Answer answer = Client.post(
                    "/v1/checkers",
                    new RegisterChecker(
                            "g", "n", new Region("eu-west"), "http://127.0.0.1:8500", attester, signed, null));
            assertThat(answer.status()).as(answer.text()).isEqualTo(202);
            return checker;
        }

        Seat seat() {
            return new Seat(Samples.wallet(wallet), Samples.wallet(attester), 1);
        }

        Client.Answer get(String path) {
            return Client.byAttester(attester, "GET", path, new byte[0]);
        }

        Client.Answer post(String path, Object body) {
            return Client.byAttester(attester, "POST", path, Json.bytes(body));
        }

        String sign(Hash32 struct) {
            return Hex.encode(Secp256k1.sign(attester, Samples.DOMAIN.digest(struct)));
        }
    }

    /** Opens a round over the machine whose commit window is open for this long. */
    private static RoundId open(Checker member, TestAgent agent, Duration commitFor) {
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
                                List.of(member.seat()),
                                1,
                                draw,
                                now,
                                now.plus(commitFor),
                                now.plus(commitFor).plusSeconds(60),
                                now)))
                .join();
        return round;
    }

    @Test
    void aRoundGoesFromDutyToReveal() throws InterruptedException {
        Checker checker = Checker.registered();
        TestAgent agent = TestAgent.online(1);
        RoundId round = open(checker, agent, Duration.ofSeconds(3));
        Duties duties = checker.get("/checker/v1/duties").as(Duties.class);
        assertThat(duties.rounds()).hasSize(1);
        assertThat(duties.rounds().getFirst().round().round()).isEqualTo(round);
        assertThat(duties.rounds().getFirst().committed()).isFalse();

        byte[] evidence = ("probes of " + round).getBytes(StandardCharsets.UTF_8);
        Report report = new Report(
                round,
                Samples.wallet(checker.wallet()),
                List.of(new Finding(agent.machine.toString(), Finding.Fact.ONLINE, Hash32.ZERO, 3, 900)),
                Sha256.of(evidence));
        Hash32 salt = Hash32.keccak(new byte[] {7});
        Hash32 commitment = Commitment.of(ApiNode.CHAIN, report, salt);
        String path = "/checker/v1/rounds/" + round;
        Commit unsigned = new Commit(commitment, checker.sign(Hash32.ZERO));
        assertThat(checker.post(path + "/commit", unsigned).code()).isEqualTo("SIGNATURE_INVALID");
        Commit commit = new Commit(
                commitment, checker.sign(TypedCommands.commit(round, Samples.wallet(checker.wallet()), commitment)));
        assertThat(checker.post(path + "/commit", commit).status()).isEqualTo(200);
        assertThat(checker.post(path + "/commit", commit).status()).isEqualTo(200);

        Reveal reveal = new Reveal(report, salt, checker.sign(TypedCommands.reportStruct(report)));
        assertThat(checker.post(path + "/reveal", reveal).code()).isEqualTo("EVIDENCE_MISSING");
        String upload = "/checker/v1/evidence/" + Sha256.of(evidence);
        assertThat(Client.byAttester(checker.attester(), "PUT", upload, evidence)
                        .status())
                .isEqualTo(200);
        assertThat(checker.post(path + "/reveal", reveal).code()).isEqualTo("WINDOW_CLOSED");

        Duties waited = checker.get("/checker/v1/duties").as(Duties.class);
        RoundDuty due = waited.rounds().getFirst();
        assertThat(due.committed()).isTrue();
        assertThat(waited.serverTime()).isAfterOrEqualTo(due.round().commitUntil());
        assertThat(checker.post(path + "/reveal", reveal).status()).isEqualTo(200);
        assertThat(ApiNode.NETWORK.events(ReportRevealed.class))
                .anyMatch(e -> e.round().equals(round) && e.report().equals(report));
    }

    @Test
    void membersIntroduceTheirSubjectsAndNoOthers() {
        Checker checker = Checker.registered();
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
        Checker outsider = Checker.registered();
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
        Checker checker = Checker.registered();
        assertThat(checker.post("/checker/v1/cosign/PAYOUT/7", new Cosign("0x01"))
                        .status())
                .isEqualTo(204);
        assertThat(ApiNode.STORES.approved)
                .contains("PAYOUT 7 " + checker.attester().address() + " 0x01");
        assertThat(checker.get("/checker/v1/export?after=0&upTo=1").text().lines())
                .hasSize(1);
    }
}
