package io.athanor.domain.machine;

import io.athanor.domain.common.Region;
import java.util.List;

/**
 * What a machine is made of, as its agent reports it.
 *
 * @param fingerprint salted hash of the board serial and PCI layout, 0x hex; unique in the network
 * @param cpuThreads logical processors
 * @param downMbit and {@code upMbit} measured bandwidth in Mbit/s, 0 where not measured
 * @param simulated whether the GPUs are simulated
 */
public record Inventory(
        String fingerprint,
        Region region,
        List<Gpu> gpus,
        int cpuThreads,
        long memoryMib,
        long diskGib,
        long downMbit,
        long upMbit,
        String engineVersion,
        boolean simulated) {
    public Inventory {
        gpus = List.copyOf(gpus);
    }

    /**
     * One GPU.
     *
     * @param computeCapability times ten, so 9.0 is 90
     */
    public record Gpu(String uuid, String model, long memoryMib, int computeCapability, String driver) {}
}
