package io.athanor.agent.nvml;

import org.jspecify.annotations.Nullable;

/**
 * One GPU as its driver describes it at one moment. A GPU is named by its UUID everywhere outside this package: an
 * index moves when a card is lost or the machine reboots. Values that a card does not report are null, never zero.
 *
 * @param uuid the driver's UUID, for example {@code GPU-5f8c…}; a simulated card begins with {@code SIM-}
 * @param name the product name
 * @param serial the board's serial number, which consumer cards do not have
 * @param pciBusId domain:bus:device.function
 * @param memoryMiB total memory in MiB
 * @param memoryUsedMiB memory in use in MiB
 * @param computeCapability major × 10 + minor, for example 90
 * @param utilisationPercent time share with a kernel running, 0..100
 * @param temperatureCelsius of the GPU die
 * @param powerMilliwatt current draw
 * @param powerLimitMilliwatt the enforced limit
 * @param eccEnabled whether error correction is on
 * @param eccUncorrected uncorrected errors since the driver was loaded
 * @param migEnabled whether the card is partitioned into instances
 * @param card the UUID of the card that this is a MIG instance of, null for a whole card
 * @param simulated true when no such hardware exists
 */
public record GpuInventory(
        String uuid,
        String name,
        @Nullable String serial,
        @Nullable String pciBusId,
        long memoryMiB,
        @Nullable Long memoryUsedMiB,
        @Nullable Integer computeCapability,
        @Nullable Integer utilisationPercent,
        @Nullable Integer temperatureCelsius,
        @Nullable Integer powerMilliwatt,
        @Nullable Integer powerLimitMilliwatt,
        @Nullable Boolean eccEnabled,
        @Nullable Long eccUncorrected,
        @Nullable Boolean migEnabled,
        @Nullable String card,
        boolean simulated) {
    /** A whole card. */
    public GpuInventory(
            String uuid,
            String name,
            @Nullable String serial,
            @Nullable String pciBusId,
            long memoryMiB,
            @Nullable Long memoryUsedMiB,
            @Nullable Integer computeCapability,
            @Nullable Integer utilisationPercent,
            @Nullable Integer temperatureCelsius,
            @Nullable Integer powerMilliwatt,
            @Nullable Integer powerLimitMilliwatt,
            @Nullable Boolean eccEnabled,
            @Nullable Long eccUncorrected,
            @Nullable Boolean migEnabled,
            boolean simulated) {
        this(
                uuid,
                name,
                serial,
                pciBusId,
                memoryMiB,
                memoryUsedMiB,
                computeCapability,
                utilisationPercent,
                temperatureCelsius,
                powerMilliwatt,
                powerLimitMilliwatt,
                eccEnabled,
                eccUncorrected,
                migEnabled,
                null,
                simulated);
    }

    /** Whether the card is partitioned, and so no GPU itself. */
    public boolean isSplit() {
        return Boolean.TRUE.equals(migEnabled);
    }

    /**
     * An instance of this card, which has name and memory of its own. Load is not measured by instance; temperature, draw and
     * errors are the card's.
     */
    GpuInventory instance(String instance, String product, long memory, @Nullable Long used) {
        return new GpuInventory(
                instance,
                product,
                serial,
                pciBusId,
                memory,
                used,
                computeCapability,
                null,
                temperatureCelsius,
                powerMilliwatt,
                powerLimitMilliwatt,
                eccEnabled,
                eccUncorrected,
                null,
                uuid,
                simulated);
    }
}
