package io.athanor.agent;

import static org.awaitility.Awaitility.await;

import io.athanor.agent.server.SyncLoop;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One agent in this process with its data folder, which may be stopped and started again. */
final class RunningAgent implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    final Path data = TestEngines.folder("agent");
    final ScriptedControlPlane plane;
    private final @Nullable String simulatedGpus;
    private final String nvml;
    private final URI dockerHost;
    private long spoolBytes = AgentSettings.SPOOL_BYTES;
    private Duration unpaidPause = Duration.ofMinutes(10);
    private @Nullable String egressNetwork;
    private AgentSettings.Disk disk = AgentSettings.Disk.USUAL;
    private @Nullable Agent agent;
    private @Nullable Thread thread;
    private volatile SyncLoop.@Nullable SessionLost lost;

    RunningAgent(ScriptedControlPlane plane, @Nullable String simulatedGpus, String nvml) throws IOException {
        this(plane, simulatedGpus, nvml, TestEngines.dockerHost());
    }

    RunningAgent(ScriptedControlPlane plane, @Nullable String simulatedGpus, String nvml, URI dockerHost)
            throws IOException {
        this.dockerHost = dockerHost;
        this.plane = plane;
        this.simulatedGpus = simulatedGpus;
        this.nvml = nvml;
        plane.trust(Identity.of(data).key().publicKey());
    }

    static RunningAgent started(ScriptedControlPlane plane) throws IOException {
        RunningAgent running = new RunningAgent(plane, "2xH200", "none");
        running.start();
        return running;
    }

    private AgentSettings settings() {
        AgentSettings usual = AgentSettings.of(data, plane.uri(), dockerHost.toString(), simulatedGpus);
        return new AgentSettings(
                data,
                plane.uri(),
                usual.dockerHost(),
                simulatedGpus,
                nvml,
                usual.region(),
                0,
                Map.of("athanor.test", TestEngines.containerLabel()),
                egressNetwork,
                spoolBytes,
                Duration.ofSeconds(1),
                unpaidPause,
                disk);
    }

    /** From the next start on. */
    void spoolBytes(long bytes) {
        spoolBytes = bytes;
    }

    /** From the next start on. */
    void egressNetwork(String network) {
        egressNetwork = network;
    }

    /** From the next start on. */
    void unpaidPause(Duration most) {
        unpaidPause = most;
    }

    /** From the next start on. */
    void disk(AgentSettings.Disk limits) {
        disk = limits;
    }

    void start() throws IOException {
        Agent opened = Agent.open(settings());
        agent = opened;
        thread = Thread.ofPlatform().name("agent").start(() -> {
            try {
                opened.run();
            } catch (InterruptedException stopped) {
                lost = null;
            } catch (SyncLoop.SessionLost newer) {
                lost = newer;
            }
        });
    }

    /** Stops the agent; its containers stay. */
    void stop() throws IOException, InterruptedException {
        Thread running = Objects.requireNonNull(thread);
        running.interrupt();
        running.join();
        Objects.requireNonNull(agent).close();
        agent = null;
    }

    boolean lostItsSession() {
        return lost != null;
    }

    Agent agent() {
        return Objects.requireNonNull(agent);
    }

    /** The receipt of a lease, once it has arrived. */
    Receipt receipt(LeaseId lease) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !endings(lease).isEmpty());
        return endings(lease).getFirst();
    }

    List<Receipt> endings(LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Ended ended
                        && ended.lease().equals(lease))
                .map(report -> ((AgentReport.Ended) report).receipt())
                .toList();
    }

    boolean started(LeaseId lease) {
        return plane.reports().stream()
                .anyMatch(report -> report instanceof AgentReport.Started started
                        && started.lease().equals(lease));
    }

    void awaitStarted(LeaseId lease) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> started(lease));
    }

    /** Waits until the agent has forgotten the lease, its container and its folder. */
    void awaitForgotten(LeaseId lease) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !agent().work().known().contains(lease));
    }

    @Override
    public void close() throws IOException {
        if (agent == null) {
            return;
        }
        try {
            agent().work().stopAll(Ending.CANCELLED);
            agent().work().awaitIdle(SOON);
            stop();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
