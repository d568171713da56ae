package io.athanor.query.bench;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.LeaseState;
import io.athanor.query.store.MachineTelemetry;
import io.athanor.query.store.SampleTable;
import io.athanor.query.store.UsageTable;
import io.athanor.query.testing.Ids;
import io.athanor.query.testing.TestNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Heartbeats a second of one thread, with all samples written to PostgreSQL, and how many event rows they made.
 *
 * <p>54,000 machines of 8 GPUs that beat four times between two flushes, as a full network does in a minute.
 */
public final class HeartbeatBench {
    private static final int MACHINES = 54_000;
    private static final int BEATS_A_FLUSH = 4;
    private static final int FLUSHES = 5;
    private static final double GOAL = 36_600;

    private HeartbeatBench() {}

    public static void main(String[] arguments) {
        List<MachineId> machines =
                IntStream.range(0, MACHINES).mapToObj(Ids::machine).toList();
        try (TestNode node = TestNode.idle();
                MachineTelemetry telemetry = new MachineTelemetry(
                        new SampleTable(node.jdbi()), new UsageTable(node.jdbi()), () -> Ids.START)) {
            for (int flush = 0; flush < FLUSHES; flush++) {
                run(telemetry, machines, flush);
            }
            System.out.println("event rows: " + node.bean(EventSource.class).head());
        }
    }

    private static void run(MachineTelemetry telemetry, List<MachineId> machines, int flush) {
        long start = System.nanoTime();
        for (int beat = 0; beat < BEATS_A_FLUSH; beat++) {
            Instant at = Ids.at((flush * BEATS_A_FLUSH + beat) * 15_000L);
            for (MachineId machine : machines) {
                telemetry.heartbeat(machine, heartbeat(machine, beat), at);
            }
        }
        long memory = System.nanoTime();
        int rows = telemetry.flush();
        long end = System.nanoTime();
        double beats = (double) MACHINES * BEATS_A_FLUSH;
        double rate = beats / ((end - start) / 1e9);
        System.out.printf(
                "%,.0f heartbeats, %,d rows: %,.0f/s in memory, %,.0f/s with the rows written (goal %,.0f)%n",
                beats, rows, beats / ((memory - start) / 1e9), rate, GOAL);
    }

    private static Heartbeat heartbeat(MachineId machine, int beat) {
        List<GpuHealth> gpus = new ArrayList<>(8);
        for (int gpu = 0; gpu < 8; gpu++) {
            gpus.add(new GpuHealth("GPU-" + gpu, true, 50 + beat, 60, 400, 40_000));
        }
        LeaseId lease = Ids.job(1).task(0).lease(1);
        return new Heartbeat(true, 100_000, gpus, List.of(new LeaseState(lease, "running on " + machine, null)));
    }
}
