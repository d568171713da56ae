package io.athanor.agent.gpu;

import io.athanor.agent.nvml.GpuInventory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The network's name for a GPU, which jobs ask for and rewards are weighed by, from the driver's product name. */
final class GpuModel {
    private static final long A100_80_MIN_MIB = 70_000;
    private static final String INSTANCE = " MIG ";

    /** Product names contain these; the first that fits counts, so the longer ones stand first. */
    private static final List<String> KNOWN = List.of("H200", "H100", "L40S", "RTX 4090", "RTX 3090");

    private GpuModel() {}

    /**
     * One of the network's models, or the product name without its maker where it is none of them; of an instance the model of
     * its card, and {@code MIG} with the instance's profile.
     *
     * @param card that the GPU is an instance of, null for a whole one
     */
    static String of(GpuInventory gpu, @Nullable GpuInventory card) {
        int profile = gpu.name().indexOf(INSTANCE);
        return card == null || profile < 0
                ? of(gpu.name(), gpu.memoryMiB())
                : of(gpu.name().substring(0, profile), card.memoryMiB())
                        + gpu.name().substring(profile);
    }

    private static String of(String name, long memoryMib) {
        for (String model : KNOWN) {
            if (name.contains(model)) {
                return model;
            }
        }
        if (name.contains("A100")) {
            return memoryMib >= A100_80_MIN_MIB ? "A100-80" : "A100-40";
        }
        return name.replace("NVIDIA ", "").replace("GeForce ", "");
    }
}
