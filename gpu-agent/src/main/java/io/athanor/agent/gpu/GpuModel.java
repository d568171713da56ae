package io.athanor.agent.gpu;

import io.athanor.agent.nvml.GpuInventory;
import java.util.List;

/** The network's name for a GPU, which jobs ask for and rewards are weighed by, from the driver's product name. */
final class GpuModel {
    private static final long A100_80_MIN_MIB = 70_000;

    /** Product names contain these; the first that fits counts, so the longer ones stand first. */
    private static final List<String> KNOWN = List.of("H200", "H100", "L40S", "RTX 4090", "RTX 3090");

    private GpuModel() {}

    /** One of the network's models, or the product name without its maker where it is none of them. */
    static String of(GpuInventory gpu) {
        for (String model : KNOWN) {
            if (gpu.name().contains(model)) {
                return model;
            }
        }
        if (gpu.name().contains("A100")) {
            return gpu.memoryMiB() >= A100_80_MIN_MIB ? "A100-80" : "A100-40";
        }
        return gpu.name().replace("NVIDIA ", "").replace("GeForce ", "");
    }
}
