package io.athanor.domain.testing;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Region;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.job.JobSpec.Input;
import io.athanor.domain.job.JobSpec.Network;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A valid specification, of which a test changes what it is about. */
public final class SampleSpec {
    private String name = "render";
    private String image = "registry.example/render@sha256:" + "ab".repeat(32);
    private List<String> command = List.of("/render", "scene.json");
    private Map<String, String> env = Map.of("QUALITY", "high");
    private int tasks = 1;
    private int gpus = 1;
    private @Nullable String model;
    private long gpuMemoryMib;
    private boolean allowSimulated = true;
    private int cpuMillis = 1_000;
    private long memoryMib = 512;
    private long maxDurationMillis = 3_600_000;
    private Ath maxPrice = Ath.ofWei(2_000_000_000_000L);
    private Ath cap = Ath.ofWhole(1);
    private Map<String, Input> inputs = Map.of();
    private Set<Region> regions = Set.of();

    public SampleSpec name(String value) {
        name = value;
        return this;
    }

    public SampleSpec image(String value) {
        image = value;
        return this;
    }

    public SampleSpec command(List<String> value) {
        command = value;
        return this;
    }

    public SampleSpec env(Map<String, String> value) {
        env = value;
        return this;
    }

    public SampleSpec tasks(int value) {
        tasks = value;
        return this;
    }

    public SampleSpec gpus(int value) {
        gpus = value;
        return this;
    }

    public SampleSpec model(@Nullable String value) {
        model = value;
        return this;
    }

    public SampleSpec gpuMemoryMib(long value) {
        gpuMemoryMib = value;
        return this;
    }

    public SampleSpec allowSimulated(boolean value) {
        allowSimulated = value;
        return this;
    }

    public SampleSpec cpuMillis(int value) {
        cpuMillis = value;
        return this;
    }

    public SampleSpec memoryMib(long value) {
        memoryMib = value;
        return this;
    }

    public SampleSpec maxDurationMillis(long value) {
        maxDurationMillis = value;
        return this;
    }

    /** Wei a GPU-second. */
    public SampleSpec maxPrice(Ath price) {
        maxPrice = price;
        return this;
    }

    public SampleSpec maxPrice(long wei) {
        maxPrice = Ath.ofWei(wei);
        return this;
    }

    public SampleSpec cap(Ath value) {
        cap = value;
        return this;
    }

    public SampleSpec inputs(Map<String, Input> value) {
        inputs = value;
        return this;
    }

    public SampleSpec regions(Set<Region> value) {
        regions = value;
        return this;
    }

    public JobSpec build() {
        return new JobSpec(
                name,
                image,
                command,
                env,
                tasks,
                new GpuDemand(gpus, model, gpuMemoryMib, allowSimulated),
                cpuMillis,
                memoryMib,
                maxDurationMillis,
                maxPrice,
                cap,
                inputs,
                Network.NONE,
                regions);
    }
}
