package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.codec.Json;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.LeaseState;
import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the agent says of itself and its jobs, on the machine and to the network. */
@Tag("docker")
class StatusIT extends AgainstScriptedPlane {
    @Test
    void statusAndMetricsTellWhatRunsAndThatTheGpusAreSimulated() throws Exception {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "sleep 60"));
        agent.awaitStarted(lease);
        assertThat(LocalStatus.read(agent.data)).contains(lease.toString(), "\"simulatedGpus\":true", "RUNNING");
        LeaseId busy = Jobs.lease();
        plane.send(Jobs.shell(busy, "while true; do true; done"));
        agent.awaitStarted(busy);
        await().atMost(SOON).untilAsserted(() -> {
            LeaseUsage used = usageOf(busy);
            assertThat(used.cpuMillis()).isGreaterThan(100);
            assertThat(used.memoryBytes()).isBetween(1L, 64L << 20);
            assertThat(used.processes()).isPositive();
            assertThat(used.sentBytes()).isZero();
            assertThat(Objects.requireNonNull(plane.heartbeat()).leases())
                    .filteredOn(state -> state.lease().equals(busy))
                    .extracting(LeaseState::usage)
                    .containsExactly(used);
        });
        assertThat(metrics()).contains("athanor_lease_memory_bytes{lease=\"" + busy + "\"} ");
        agent.agent().work().stop(busy, Ending.CANCELLED);
        agent.receipt(busy);
        agent.awaitForgotten(busy);
        await().atMost(SOON).untilAsserted(() -> {
            Heartbeat heartbeat = Objects.requireNonNull(plane.heartbeat());
            assertThat(heartbeat.leases()).extracting(LeaseState::lease).containsExactly(lease);
            assertThat(heartbeat.engineUp()).isTrue();
            assertThat(heartbeat.gpus()).hasSize(2).allMatch(GpuHealth::healthy);
        });
    }

    private LeaseUsage usageOf(LeaseId lease) throws Exception {
        return Json.read(LocalStatus.read(agent.data), AgentMetrics.Status.class).leases().stream()
                .filter(one -> one.lease().equals(lease) && one.usage() != null)
                .map(LeaseState::usage)
                .findFirst()
                .orElseThrow(AssertionError::new);
    }

    private String metrics() throws Exception {
        String port =
                Files.readString(agent.data.resolve(AgentMetrics.PORT_FILE)).strip();
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
