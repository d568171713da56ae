package io.athanor.local.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.devnet.DevWallet;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TasksTest {
    private static final long MILLI = 1_000_000;

    @Test
    void percentilesAreTakenFromTheTasksThatStarted() throws InterruptedException {
        Tasks tasks = new Tasks();
        tasks.begin(100);
        JobId job = new JobId(DevWallet.freshId());
        tasks.submitting(job, 100);
        long submitted = System.nanoTime();
        for (int task = 0; task < 100; task++) {
            LeaseId lease = new LeaseId(job.task(task), 1);
            tasks.acknowledged(
                    new AgentReport.Started(lease, "simulated", Instant.EPOCH),
                    submitted + (task + 1L) * 1_000 * MILLI);
        }

        Latency latency = tasks.latency();

        assertThat(latency.tasks()).isEqualTo(100);
        assertThat(latency.p50Millis()).isBetween(50_000.0, 50_900.0);
        assertThat(latency.p95Millis()).isBetween(95_000.0, 95_900.0);
        assertThat(latency.p99Millis()).isBetween(99_000.0, 99_900.0);
    }

    @Test
    void aTaskOfAnotherPhaseIsNotMeasured() {
        Tasks tasks = new Tasks();
        tasks.begin(1);
        LeaseId lease = new LeaseId(new JobId(DevWallet.freshId()).task(0), 1);

        tasks.acknowledged(new AgentReport.Started(lease, "simulated", Instant.EPOCH), System.nanoTime());

        assertThat(tasks.latency().tasks()).isZero();
    }
}
