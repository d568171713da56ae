package io.athanor.domain.placement;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.machine.Inventory.Gpu;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Offers and demands for tests of placement. */
final class SampleFleet {
    static final Region WEST = new Region("eu-west");
    static final Region EAST = new Region("us-east");
    private static final List<String> MODELS = List.of("H100", "H200", "RTX 4090");

    private SampleFleet() {}

    static Gpu gpu(Samples samples, String model, long memoryMib) {
        return new Gpu("GPU-" + samples.uuid(), model, memoryMib, 90, "570");
    }

    /** Free H100s of 80 GiB at 10^12 wei. */
    static Offer offer(Samples samples, int free, int total) {
        List<Gpu> gpus = new ArrayList<>();
        for (int i = 0; i < free; i++) {
            gpus.add(gpu(samples, "H100", 81_920));
        }
        return new Offer(
                samples.machine(),
                samples.wallet(),
                WEST,
                Ath.ofWei(1_000_000_000_000L),
                gpus,
                total,
                16 * total,
                65_536L * total,
                1_000_000L * total,
                1_000_000,
                0,
                false);
    }

    static Offer random(Samples samples) {
        int total = samples.oneOf(List.of(1, 2, 4, 8));
        List<Gpu> gpus = new ArrayList<>();
        String model = samples.oneOf(MODELS);
        for (int i = samples.between(0, total); i > 0; i--) {
            gpus.add(gpu(samples, model, samples.oneOf(List.of(24_576L, 81_920L))));
        }
        return new Offer(
                samples.machine(),
                samples.wallet(),
                samples.oneOf(List.of(WEST, EAST)),
                // Few prices, so that totals tie now and then.
                Ath.ofWei(1_000_000_000_000L * samples.between(1, 4)),
                gpus,
                total,
                samples.between(1, 32),
                samples.between(1, 65_536),
                1_000_000L * total,
                samples.oneOf(List.of(900_000L, 1_000_000L)),
                samples.oneOf(List.of(0L, 20_000L, 80_000L)),
                samples.chance(20));
    }

    static Demand random(Samples samples, List<Offer> offers) {
        JobSpec spec = new SampleSpec()
                .gpus(samples.between(1, 3))
                .model(samples.chance(50) ? null : samples.oneOf(MODELS))
                .gpuMemoryMib(samples.oneOf(List.of(0L, 40_000L)))
                .allowSimulated(samples.chance(50))
                .maxPrice(1_000_000_000_000L * samples.between(1, 4))
                .regions(samples.chance(70) ? Set.of() : Set.of(WEST))
                .cpuMillis(1_000 * samples.between(1, 8))
                .memoryMib(samples.between(6, 8_192))
                .build();
        Set<MachineId> avoid = offers.isEmpty() || samples.chance(70)
                ? Set.of()
                : Set.of(samples.oneOf(offers).machine());
        return new Demand(samples.task(), spec, samples.wallet(), avoid);
    }

    static Demand demand(Samples samples, JobSpec spec) {
        return new Demand(samples.task(), spec, samples.wallet(), Set.of());
    }
}
