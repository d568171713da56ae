package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.athanor.agent.docker.TestImages;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent's behaviour towards a control plane, with real containers. */
@Tag("docker")
class AgentIT extends AgainstScriptedPlane {
    @Test
    void runsALeaseFromOrderToSignedReceiptAndForgetsIt() throws Exception {
        byte[] scene = "a scene".getBytes(StandardCharsets.UTF_8);
        plane.blobs().put(Sha256.of(scene), scene);
        LeaseId lease = Jobs.lease();
        JobSpec spec = Jobs.spec(
                TestImages.busybox().toString(),
                Map.of("scenes/one", new JobSpec.Input(Sha256.of(scene), scene.length)),
                60_000,
                "/bin/sh",
                "-c",
                "echo task $ATHANOR_TASK_INDEX; mkdir /out/tiles; cat /in/scenes/one > /out/tiles/0; env");
        List<String> gpus = awaitGpus();
        plane.send(Jobs.start(lease, spec, gpus.subList(0, 1)));

        Receipt receipt = agent.receipt(lease);
        assertThat(receipt.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(receipt.exitCode()).isZero();
        assertThat(receipt.image()).isEqualTo(spec.image());
        assertThat(receipt.container()).hasSize(64);
        assertThat(receipt.outputs()).containsExactly(new Receipt.Output("tiles/0", Sha256.of(scene), scene.length));
        assertThat(plane.blobs().get(Sha256.of(scene))).isEqualTo(scene);
        Identity identity = Identity.of(agent.data);
        assertThat(Ed25519.verify(
                        identity.key().publicKey(),
                        Json.canonical(receipt.unsigned()),
                        Hex.decode(receipt.signature(), 64)))
                .isTrue();

        agent.awaitForgotten(lease);
        String log = plane.log(lease);
        assertThat(log).contains("task 0", "ATHANOR_SIMULATED_GPUS=true");
        assertThat(receipt.log()).isEqualTo(Sha256.of(log.getBytes(StandardCharsets.UTF_8)));
        assertThat(receipt.logBytes()).isEqualTo(log.length());
        assertThat(agent.data.resolve("jobs").resolve(lease.toString())).doesNotExist();
        assertThat(plane.reports())
                .filteredOn(AgentReport.Started.class::isInstance)
                .hasSize(1);
        assertThat(plane.sessions().getFirst().inventory().simulated()).isTrue();
    }

    private List<String> awaitGpus() {
        await().atMost(SOON).until(() -> !plane.sessions().isEmpty());
        return plane.sessions().getFirst().inventory().gpus().stream()
                .map(gpu -> gpu.uuid())
                .toList();
    }

    @Test
    void theSameOrderTwiceRunsOnceAndAnOlderFenceIsRefused() {
        LeaseId first = Jobs.lease();
        Start order = Jobs.shell(first.task().lease(2), "echo once");
        plane.send(order);
        plane.send(order);
        agent.receipt(order.lease());
        agent.awaitForgotten(order.lease());
        plane.send(order);
        plane.send(Jobs.shell(first, "echo stale"));
        await().atMost(SOON).untilAsserted(() -> assertThat(declined(first)).contains("fence is older"));
        assertThat(agent.endings(order.lease())).hasSize(1);
        assertThat(plane.log(order.lease())).isEqualTo("once\n");
        assertThat(agent.started(first)).isFalse();
    }

    @Test
    void aHigherFenceEndsTheContainerOfTheOlderOne() {
        LeaseId older = Jobs.lease();
        plane.send(Jobs.shell(older, "sleep 60"));
        agent.awaitStarted(older);
        LeaseId newer = older.task().lease(2);
        plane.send(Jobs.shell(newer, "echo newer"));
        assertThat(agent.receipt(older).ending()).isEqualTo(Ending.LEASE_EXPIRED);
        assertThat(agent.receipt(newer).ending()).isEqualTo(Ending.COMPLETED);
    }

    @Test
    void cancelStopsItAndTheDeadlineStopsEvenAJobThatIgnoresTerm() {
        LeaseId cancelled = Jobs.lease();
        plane.send(Jobs.shell(cancelled, "echo up; sleep 60"));
        agent.awaitStarted(cancelled);
        plane.send(new AgentOrder.Cancel(cancelled, Ending.CANCELLED));
        assertThat(agent.receipt(cancelled).ending()).isEqualTo(Ending.CANCELLED);

        LeaseId stubborn = Jobs.lease();
        JobSpec spec = Jobs.spec(
                TestImages.busybox().toString(),
                Map.of(),
                1_000,
                "/bin/sh",
                "-c",
                "trap '' TERM; while true; do sleep 1; done");
        plane.send(Jobs.start(stubborn, spec, List.of()));
        Receipt receipt = agent.receipt(stubborn);
        assertThat(receipt.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(receipt.runMillis()).isBetween(1_000L, 6_000L);
    }

    @Test
    void whatCannotStartIsExplainedInTheLogAndTheReceipt() {
        LeaseId noCommand = Jobs.lease();
        plane.send(Jobs.start(
                noCommand, Jobs.spec(TestImages.busybox().toString(), Map.of(), 60_000, "/bin/nope"), List.of()));
        LeaseId noImage = Jobs.lease();
        String unknown = TestImages.busybox().repository() + "@sha256:" + "ab".repeat(32);
        plane.send(Jobs.start(noImage, Jobs.spec(unknown, Map.of(), 60_000, "/bin/true"), List.of()));
        LeaseId noInput = Jobs.lease();
        JobSpec.Input missing = new JobSpec.Input(Sha256.of(new byte[] {1}), 1);
        plane.send(Jobs.start(
                noInput,
                Jobs.spec(TestImages.busybox().toString(), Map.of("x", missing), 60_000, "/bin/true"),
                List.of()));
        assertThat(agent.receipt(noCommand).ending()).isEqualTo(Ending.COMMAND_NOT_FOUND);
        assertThat(agent.receipt(noImage).ending()).isEqualTo(Ending.IMAGE_UNAVAILABLE);
        Receipt receipt = agent.receipt(noInput);
        assertThat(receipt.ending()).isEqualTo(Ending.INPUT_UNAVAILABLE);
        assertThat(receipt.exitCode()).isNull();
        assertThat(receipt.runMillis()).isZero();
        List.of(noCommand, noImage, noInput).forEach(agent::awaitForgotten);
        assertThat(plane.log(noCommand)).contains("/bin/nope does not exist in the image");
        assertThat(plane.log(noImage)).contains("check name and digest");
        assertThat(plane.log(noInput)).contains("cannot be had");
    }

    @Test
    void twoLeasesNeverShareAGpuAndAnUnknownOneIsDeclined() {
        List<String> gpus = awaitGpus();
        LeaseId holder = Jobs.lease();
        Start order = Jobs.shell(holder, "sleep 60");
        plane.send(Jobs.start(holder, order.spec(), gpus));
        agent.awaitStarted(holder);
        LeaseId second = Jobs.lease();
        plane.send(Jobs.start(second, order.spec(), gpus.subList(1, 2)));
        LeaseId unknown = Jobs.lease();
        plane.send(Jobs.start(unknown, order.spec(), List.of("GPU-unknown")));
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(declined(second)).contains("is held by");
            assertThat(declined(unknown)).contains("has no GPU GPU-unknown");
        });
        plane.send(new AgentOrder.Cancel(holder, Ending.CANCELLED));
        agent.receipt(holder);
        LeaseId third = Jobs.lease();
        plane.send(Jobs.start(third, Jobs.spec(order.spec().image(), Map.of(), 60_000, "/bin/true"), gpus));
        assertThat(agent.receipt(third).ending()).isEqualTo(Ending.COMPLETED);
    }

