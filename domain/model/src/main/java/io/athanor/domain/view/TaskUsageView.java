package io.athanor.domain.view;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import io.athanor.domain.wire.AgentProtocol.StreamQuality;
import java.time.Instant;

/**
 * What the container of one lease used when its machine last said so; the machine's word, which no bill depends on. Times
 * in milliseconds, memory of the container in bytes, of its GPUs in MiB. The latency of its streams' pieces is in
 * microseconds, over {@code streamPieces}; all three are 0 where there was no stream.
 */
public record TaskUsageView(
        LeaseId lease,
        JobId job,
        int task,
        MachineId machine,
        Instant at,
        long cpuMillis,
        long memoryBytes,
        long processes,
        long receivedBytes,
        long sentBytes,
        int gpuPercent,
        long gpuMemoryMib,
        long streamPieces,
        long streamMedianMicros,
        long streamP99Micros) {
    private static final StreamQuality NO_STREAMS = new StreamQuality(0, 0, 0);

    /** As measured then. */
    public static TaskUsageView of(LeaseId lease, MachineId machine, Instant at, LeaseUsage usage) {
        StreamQuality streams = usage.streams() == null ? NO_STREAMS : usage.streams();
        return new TaskUsageView(
                lease,
                lease.task().job(),
                lease.task().index(),
                machine,
                at,
                usage.cpuMillis(),
                usage.memoryBytes(),
                usage.processes(),
                usage.receivedBytes(),
                usage.sentBytes(),
                usage.gpuPercent(),
                usage.gpuMemoryMib(),
                streams.pieces(),
                streams.medianMicros(),
                streams.p99Micros());
    }
}
