package io.athanor.agent.nvml;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The GPUs of this machine. A simulated source says so, and nothing downstream may forget it. */
public interface GpuSource extends AutoCloseable {

    /** The GPUs that answer now, in the driver's order, a split card before its instances; a lost GPU is missing. */
    List<GpuInventory> inventory();

    /** Waits up to {@code wait} for faults and returns those that came, none if none did. */
    List<GpuFault> awaitFaults(Duration wait) throws InterruptedException;

    /** True when the GPUs do not exist. */
    boolean simulated();

    /** The driver's version, or null where there is no driver. */
    @Nullable String driverVersion();

    /** What computes a capacity test on this GPU; empty where there is no kernel for it. */
    default Optional<CapacityCard> card(String uuid) {
        return Optional.empty();
    }

    @Override
    void close();

    /** A machine without GPUs. */
    static GpuSource none() {
        return new SimulatedGpus(List.of());
    }
}
