package io.athanor.domain.placement;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Inventory;
import java.util.List;

/**
 * What one certified, online machine has to give now.
 *
 * @param price per GPU-second, in wei
 * @param freeGpus GPUs that no lease holds, of {@code totalGpus}
 * @param cpuThreads and {@code memoryMib} that no lease has taken
 * @param score certified capacity of the whole machine in ppm of an H100
 * @param qualityPpm measured quality q, 0 to 1,000,000
 * @param latencyMicros median round trip as measured near the client, 0 where it is not known
 */
public record Offer(
        MachineId machine,
        Wallet provider,
        Region region,
        Ath price,
        List<Inventory.Gpu> freeGpus,
        int totalGpus,
        int cpuThreads,
        long memoryMib,
        long score,
        long qualityPpm,
        long latencyMicros,
        boolean simulated) {
    public Offer {
        freeGpus = List.copyOf(freeGpus);
    }
}
