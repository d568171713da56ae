package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.files.Intake;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Ended;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Started;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nobody fills the store for the others: a wallet, a lease and a checker each have so much of it. */
@Tag("postgres")
class StoredBytesTest {
    private static final AtomicInteger SHARDS = new AtomicInteger(30_000);

    @AfterEach
    void now() {
        ApiNode.CLOCK.shift.set(Duration.ZERO);
    }

    private static byte[] file(int bytes) {
        byte[] file = new byte[bytes];
        Samples.RANDOM.nextBytes(file);
        return file;
    }

    private static Client.Answer upload(Secp256k1.KeyPair wallet, byte[] file) {
        return Client.send("PUT", "/v1/blobs/" + Sha256.of(file), file, Client.bearer(Samples.signIn(wallet)));
    }

    @Test
    void aWalletUploadsSoMuchAndAnotherIsNotHeldUp() {
        Secp256k1.KeyPair wallet = Samples.key();
        byte[] first = file(3_000);
        assertThat(upload(wallet, first).status()).isEqualTo(200);
        byte[] tooMuch = file(1_001);
        Client.Answer refused = upload(wallet, tooMuch);
        assertThat(refused.code()).isEqualTo("LIMIT_REACHED");
        assertThat(refused.json().path("detail").asText()).contains("athanor.files.upload-bytes", "4000");
        assertThat(refused.json().path("nextStep").asText()).contains("files that you sent before");
        assertThat(ApiNode.STORES.blobs).doesNotContainKey(Sha256.of(tooMuch));
        assertThat(upload(wallet, file(1_000)).status()).isEqualTo(200);
        assertThat(upload(wallet, first).status()).as("once more").isEqualTo(200);
        assertThat(upload(Samples.key(), tooMuch).status()).isEqualTo(200);
    }

    @Test
    void whatHashesOtherwiseCountsNothing() {
        Secp256k1.KeyPair wallet = Samples.key();
        Map<String, String> token = Client.bearer(Samples.signIn(wallet));
        assertThat(Client.send("PUT", "/v1/blobs/" + Sha256.of(file(1)), file(4_000), token)
                        .code())
                .isEqualTo("MALFORMED");
        assertThat(upload(wallet, file(4_000)).status()).isEqualTo(200);
    }

    private static Client.Answer leave(TestAgent agent, String lease, byte[] file) {
        return agent.send("PUT", "/agent/v1/blobs/" + Sha256.of(file) + lease, file);
    }

    @Test
    void aMachineStoresWhatItsLeasesLeaveAndNothingWithoutOne() {
        TestAgent idle = TestAgent.online(1);
        assertThat(leave(idle, "", file(1)).code()).isEqualTo("UNAVAILABLE");
        ApiNode.CLOCK.shift.set(Duration.ofSeconds(31));
        assertThat(leave(idle, "", file(1)).code()).isEqualTo("NOT_ALLOWED");
        ApiNode.CLOCK.shift.set(Duration.ZERO);

        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, Samples.funded(20));
        agent.sync(new Started(lease, "c1", Instant.now()));
        String named = "?lease=" + lease;
        assertThat(leave(agent, named, file(2_000)).status()).isEqualTo(200);
        byte[] tooMuch = file(1_001);
        assertThat(leave(agent, named, tooMuch).code()).isEqualTo("LIMIT_REACHED");
        assertThat(leave(agent, "", tooMuch).code()).as("without its name").isEqualTo("LIMIT_REACHED");
        agent.sync(new Ended(lease, agent.receipt(lease, Ending.COMPLETED, Map.of())));
        assertThat(leave(agent, named, file(1_000)).status()).as("just ended").isEqualTo(200);

        ApiNode.CLOCK.shift.set(Duration.ofSeconds(31));
        assertThat(leave(idle, named, file(1)).code()).as("not its lease").isEqualTo("NOT_ALLOWED");
    }

    private static void openRound(TestChecker member) {
        TestAgent agent = TestAgent.online(1);
        Instant now = Instant.now();
        OpenRound round = new OpenRound(
                new RoundId(1, RoundId.Kind.LIVENESS, SHARDS.incrementAndGet(), 0),
                ApiNode.CHAIN,
                List.of(new MachineSubject(agent.machine, Samples.wallet(agent.provider), agent.agentKey())),
                List.of(member.seat()),
                1,
                new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 1, List.of(), Hash32.ZERO),
                now,
                now.plusSeconds(30),
                now.plusSeconds(60),
                now);
        ApiNode.NETWORK.send(Order.inside("saga:test", null, round)).join();
    }

    private static Client.Answer evidence(TestChecker checker, byte[] file) {
        String path = "/checker/v1/evidence/" + Sha256.of(file);
        Instant now = ApiNode.CLOCK.instant();
        return Client.send("PUT", path, file, Client.attesterHeaders(checker.attester(), "PUT", path, file, now));
    }

    @Test
    void aCheckerStoresEvidenceForItsRoundsAndSoMuchInOneEpoch() {
        TestChecker checker = TestChecker.registered();
        assertThat(evidence(checker, file(1)).code()).as("no seat").isEqualTo("NOT_ALLOWED");
        openRound(checker);
        assertThat(evidence(checker, file(1_500)).status()).isEqualTo(200);
        byte[] more = file(501);
        assertThat(evidence(checker, more).code()).isEqualTo("LIMIT_REACHED");
        assertThat(evidence(checker, file(500)).status()).isEqualTo(200);
        TestChecker other = TestChecker.registered();
        openRound(other);
        assertThat(evidence(other, more).status()).isEqualTo(200);
        ApiNode.CLOCK.shift.set(Duration.ofDays(1));
        assertThat(evidence(checker, more).status()).as("a later epoch").isEqualTo(200);
    }

    @Test
    void figuresSayWhatIsTakenAndRefusedAndHowMuchRoomIsLeft() {
        SimpleMeterRegistry figures = new SimpleMeterRegistry();
        Metrics.addRegistry(figures);
        try {
            Secp256k1.KeyPair wallet = Samples.key();
            upload(wallet, file(4_000));
            upload(wallet, file(1));
            assertThat(figures.get(Intake.BYTES).tag("use", "upload").counter().count())
                    .isEqualTo(4_000);
            assertThat(figures.get(Intake.REFUSED)
                            .tag("use", "upload")
                            .counter()
                            .count())
                    .isEqualTo(1);
        } finally {
            Metrics.removeRegistry(figures);
        }
        MeterRegistry ofNode = new SimpleMeterRegistry();
        ApiNode.bean("io.athanor.api.files.Intake", Intake.class).bindTo(ofNode);
        assertThat(ofNode.get(Intake.ROOM).tag("use", "evidence").gauge().value())
                .isPositive();
    }
}
