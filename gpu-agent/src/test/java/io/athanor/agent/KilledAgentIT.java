package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real agent process, killed with SIGKILL again and again at moments that a seed chooses. */
@Tag("docker")
class KilledAgentIT {
    private static final int LEASES = 6;
    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void noLeaseRunsTwiceAndEachIsReportedOnceHoweverOftenTheAgentIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path data = TestEngines.folder("agent");
        try (ScriptedControlPlane plane = new ScriptedControlPlane()) {
            plane.trust(Identity.of(data).key().publicKey());
            List<LeaseId> leases = new ArrayList<>();
            Process agent = start(data, plane);
            for (int i = 0; i < LEASES; i++) {
                LeaseId lease = Jobs.lease();
                leases.add(lease);
                int millis = 100 * random.nextInt(12);
                plane.send(Jobs.shell(
                        lease, "echo run >> /out/runs; sleep " + millis / 1000 + "." + millis % 1000 + "; echo end"));
                Thread.sleep(random.nextInt(1_800));
                agent.destroyForcibly().waitFor();
                agent = start(data, plane);
            }
            await().atMost(LONG)
                    .until(() -> leases.stream()
                            .allMatch(lease -> !receipts(plane, lease).isEmpty()));
            for (LeaseId lease : leases) {
                assertThat(receipts(plane, lease))
                        .as("seed %d: %s", seed, lease)
                        .hasSize(1);
                Receipt receipt = receipts(plane, lease).getFirst();
                assertThat(receipt.ending()).as("seed %d: %s", seed, lease).isEqualTo(Ending.COMPLETED);
                assertThat(new String(
                                plane.blobs().get(receipt.outputs().getFirst().sha256()), StandardCharsets.UTF_8))
                        .as("seed %d: %s", seed, lease)
                        .isEqualTo("run\n");
            }
            agent.destroyForcibly().waitFor();
        }
    }

    private static List<Receipt> receipts(ScriptedControlPlane plane, LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Ended ended
                        && ended.lease().equals(lease))
                .map(report -> ((AgentReport.Ended) report).receipt())
                .toList();
    }

    private static Process start(Path data, ScriptedControlPlane plane) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.athanor.agent.Main",
                        "run",
                        "--data",
                        data.toString(),
                        "--server",
                        plane.uri().toString(),
                        "--docker-host",
                        TestEngines.dockerHost().toString(),
                        "--simulated-gpus",
                        "2xH200",
                        "--container-label",
                        "athanor.test=" + TestEngines.containerLabel(),
                        "--grace-seconds",
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve("agent.log").toFile()))
                .start();
    }
}
