package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants run: one container image, and what each task of it needs.
 *
 * <p>Invariant: none here; {@link Admission} checks every bound, so that a refusal can name the field.
 *
 * @param image {@code host[:port]/name@sha256:<digest>}
 * @param command the argument vector, empty for the image's own
 * @param tasks how many tasks run the same spec; each sees its number in {@code ATHANOR_TASK_INDEX}
 * @param memoryMib of one task, also its swap limit
 * @param cpuMillis of one task, 1000 is one thread
 * @param maxDurationMillis of one task's container
 * @param maxPrice the most per GPU-second, in wei
 * @param cap the most that the whole job may cost, in wei
 * @param inputs files placed read-only under {@code /in}, by path relative to it
 */
public record JobSpec(
        String name,
        String image,
        List<String> command,
        Map<String, String> env,
        int tasks,
        GpuDemand gpus,
        int cpuMillis,
        long memoryMib,
        long maxDurationMillis,
        Ath maxPrice,
        Ath cap,
        Map<String, Input> inputs,
        Network network,
        Set<Region> regions) {
    public JobSpec {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        inputs = Map.copyOf(inputs);
        regions = Set.copyOf(regions);
    }

    /** The most that one task may cost: the cap's equal part, floored. */
    public Ath capOfTask() {
        return cap.share(1, tasks);
    }

    /** The same, with another cap. */
    public JobSpec withCap(Ath raised) {
        return new JobSpec(
                name,
                image,
                command,
                env,
                tasks,
                gpus,
                cpuMillis,
                memoryMib,
                maxDurationMillis,
                maxPrice,
                raised,
                inputs,
                network,
                regions);
    }

    /**
     * Which GPUs a task needs.
     *
     * @param model exactly this model, such as {@code H200}, or null for any
     * @param minMemoryMib of each GPU
     * @param allowSimulated whether simulated GPUs of a development network will do
     */
    public record GpuDemand(int count, @Nullable String model, long minMemoryMib, boolean allowSimulated) {}

    /** An uploaded file, by content. */
    public record Input(Sha256 digest, long bytes) {}

    /** What a container may reach. */
    public enum Network {
        NONE,
        EGRESS
    }
}
