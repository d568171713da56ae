package io.athanor.query.store;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import java.time.Instant;
import java.util.List;

/**
 * One machine at one time, over its GPUs.
 *
 * @param heartbeats heard since the sample before
 * @param utilisation mean percent; {@code temperature} the highest, in °C; power and memory are sums, in W and MiB
 */
public record Sample(
        MachineId machine,
        Instant at,
        int heartbeats,
        boolean engineUp,
        long diskFreeMib,
        int leases,
        int gpusHealthy,
        int gpus,
        int utilisation,
        int temperature,
        int powerWatts,
        long memoryUsedMib) {
    static Sample of(MachineId machine, Instant at, int heartbeats, Heartbeat heartbeat) {
        List<GpuHealth> gpus = heartbeat.gpus();
        int percent = gpus.stream().mapToInt(GpuHealth::utilisation).sum();
        return new Sample(
                machine,
                at,
                heartbeats,
                heartbeat.engineUp(),
                heartbeat.diskFreeMib(),
                heartbeat.leases().size(),
                (int) gpus.stream().filter(GpuHealth::healthy).count(),
                gpus.size(),
                gpus.isEmpty() ? 0 : percent / gpus.size(),
                gpus.stream().mapToInt(GpuHealth::temperature).max().orElse(0),
                gpus.stream().mapToInt(GpuHealth::powerWatts).sum(),
                gpus.stream().mapToLong(GpuHealth::memoryUsedMib).sum());
    }
}
