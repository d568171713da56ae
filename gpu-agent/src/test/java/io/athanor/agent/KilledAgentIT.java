package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real agent process, killed with SIGKILL right after each stage. {@link SoakIT} kills at random. */
@Tag("docker")
class KilledAgentIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void killedRightAfterEachStageWasWrittenItNeitherRunsTwiceNorLosesALine() throws Exception {
        Path data = TestEngines.folder("agent");
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                AgentProcess agent = AgentProcess.started(data, plane.trusting(data), TestEngines.dockerHost())) {
            for (String stage :
                    List.of("Took", "Pulling", "Created", "Running", "Paused", "Stopping", "Ended", "Reported")) {
                LeaseId lease = Jobs.lease();
                boolean stops = stage.equals("Stopping");
                boolean pauses = stage.equals("Paused");
                Start order = Jobs.shell(
                        lease, "echo run >> /out/runs; echo begin; sleep " + (stops ? 60 : 1) + "; echo end");
                plane.send(pauses ? order.paidUntil(500) : order);
                if (stops) {
                    awaitWritten(data, lease, "Running");
                    plane.send(new AgentOrder.Cancel(lease, Ending.CANCELLED));
                }
                awaitWritten(data, lease, stage);
                agent.killAndStart();
                if (pauses) {
                    plane.send(new AgentOrder.Extend(lease, 60_000));
                }
                await().atMost(LONG).until(() -> !receipts(plane, lease).isEmpty());
                assertThat(receipts(plane, lease)).as(stage).hasSize(1);
                Receipt receipt = receipts(plane, lease).getFirst();
                if (stage.equals("Created") && receipt.ending() == Ending.START_FAILED) {
                    // Killed over the call to the engine: nobody can know whether it ran, so it is not tried again.
                    assertThat(receipt.outputs()).isEmpty();
                    continue;
                }
                assertThat(receipt.ending()).as(stage).isEqualTo(stops ? Ending.CANCELLED : Ending.COMPLETED);
                assertThat(plane.blobs().get(receipt.outputs().getFirst().sha256()))
                        .as(stage)
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("run\n");
                awaitGone(data, lease);
                assertThat(plane.log(lease).lines().filter("begin"::equals).count())
                        .as(stage)
                        .isLessThanOrEqualTo(1);
                assertThat(plane.log(lease).contains("begin")
                                || plane.log(lease).contains("LOG_GAP"))
                        .as(stage)
                        .isTrue();
            }
        }
    }

    /** The spool's frames are text: waits until one puts this lease into the stage. */
    private static void awaitWritten(Path data, LeaseId lease, String stage) throws InterruptedException {
        String id = lease.task().job().toString();
        for (long end = System.nanoTime() + LONG.toNanos(); System.nanoTime() < end; ) {
            if (written(data).lines().anyMatch(line -> line.contains(id) && line.contains("\"" + stage + "\""))) {
                return;
            }
            Thread.sleep(1);
        }
        throw new AssertionError(stage + " was never written");
    }

    /** One line a frame. */
    private static String written(Path data) {
        try {
            return Files.readString(data.resolve("spool"), StandardCharsets.ISO_8859_1)
                    .replace("{\"acknowledged\"", "\n{\"acknowledged\"");
        } catch (IOException replaced) {
            return "";
        }
    }

    private static void awaitGone(Path data, LeaseId lease) {
        await().atMost(LONG).until(() -> Files.notExists(data.resolve("jobs").resolve(lease.toString())));
    }

    static List<Receipt> receipts(ScriptedControlPlane plane, LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Ended ended
                        && ended.lease().equals(lease))
                .map(report -> ((AgentReport.Ended) report).receipt())
                .toList();
    }
}
