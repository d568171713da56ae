package io.athanor.query.store;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.machine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskUsageView;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.LeaseState;
import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import io.athanor.domain.wire.AgentProtocol.StreamQuality;
import io.athanor.query.testing.TestNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class MachineTelemetryTest {
    private static TestNode node;
    private final AtomicReference<Instant> now = new AtomicReference<>(at(0));

    @BeforeAll
    static void start() {
        node = TestNode.idle();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void manyHeartbeatsAreOneSampleAMachine() {
        SampleTable table = new SampleTable(node.jdbi());
        try (MachineTelemetry telemetry = new MachineTelemetry(table, new UsageTable(node.jdbi()), now::get)) {
            for (int second = 1; second <= 60; second++) {
                telemetry.heartbeat(machine(1), heartbeat(second), at(second * 1_000L));
                telemetry.heartbeat(machine(2), heartbeat(2 * second), at(second * 1_000L));
            }
            assertThat(telemetry.latest(machine(1))).hasValue(new MachineTelemetry.Latest(heartbeat(60), at(60_000)));
            assertThat(telemetry.latest(machine(9))).isEmpty();
            assertThat(telemetry.flush()).isEqualTo(2);
            assertThat(telemetry.flush()).isZero();
            assertThat(table.read(machine(1), at(0), at(100_000)))
                    .containsExactly(new Sample(machine(1), at(60_000), 60, true, 1_000, 0, 1, 2, 40, 61, 300, 1_024));
        }
    }

    @Test
    void eachDayIsItsOwnPartitionAndOldDaysGo() {
        SampleTable table = new SampleTable(node.jdbi());
        MachineId machine = machine(5);
        try (MachineTelemetry telemetry = new MachineTelemetry(table, new UsageTable(node.jdbi()), now::get)) {
            for (int day = 0; day <= MachineTelemetry.KEEP_DAYS + 1; day++) {
                Instant time = at(Duration.ofDays(day).toMillis());
                now.set(time);
                telemetry.heartbeat(machine, heartbeat(1), time);
                assertThat(telemetry.flush()).isOne();
            }
        }
        Instant end = at(Duration.ofDays(99).toMillis());
        List<Sample> kept = table.read(machine, at(0), end);
        assertThat(kept).hasSize(MachineTelemetry.KEEP_DAYS + 1);
        assertThat(kept.getFirst().at()).isEqualTo(at(Duration.ofDays(1).toMillis()));
    }

    @Test
    void aTasksUsageIsTheNewestOfItsNewestLeaseInMemoryAndOnDisk() {
        LeaseId first = new JobId(UUID.randomUUID()).task(0).lease(1);
        LeaseId other = first.task().job().task(1).lease(1);
        UsageTable table = new UsageTable(node.jdbi());
        try (MachineTelemetry telemetry = new MachineTelemetry(new SampleTable(node.jdbi()), table, now::get)) {
            telemetry.heartbeat(machine(21), running(first, 100), at(1_000));
            telemetry.heartbeat(machine(21), running(first, 200), at(2_000));
            telemetry.heartbeat(machine(22), running(other, 7), at(2_000));
            assertThat(telemetry.usage(first.task().job(), -1, 10).items())
                    .extracting(TaskUsageView::cpuMillis)
                    .containsExactly(200L, 7L);
            telemetry.flush();
            assertThat(table.read(first.task().job(), -1, 10))
                    .extracting(
                            TaskUsageView::streamPieces,
                            TaskUsageView::streamMedianMicros,
                            TaskUsageView::streamP99Micros)
                    .containsExactly(tuple(12L, 800L, 9_000L), tuple(0L, 0L, 0L));
            LeaseId again = first.task().lease(2);
            telemetry.heartbeat(machine(22), running(again, 5), at(3_000));
            telemetry.heartbeat(machine(21), running(first, 300), at(3_500));
            Page<TaskUsageView> page = telemetry.usage(first.task().job(), -1, 1);
            assertThat(page.items()).containsExactly(TaskUsageView.of(again, machine(22), at(3_000), usage(5)));
            assertThat(page.next()).isEqualTo("0");
            assertThat(telemetry.usage(first.task().job(), 0, 1).items())
                    .extracting(TaskUsageView::lease)
                    .containsExactly(other);
            assertThat(telemetry.usage(new JobId(UUID.randomUUID()), -1, 10).items())
                    .isEmpty();
        }
    }

    private static LeaseUsage usage(long cpuMillis) {
        StreamQuality streams = cpuMillis == 200 ? new StreamQuality(12, 800, 9_000) : null;
        return new LeaseUsage(cpuMillis, 1_000, 3, 10, 20, 90, 1_024, streams);
    }

    private static Heartbeat running(LeaseId lease, long cpuMillis) {
        return new Heartbeat(true, 1_000, List.of(), List.of(new LeaseState(lease, "RUNNING", usage(cpuMillis))));
    }

    private static Heartbeat heartbeat(int temperature) {
        return new Heartbeat(
                true,
                1_000,
                List.of(
                        new GpuHealth("GPU-1", true, 80, temperature, 250, 1_000),
                        new GpuHealth("GPU-2", false, 0, temperature + 1, 50, 24)),
                List.of());
    }
}
