package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.athanor.agent.docker.TestImages;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the agent does when something around it gives way: an answer, the spool, the disk, the clock. */
@Tag("docker")
class ResilienceIT {
    private ScriptedControlPlane plane;

    @BeforeEach
    void start() throws Exception {
        plane = new ScriptedControlPlane();
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void aCreationWhoseAnswerWasLostIsTheSameContainer() throws Exception {
        try (LossyEngine lossy = new LossyEngine("POST /containers/create", 2);
                RunningAgent agent = new RunningAgent(plane, "1xH200", "none", lossy.host());
                DockerClient client = TestImages.client()) {
            agent.start();
            LeaseId lease = Jobs.lease();
            plane.send(Jobs.shell(lease, "echo run >> /out/runs; sleep 1"));
            agent.awaitStarted(lease);
            assertThat(lossy.stillToLose()).isZero();
            assertThat(client.listContainersCmd()
                            .withShowAll(true)
                            .withLabelFilter(Map.of("io.athanor.lease", lease.toString()))
                            .exec())
                    .hasSize(1);
            assertThat(runsOf(agent.receipt(lease))).isEqualTo("run\n");
        }
    }

    @Test
    void aStartWhoseAnswerWasLostIsNoSecondRun() throws Exception {
        try (LossyEngine lossy = new LossyEngine("POST /containers/[0-9a-f]+/start", 1);
                RunningAgent agent = new RunningAgent(plane, "1xH200", "none", lossy.host())) {
            agent.start();
            LeaseId lease = Jobs.lease();
            plane.send(Jobs.shell(lease, "echo run >> /out/runs; sleep 1"));
            assertThat(runsOf(agent.receipt(lease))).isEqualTo("run\n");
            assertThat(lossy.stillToLose()).isZero();
        }
    }

    private String runsOf(Receipt receipt) {
        assertThat(receipt.ending()).isEqualTo(Ending.COMPLETED);
        return new String(plane.blobs().get(receipt.outputs().getFirst().sha256()), StandardCharsets.UTF_8);
    }

    @Test
    void aFullSpoolTakesNoNewWorkAndKeepsItsResultsUntilTheServerHasThem() throws Exception {
        try (RunningAgent agent = new RunningAgent(plane, "1xH200", "none")) {
            agent.spoolBytes(32 << 10);
            agent.start();
            LeaseId first = Jobs.lease();
            plane.send(Jobs.shell(first, "echo first"));
            plane.deaf(true);
            // Orders that are refused leave a report each, until there is no more room for any.
            for (int i = 0; i < 200; i++) {
                plane.send(Jobs.start(Jobs.lease(), Jobs.shell(first, "true").spec(), List.of("GPU-unknown")));
            }
            await().atMost(SOON).until(() -> !detailOf("spool is full").isEmpty());
            plane.deaf(false);
            assertThat(agent.receipt(first).ending()).isEqualTo(Ending.COMPLETED);
            agent.awaitForgotten(first);
            LeaseId later = Jobs.lease();
            plane.send(Jobs.shell(later, "echo later"));
            assertThat(agent.receipt(later).ending()).isEqualTo(Ending.COMPLETED);
        }
    }

    private String detailOf(String words) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Declined declined
                        && declined.detail().contains(words))
                .map(Object::toString)
                .findFirst()
                .orElse("");
    }

    @Test
    void aDiskBelowItsReserveTakesNoNewWorkAndOnlyTheAgentsIdleImagesGo() throws Exception {
        String owners = TestImages.busybox().toString();
        String pulled = TestImages.variant(1).toString();
        String used = TestImages.variant(2).toString();
        try (RunningAgent agent = new RunningAgent(plane, "1xH200", "none");
                DockerClient client = TestImages.client()) {
            client.pullImageCmd(owners).start().awaitCompletion();
            agent.start();
            LeaseId done = Jobs.lease();
            LeaseId runs = Jobs.lease();
            plane.send(Jobs.start(done, Jobs.spec(pulled, Map.of(), 60_000, "/bin/true"), List.of()));
            plane.send(Jobs.start(runs, Jobs.spec(used, Map.of(), 60_000, "/bin/sleep", "50"), List.of()));
            agent.awaitStarted(runs);
            assertThat(agent.receipt(done).ending()).isEqualTo(Ending.COMPLETED);
            agent.awaitForgotten(done);
            agent.stop();

            agent.disk(new AgentSettings.Disk(1L << 40, 1L << 40));
            agent.start();
            await().atMost(SOON).until(() -> !has(client, pulled));
            assertThat(has(client, used)).isTrue();
            assertThat(has(client, owners)).isTrue();
            LeaseId refused = Jobs.lease();
            plane.send(Jobs.shell(refused, "true"));
            await().atMost(SOON).until(() -> detailOf("disk is nearly full").contains(refused.toString()));

            agent.stop();
            agent.disk(AgentSettings.Disk.USUAL);
            agent.start();
            LeaseId taken = Jobs.lease();
            plane.send(Jobs.start(taken, Jobs.spec(pulled, Map.of(), 60_000, "/bin/true"), List.of()));
            assertThat(agent.receipt(taken).ending()).isEqualTo(Ending.COMPLETED);
            plane.send(new AgentOrder.Cancel(runs, Ending.CANCELLED));
            assertThat(agent.receipt(runs).ending()).isEqualTo(Ending.CANCELLED);
        }
    }

    private static boolean has(DockerClient client, String image) {
        try {
            return !client.inspectImageCmd(image).exec().getId().isEmpty();
        } catch (NotFoundException gone) {
            return false;
        }
    }

    @Test
    void aClockThatJumpsByHoursStopsNoJobAndLosesNoResult() throws Exception {
        try (RunningAgent agent = RunningAgent.started(plane)) {
            LeaseId forward = Jobs.lease();
            plane.send(Jobs.shell(forward, "sleep 3; echo forward"));
            agent.awaitStarted(forward);
            plane.clockAhead(Duration.ofHours(5));
            Receipt receipt = agent.receipt(forward);
            assertThat(receipt.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(receipt.runMillis()).isBetween(2_900L, 20_000L);
            agent.awaitForgotten(forward);

            LeaseId back = Jobs.lease();
            plane.clockAhead(Duration.ofHours(-5));
            plane.send(Jobs.shell(back, "echo back"));
            assertThat(agent.receipt(back).ending()).isEqualTo(Ending.COMPLETED);
            agent.awaitForgotten(back);
            assertThat(plane.log(back)).isEqualTo("back\n");
        }
    }

    @Test
    void withoutAnEngineAnOrderEndsAtItsStartDeadlineAndSaysWhy() throws Exception {
        try (RunningAgent agent =
                new RunningAgent(plane, "1xH200", "none", URI.create("unix:///nonexistent/docker.sock"))) {
            agent.start();
            LeaseId lease = Jobs.lease();
            AgentOrder.Start order = Jobs.shell(lease, "true");
            plane.send(new AgentOrder.Start(
                    lease,
                    order.spec(),
                    order.env(),
                    order.gpus(),
                    order.paidUntilMillis(),
                    Instant.now().plusSeconds(2),
                    order.specDigest()));
            assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.START_DEADLINE);
            await().atMost(SOON)
                    .until(() -> plane.log(lease).contains("the container engine does not answer: SocketException"));
            assertThat(LocalStatus.read(agent.data)).contains("\"engineUp\":false");
        }
    }
}