    @Test
    void resultsArriveOnceOverTwentyLostAnswers() {
        awaitGpus();
        plane.dropAnswers(20);
        for (int i = 0; i < 5; i++) {
            LeaseId lease = Jobs.lease();
            plane.send(Jobs.shell(lease, "echo result > /out/result"));
            assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.COMPLETED);
            agent.awaitForgotten(lease);
            assertThat(agent.endings(lease)).hasSize(1);
        }
        await().atMost(SOON).until(() -> plane.answersToDrop() == 0);
        assertThat(plane.deliveries()).isGreaterThan(plane.reports().size());
        assertThat(plane.reports())
                .filteredOn(AgentReport.Started.class::isInstance)
                .hasSize(5);
    }

    @Test
    void aPartitionLongerThanTheLeaseStopsTheContainerAndItIsReportedLate() throws Exception {
        plane.leaseTtlMillis(2_000);
        agent.stop();
        agent.start();
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "sleep 60"));
        agent.awaitStarted(lease);
        plane.partition(true);
        try (DockerClient client = TestImages.client()) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !"running"
                            .equals(client.inspectContainerCmd("athanor-" + lease)
                                    .exec()
                                    .getState()
                                    .getStatus()));
        }
        assertThat(agent.endings(lease)).isEmpty();
        plane.partition(false);
        assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.LEASE_EXPIRED);
    }

    @Test
    void aServerThatIsAwayNeverStallsTheJobAndItsLogArrivesWithoutADoubleByte() {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "echo begin; sleep 1; seq 1 200000; echo end; touch /out/finished"));
        await().atMost(SOON).until(() -> plane.log(lease).contains("begin"));
        plane.partition(true);
        await().atMost(SOON)
                .until(() -> agent.agent().work().states().stream()
                        .anyMatch(state ->
                                state.lease().equals(lease) && state.state().equals("ENDED")));
        plane.partition(false);
        agent.receipt(lease);
        agent.awaitForgotten(lease);
        StringBuilder expected = new StringBuilder("begin\n");
        for (int i = 1; i <= 200_000; i++) {
            expected.append(i).append('\n');
        }
        assertThat(plane.log(lease)).isEqualTo(expected.append("end\n").toString());
    }

    @Test
    void adoptsARunningAPausedAndAnExitedContainerAfterARestart() throws Exception {
        LeaseId running = Jobs.lease();
        LeaseId paused = Jobs.lease();
        LeaseId exited = Jobs.lease();
        plane.send(Jobs.shell(running, "echo run >> /out/runs; sleep 4; echo survived"));
        plane.send(Jobs.shell(paused, "echo run >> /out/runs; sleep 2; echo resumed"));
        plane.send(Jobs.shell(exited, "echo run >> /out/runs; sleep 1; exit 7"));
        List.of(running, paused, exited).forEach(agent::awaitStarted);
        agent.stop();
        try (DockerClient client = TestImages.client()) {
            client.pauseContainerCmd("athanor-" + paused).exec();
            await().atMost(SOON)
                    .until(() -> "exited"
                            .equals(client.inspectContainerCmd("athanor-" + exited)
                                    .exec()
                                    .getState()
                                    .getStatus()));
        }
        agent.start();
        assertThat(agent.receipt(running).ending()).isEqualTo(Ending.COMPLETED);
        assertThat(agent.receipt(paused).ending()).isEqualTo(Ending.COMPLETED);
        assertThat(agent.receipt(exited).exitCode()).isEqualTo(7);
        for (LeaseId lease : List.of(running, paused, exited)) {
            Receipt.Output runs = agent.receipt(lease).outputs().getFirst();
            assertThat(plane.blobs().get(runs.sha256()))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("run\n");
            agent.awaitForgotten(lease);
        }
        assertThat(plane.log(running)).contains("LOG_GAP bytes=unknown").endsWith("survived\n");
        assertThat(plane.sessions().getLast().running()).contains(running, paused, exited);
    }

    @Test
    void drainingFinishesWhatRunsAndTakesNothing() throws Exception {
        LeaseId running = Jobs.lease();
        plane.send(Jobs.shell(running, "sleep 2; echo done"));
        agent.awaitStarted(running);
        LocalStatus.drain(agent.data, null, null);
        await().atMost(SOON).until(() -> newestDrain().draining());
        LeaseId late = Jobs.lease();
        plane.send(Jobs.shell(late, "true"));
        await().atMost(SOON).untilAsserted(() -> assertThat(declined(late)).contains("draining"));
        assertThat(agent.receipt(running).ending()).isEqualTo(Ending.COMPLETED);

        Instant later = Instant.parse("2090-01-01T00:00:00Z");
        LocalStatus.drain(agent.data, later, later.plusSeconds(3600));
        await().atMost(SOON)
                .until(() -> newestDrain().equals(new AgentReport.Draining(true, later, later.plusSeconds(3600))));
        LeaseId before = Jobs.lease();
        plane.send(Jobs.shell(before, "true"));
        assertThat(agent.receipt(before).ending()).isEqualTo(Ending.COMPLETED);
        LocalStatus.takeWork(agent.data);
        await().atMost(SOON).until(() -> !newestDrain().draining());
    }

    private AgentReport.Draining newestDrain() {
        return plane.reports().stream()
                .filter(AgentReport.Draining.class::isInstance)
                .map(AgentReport.Draining.class::cast)
                .reduce(new AgentReport.Draining(false, null, null), (older, newer) -> newer);
    }

    @Test
    void anotherAgentWithTheSameKeyWinsAndTheOlderStopsItsContainers() throws Exception {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "sleep 60"));
        agent.awaitStarted(lease);
        RunningAgent clone = new RunningAgent(plane, "2xH200", "none");
        Files.delete(clone.data.resolve("device.key"));
        Files.delete(clone.data.resolve("machine.json"));
        Files.copy(agent.data.resolve("device.key"), clone.data.resolve("device.key"));
        Files.copy(agent.data.resolve("machine.json"), clone.data.resolve("machine.json"));
        Files.setPosixFilePermissions(
                clone.data.resolve("device.key"), Files.getPosixFilePermissions(agent.data.resolve("device.key")));
        plane.trust(Identity.of(clone.data).key().publicKey());
        clone.start();
        await().atMost(SOON).until(agent::lostItsSession);
        assertThat(clone.lostItsSession()).isFalse();
        clone.close();
    }

    @Test
    void aChallengeIsAnsweredAtTheCheckersOwnDoor() throws Exception {
        try (ProbeDoor door = new ProbeDoor()) {
            LeaseId lease = Jobs.lease();
            plane.send(Jobs.shell(lease, "sleep 60"));
            agent.awaitStarted(lease);
            plane.send(new AgentOrder.Challenge(door.endpoint(), "nonce-1", "checker-1"));
            var answer = door.answer("nonce-1");
            Identity identity = Identity.of(agent.data);
            assertThat(answer.machine()).isEqualTo(identity.machine());
            assertThat(answer.leases()).containsExactly(lease);
            assertThat(Ed25519.verify(
                            identity.key().publicKey(),
                            answer.signed().getBytes(StandardCharsets.UTF_8),
                            Hex.decode(answer.signature(), 64)))
                    .isTrue();
        }
    }

    @Test
    void anOrderThatCannotStartInTimeIsGivenUp() {
        LeaseId lease = Jobs.lease();
        Start order = Jobs.shell(lease, "echo never");
        plane.send(new Start(
                lease,
                order.spec(),
                order.env(),
                order.gpus(),
                order.paidUntilMillis(),
                Instant.now().minusSeconds(1),
                order.specDigest()));
        assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.START_DEADLINE);
        assertThat(agent.started(lease)).isFalse();
    }

    private String declined(LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Declined declined
                        && declined.lease().equals(lease))
                .map(report -> ((AgentReport.Declined) report).detail())
                .findFirst()
                .orElse("");
    }
}
