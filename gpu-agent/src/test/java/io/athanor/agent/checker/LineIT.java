package io.athanor.agent.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.agent.checker.Evidence.Found;
import io.athanor.agent.checker.Evidence.Line;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.server.Prober;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.protocol.ProtocolParameters.Admission;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
import io.athanor.domain.wire.AgentProtocol.LineAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A checker's door and a real agent's prober, which dials it over loopback. */
class LineIT {
    private static final int BYTES = 65_536;
    private static final String NONCE = "block-nonce";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NOT_LONG = Duration.ofMillis(500);

    private final Ed25519.KeyPair device = Ed25519.generate(new SecureRandom());
    private final MachineId machine = new MachineId(UUID.randomUUID());
    private final MachineSubject subject = new MachineSubject(machine, Wallet.ZERO, Hex.encode(device.publicKey()));
    private final Prober prober =
            new Prober(URI.create("http://127.0.0.1"), machine, device, List::of, GpuSource.none()::card);
    private ProbeDoor door;

    @BeforeEach
    void open() throws IOException {
        door = new ProbeDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        door.start();
    }

    @AfterEach
    void close() {
        prober.close();
        door.close();
    }

    private Line measured() throws Exception {
        CompletableFuture<LineDoor.Measured> measured = door.expectLine(NONCE, BYTES, SOON);
        prober.answer(new Challenge("http://127.0.0.1:" + door.port(), NONCE, "checker"));
        LineDoor.Measured line = measured.get();
        return new Line(NONCE, BYTES, line.upMicros(), line.downMicros(), line.expected(), line.answer());
    }

    private Found genuine() {
        Finding finding = new Finding(subject.key(), Fact.GENUINE, Hash32.keccak(new byte[1]), 1_000_000, 900);
        return new Found(finding, new Evidence.Subject(subject.key(), Fact.GENUINE, List.of(), List.of()));
    }

    private Finding judged(Line line, long mbit) {
        Found found = MachineJudge.onboarding(genuine(), subject, line, new Admission.Line(mbit, mbit, BYTES));
        assertThat(found.evidence().line()).isEqualTo(line);
        assertThat(found.evidence().fact()).isEqualTo(found.finding().fact());
        return found.finding();
    }

    /** The same line where a megabit is enough, and where a terabit is asked for. */
    @Test
    void aLineIsMeasuredBothWaysAndOneThatIsTooSlowIsSaidWithWhatItCarries() throws Exception {
        Line line = measured();
        assertThat(line.downMbit()).isPositive();
        assertThat(line.upMbit()).isPositive();
        assertThat(judged(line, 1)).isEqualTo(genuine().finding());

        Finding slow = judged(line, 1_000_000);
        assertThat(slow.fact()).isEqualTo(Fact.TOO_SLOW);
        assertThat(slow.digest())
                .as("the same hardware")
                .isEqualTo(genuine().finding().digest());
        assertThat(slow.measure())
                .isEqualTo(Math.min(line.downMbit(), line.upMbit()))
                .isLessThan(1_000_000);
    }

    @Test
    void bytesThatDidNotComeAndAStrangersSignatureSayNothing() throws Exception {
        Line line = measured();
        LineAnswer answer = Objects.requireNonNull(line.answer());
        Sha256 other = Sha256.of("other bytes".getBytes(StandardCharsets.UTF_8));
        Line lost = new Line(NONCE, BYTES, line.upMicros(), line.downMicros(), other, answer);
        assertThat(judged(lost, 1).fact()).isEqualTo(Fact.OFFLINE);
        LineAnswer unsigned = new LineAnswer(machine, NONCE, answer.received(), "0x" + "00".repeat(64));
        Line strangers = new Line(NONCE, BYTES, line.upMicros(), line.downMicros(), line.expected(), unsigned);
        assertThat(judged(strangers, 1).fact()).isEqualTo(Fact.OFFLINE);
        Found unseen = MachineJudge.onboarding(genuine(), subject, null, new Admission.Line(1, 1, BYTES));
        assertThat(unseen.finding().fact()).isEqualTo(Fact.NETWORK);
        Found unasked = MachineJudge.onboarding(genuine(), subject, null, null);
        assertThat(unasked).as("a network that asks for no line").isEqualTo(genuine());
    }

    @Test
    void aDoorThatNobodyDialsWaitsNoLongerThanItSays() {
        CompletableFuture<LineDoor.Measured> measured = door.expectLine(NONCE, BYTES, NOT_LONG);
        assertThatThrownBy(measured::get).isInstanceOf(ExecutionException.class);
    }
}
