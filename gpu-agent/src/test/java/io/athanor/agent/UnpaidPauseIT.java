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
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of what is paid for, before the end of what was ordered, with real containers. */
@Tag("docker")
class UnpaidPauseIT extends AgainstScriptedPlane {
    private static final long PAID_MILLIS = 1_500;

    /** Counts its own seconds, so that a process that was not frozen would have counted more. */
    private static Start order(LeaseId lease, int seconds) {
        return Jobs.shell(lease, "for i in $(seq " + seconds + "); do sleep 1; echo $i; done")
                .paidUntil(PAID_MILLIS);
    }

    /** An order was only sent: its container comes later. */
    private static void awaitPaused(LeaseId lease) throws Exception {
        try (DockerClient client = TestImages.client()) {
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(NotFoundException.class)
                    .until(() -> Boolean.TRUE.equals(client.inspectContainerCmd("athanor-" + lease)
                            .exec()
                            .getState()
                            .getPaused()));
        }
    }

    @Test
    void itIsPausedAndGoesOnWhenMoreIsPaidAndItsPauseIsNoRunTime() throws Exception {
        LeaseId lease = Jobs.lease();
        plane.send(order(lease, 3));
        agent.awaitStarted(lease);
        awaitPaused(lease);
        await().atMost(SOON).until(() -> plane.log(lease).contains("PAUSED: what is paid for is over"));
        Thread.sleep(Duration.ofSeconds(4));
        assertThat(agent.endings(lease)).isEmpty();
        plane.send(new AgentOrder.Extend(lease, 60_000));
        Receipt receipt = agent.receipt(lease);
        assertThat(receipt.ending()).isEqualTo(Ending.COMPLETED);
        // The receipt may come before the last piece of the log.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(plane.log(lease))
                        .contains("RESUMED: more is paid for")
                        .endsWith("3\n"));
        long wall = Duration.between(receipt.startedAt(), receipt.endedAt()).toMillis();
        assertThat(receipt.runMillis()).isBetween(2_500L, wall - 3_500);
    }

    @Test
    void nobodyPaysAndItIsStoppedAfterTheWait() throws Exception {
        agent.stop();
        agent.unpaidPause(Duration.ofSeconds(2));
        agent.start();
        LeaseId lease = Jobs.lease();
        plane.send(order(lease, 50));
        agent.awaitStarted(lease);
        Receipt receipt = agent.receipt(lease);
        assertThat(receipt.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(receipt.runMillis()).isGreaterThanOrEqualTo(PAID_MILLIS);
        long wall = Duration.between(receipt.startedAt(), receipt.endedAt()).toMillis();
        assertThat(receipt.runMillis()).isLessThan(wall - 1_500);
        assertThat(plane.log(lease)).contains("PAUSED", "DEADLINE: nobody paid for more");
    }

    @Test
    void aPausedOneIsAdoptedAsPausedAndCancelledOrPaidForByTheNextAgent() throws Exception {
        LeaseId paid = Jobs.lease();
        LeaseId cancelled = Jobs.lease();
        plane.send(order(paid, 3));
        plane.send(order(cancelled, 3));
        awaitPaused(paid);
        awaitPaused(cancelled);
        agent.stop();
        agent.start();
        await().atMost(SOON).until(() -> plane.sessions().size() == 2);
        assertThat(plane.sessions().getLast().running()).contains(paid, cancelled);
        awaitPaused(paid);
        plane.send(new AgentOrder.Cancel(cancelled, Ending.CANCELLED));
        assertThat(agent.receipt(cancelled).ending()).isEqualTo(Ending.CANCELLED);
        assertThat(agent.endings(paid)).isEmpty();
        plane.send(new AgentOrder.Extend(paid, 60_000));
        assertThat(agent.receipt(paid).ending()).isEqualTo(Ending.COMPLETED);
    }

    /** Where nothing more could be paid for, the end of the paid time is the job's deadline. */
    @Test
    void theLongestRunIsNoPause() {
        LeaseId lease = Jobs.lease();
        Start order = Jobs.start(
                lease, Jobs.spec(TestImages.busybox().toString(), Map.of(), 1_000, "/bin/sleep", "50"), List.of());
        plane.send(order.paidUntil(1_000));
        assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.DEADLINE);
        assertThat(plane.log(lease)).doesNotContain("PAUSED");
    }
}
