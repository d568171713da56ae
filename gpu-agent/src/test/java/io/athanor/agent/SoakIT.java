package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.athanor.agent.docker.TestImages;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.DockerEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many jobs on one machine whose agent and engine are killed with SIGKILL at moments that a seed chooses. None runs twice,
 * none is lost, and nothing is left behind. {@code -Dathanor.soak.jobs=500} for the long run, {@code -Dathanor.soak.seed}
 * to see a run again.
 */
@Tag("docker")
@Tag("sim")
class SoakIT {
    private static final int JOBS = Integer.getInteger("athanor.soak.jobs", 16);
    private static final long SEED = Long.getLong("athanor.soak.seed", 20_260_101L);
    private static final int JOBS_PER_AGENT_KILL = 3;
    private static final int JOBS_PER_ENGINE_KILL = 8;

    /** So that a machine that is killed all the time still starts each job before its deadline. */
    private static final int AT_ONCE = 8;

    private static final Duration LONG = Duration.ofMinutes(3);

    private static final String[] DATA_FILES = {
        "agent.log", "device.key", "docker", "images.json", "jobs", "machine.json", "metrics.port", "spool"
    };

    private final Random random = new Random(SEED);
    private final Path data = TestEngines.folder("agent");
    private int agentKills;
    private int engineKills;

    @Test
    void noResultIsLostOrDoubledAndNothingIsLeftHoweverOftenAgentAndEngineAreKilled() throws Exception {
        DockerEngine engine = DockerEngine.own(TestEngines.folder("soak-docker"), List.of());
        engine.start();
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                DockerClient client = TestImages.client(engine.host());
                AgentProcess agent = AgentProcess.started(data, plane.trusting(data), engine.host())) {
            List<LeaseId> leases = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                leases.add(order(plane));
                await().atMost(LONG).until(() -> openOf(plane, leases) < AT_ONCE);
                Thread.sleep(random.nextInt(400));
                if (random.nextInt(JOBS_PER_ENGINE_KILL) == 0) {
                    engine.killDaemon();
                    Thread.sleep(random.nextInt(500));
                    engine.start();
                    engineKills++;
                }
                if (random.nextInt(JOBS_PER_AGENT_KILL) == 0) {
                    agent.killAndStart();
                    agentKills++;
                }
            }
            long broken =
                    leases.stream().filter(lease -> !completed(plane, lease)).count();
            assertThat(broken)
                    .as("starts and ends that a dying engine broke")
                    .isLessThanOrEqualTo((long) engineKills * AT_ONCE);
            requireNothingLeft(client);
            System.out.printf(
                    "soak: seed %d, %d jobs, agent killed %d times, engine %d times, which broke %d starts or ends%n",
                    SEED, JOBS, agentKills, engineKills, broken);
        } finally {
            engine.stop();
        }
    }

    private static long openOf(ScriptedControlPlane plane, List<LeaseId> leases) {
        Set<LeaseId> over = plane.reports().stream()
                .filter(AgentReport.Ended.class::isInstance)
                .map(report -> ((AgentReport.Ended) report).lease())
                .collect(Collectors.toSet());
        return leases.stream().filter(lease -> !over.contains(lease)).count();
    }

    private LeaseId order(ScriptedControlPlane plane) {
        LeaseId lease = Jobs.lease();
        int millis = random.nextInt(1_000);
        plane.send(Jobs.shell(lease, "echo run >> /out/runs; sleep 0.%03d; echo end".formatted(millis)));
        return lease;
    }

    /**
     * Exactly one result, of exactly one run. An engine that dies over a container's start or end may lose it; that is
     * reported as the provider's cause, never as the job's success or failure, and the network tries elsewhere.
     */
    private static boolean completed(ScriptedControlPlane plane, LeaseId lease) {
        String what = "seed " + SEED + ": " + lease;
        await().alias(what)
                .atMost(LONG)
                .until(() -> !KilledAgentIT.receipts(plane, lease).isEmpty());
        assertThat(KilledAgentIT.receipts(plane, lease)).as(what).hasSize(1);
        Receipt receipt = KilledAgentIT.receipts(plane, lease).getFirst();
        if (receipt.ending().cause() == Ending.Cause.PROVIDER) {
            return false;
        }
        assertThat(receipt.ending())
                .as(what + ": " + receipt + " " + plane.log(lease))
                .isEqualTo(Ending.COMPLETED);
        assertThat(plane.blobs().get(receipt.outputs().getFirst().sha256()))
                .as(what)
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("run\n");
        return true;
    }

    private void requireNothingLeft(DockerClient client) throws IOException {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(client.listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(Map.of("io.athanor.managed", "true"))
                                .exec())
                        .isEmpty());
        await().atMost(LONG).untilAsserted(() -> {
            try (Stream<Path> folders = Files.list(data.resolve("jobs"))) {
                assertThat(folders).isEmpty();
            }
        });
        assertThat(client.listVolumesCmd().exec().getVolumes()).isNullOrEmpty();
        assertThat(client.listNetworksCmd().exec())
                .extracting(network -> network.getName())
                .containsExactlyInAnyOrder("bridge", "host", "none");
        // The newest agent may still be at its rehearsal, or have yet to clear that of one that was killed over it.
        await().atMost(LONG).untilAsserted(() -> {
            try (Stream<Path> files = Files.list(data)) {
                assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(DATA_FILES);
            }
        });
    }
}
