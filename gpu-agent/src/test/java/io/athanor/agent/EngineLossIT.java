package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.agent.docker.TestImages;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.DockerEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The container engine is killed while jobs run; it has its own daemon, so that no other test notices. */
@Tag("docker")
class EngineLossIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    /** How long the engine is away; {@code -Dathanor.engine.away=60} for the long form. */
    private static final int AWAY_SECONDS = Integer.getInteger("athanor.engine.away", 3);

    private static final long OF_IT_AFTER_THE_LATE_ORDER = 1_000;

    @Test
    void jobsOutliveAKilledEngineAndTheirTrueEndIsReportedWhenItIsBack() throws Exception {
        DockerEngine engine = DockerEngine.own(TestEngines.folder("own-docker"), List.of());
        engine.start();
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                RunningAgent agent = new RunningAgent(plane, "1xH200", "none", engine.host())) {
            agent.start();
            LeaseId endsAway = Jobs.lease();
            LeaseId outlives = Jobs.lease();
            plane.send(Jobs.shell(endsAway, "sleep 4; exit 5"));
            plane.send(Jobs.start(
                    outlives,
                    Jobs.spec(
                            TestImages.busybox().toString(),
                            Map.of(),
                            600_000,
                            "/bin/sleep",
                            Integer.toString(AWAY_SECONDS + 9)),
                    List.of()));
            agent.awaitStarted(endsAway);
            agent.awaitStarted(outlives);

            engine.killDaemon();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(heartbeat(plane).engineUp()).isFalse());
            Thread.sleep(AWAY_SECONDS * 1_000L - OF_IT_AFTER_THE_LATE_ORDER);
            LeaseId duringTheLoss = Jobs.lease();
            plane.send(Jobs.shell(duringTheLoss, "echo late"));
            Thread.sleep(OF_IT_AFTER_THE_LATE_ORDER);
            engine.start();

            Receipt receipt = received(agent, endsAway);
            assertThat(receipt.ending()).isEqualTo(Ending.EXIT_CODE);
            assertThat(receipt.exitCode()).isEqualTo(5);
            assertThat(receipt.runMillis()).isBetween(3_900L, 6_000L);
            assertThat(received(agent, outlives).ending()).isEqualTo(Ending.COMPLETED);
            assertThat(received(agent, duringTheLoss).ending()).isEqualTo(Ending.COMPLETED);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(heartbeat(plane).engineUp()).isTrue());
        } finally {
            engine.stop();
        }
    }

    private static Heartbeat heartbeat(ScriptedControlPlane plane) {
        return Objects.requireNonNull(plane.heartbeat());
    }

    private static Receipt received(RunningAgent agent, LeaseId lease) {
        await().atMost(LONG).until(() -> !agent.endings(lease).isEmpty());
        return agent.receipt(lease);
    }
}
