package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.athanor.agent.docker.TestImages;
import io.athanor.codec.Json;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Connect;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Execute;
import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import io.athanor.domain.wire.AgentProtocol.StreamQuality;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job's client enters its running container on a real engine. */
@Tag("docker")
class StreamIT extends AgainstScriptedPlane {
    private LeaseId running() {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "echo secret >/tmp/mine; sleep 60"));
        agent.awaitStarted(lease);
        return lease;
    }

    private StreamEnded ended(String stream) {
        await().atMost(SOON).until(() -> plane.streams().end(stream) != null);
        return Objects.requireNonNull(plane.streams().end(stream));
    }

    @Test
    void aCommandSeesTheJobHasItsUserAndGivesItsOutputAndExitCodeBack() {
        LeaseId lease = running();
        plane.send(new Execute(lease, "one", List.of("/bin/sh", "-c", "id -u; cat /tmp/mine; echo bad >&2; exit 7")));
        assertThat(ended("one")).isEqualTo(new StreamEnded(7, null));
        assertThat(plane.streams().text("one")).contains("secret\n", "bad\n").doesNotContain("uid=0");
        plane.send(new Execute(lease, "two", List.of("/bin/sh", "-c", "touch /etc/x && echo WROTE")));
        assertThat(ended("two").exitCode()).isNotZero();
        assertThat(plane.streams().text("two")).doesNotContain("WROTE");
    }

    /** What the guide to a client's secrets says: brought into the running container's memory, by a stream. */
    @Test
    void aSecretThatItsClientBringsIsInTheContainersMemoryAndNowhereElse() throws Exception {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(
                lease,
                "while [ ! -e /tmp/secret ]; do sleep 0.2; done; stat -c %a /tmp/secret; grep ' /tmp ' /proc/mounts;"
                        + " sha256sum </tmp/secret >/out/digest; sleep 2"));
        agent.awaitStarted(lease);
        String secret = "the-clients-password-" + new Random().nextLong(Long.MAX_VALUE);
        plane.streams().input("bring", secret.getBytes(StandardCharsets.UTF_8));
        plane.send(new Execute(
                lease, "bring", List.of("/bin/sh", "-c", "umask 077; cat >/tmp/.new && mv /tmp/.new /tmp/secret")));
        assertThat(ended("bring")).isEqualTo(new StreamEnded(0, null));
        StringBuilder seen = new StringBuilder();
        try (DockerClient client = TestImages.client()) {
            seen.append(client.inspectContainerCmd("athanor-" + lease).exec());
        }
        seen.append(LocalStatus.read(agent.data));
        try (Stream<Path> files = Files.walk(agent.data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                seen.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        Receipt.Output digest = agent.receipt(lease).outputs().getFirst();
        assertThat(new String(plane.blobs().get(digest.sha256()), StandardCharsets.UTF_8))
                .startsWith(Sha256.of(secret.getBytes(StandardCharsets.UTF_8)).hex());
        seen.append(plane.log(lease)).append(Json.text(plane.reports())).append(Json.text(plane.sessions()));
        assertThat(plane.log(lease)).contains("600\n", "tmpfs /tmp tmpfs");
        assertThat(seen.toString()).contains(lease.toString()).doesNotContain(secret);
    }

    @Test
    void aMegabyteGoesInAndOutByteByByte() {
        LeaseId lease = running();
        byte[] bytes = new byte[1_000_000];
        new Random(7).nextBytes(bytes);
        plane.streams().input("cat", bytes);
        plane.send(new Execute(lease, "cat", List.of("/bin/cat")));
        assertThat(ended("cat")).isEqualTo(new StreamEnded(0, null));
        assertThat(plane.streams().output("cat")).isEqualTo(bytes);
    }

    @Test
    void whatDoesNotRunIsNotEnteredAndSaysSo() {
        LeaseId lease = running();
        plane.send(new Execute(lease, "no-such", List.of("/no/such/program")));
        StreamEnded missing = ended("no-such");
        assertThat(missing.exitCode() == null || missing.exitCode() != 0).isTrue();
        plane.send(new Connect(lease, "no-network", 80));
        assertThat(ended("no-network").failure()).contains("has no network");
        plane.send(new Execute(Jobs.lease(), "stranger", List.of("/bin/true")));
        assertThat(ended("stranger").failure()).contains("does not run here");
        agent.agent().work().stop(lease, Ending.CANCELLED);
        agent.receipt(lease);
        agent.awaitForgotten(lease);
        plane.send(new Execute(lease, "late", List.of("/bin/true")));
        assertThat(ended("late").failure()).contains("does not run here");
    }

    @Test
    void theLatencyOfEveryPieceIsMeasuredAndTravelsWithTheHeartbeat() {
        LeaseId quiet = running();
        LeaseId lease = running();
        plane.streams().delayMillis(100);
        plane.send(new Execute(
                lease, "beat", List.of("/bin/sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 0.3; done")));
        assertThat(ended("beat")).isEqualTo(new StreamEnded(0, null));
        await().atMost(SOON).untilAsserted(() -> {
            StreamQuality measured = streams(lease).orElseThrow(AssertionError::new);
            assertThat(measured.pieces()).isBetween(3L, 5L);
            assertThat(measured.medianMicros()).isBetween(100_000L, measured.p99Micros());
            assertThat(streams(quiet)).isEmpty();
        });
    }

    /** What the viewers of a job waited for is in its receipt, under the machine's signature. */
    @Test
    void theReceiptSaysHowQuickTheStreamsWere() {
        LeaseId quiet = running();
        LeaseId lease = running();
        plane.streams().delayMillis(100);
        plane.send(new Execute(lease, "beat", List.of("/bin/sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.3; done")));
        assertThat(ended("beat")).isEqualTo(new StreamEnded(0, null));
        agent.agent().work().stop(lease, Ending.CANCELLED);
        agent.agent().work().stop(quiet, Ending.CANCELLED);

        Receipt.Quality quality = Objects.requireNonNull(agent.receipt(lease).streams());
        assertThat(quality.pieces()).isBetween(2L, 3L);
        assertThat(quality.p50Micros()).isBetween(100_000L, quality.p95Micros());
        assertThat(agent.receipt(quiet).streams()).isNull();
    }

    private Optional<StreamQuality> streams(LeaseId lease) {
        LeaseUsage usage = Objects.requireNonNull(plane.heartbeat()).leases().stream()
                .filter(state -> state.lease().equals(lease))
                .findFirst()
                .orElseThrow(AssertionError::new)
                .usage();
        assertThat(usage).isNotNull();
        return Optional.ofNullable(usage.streams());
    }

    @Test
    void aStreamEndsWithItsJob() {
        LeaseId lease = running();
        plane.send(new Execute(lease, "long", List.of("/bin/sh", "-c", "echo in; sleep 50")));
        await().atMost(SOON).until(() -> plane.streams().text("long").equals("in\n"));
        agent.agent().work().stop(lease, Ending.CANCELLED);
        assertThat(ended("long").exitCode()).isNotEqualTo(0);
        assertThat(new String(plane.streams().output("long"), StandardCharsets.UTF_8))
                .isEqualTo("in\n");
    }

    @Test
    void aPortOfAContainerWithANetworkIsReachedAndItsBytesComeBackUnchanged() throws Exception {
        agent.stop();
        agent.egressNetwork("bridge");
        agent.start();
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.networked(lease, "while true; do /bin/busybox nc -l -p 8080 -e /bin/cat; done"));
        agent.awaitStarted(lease);
        byte[] bytes = new byte[300_000];
        new Random(8).nextBytes(bytes);
        plane.streams().input("echoed", bytes);
        plane.send(new Connect(lease, "echoed", 8080));
        await().atMost(SOON).until(() -> plane.streams().output("echoed").length == bytes.length);
        assertThat(plane.streams().output("echoed")).isEqualTo(bytes);
        plane.send(new Connect(lease, "closed", 8081));
        assertThat(ended("closed").failure()).contains("Connection refused");
    }
}
