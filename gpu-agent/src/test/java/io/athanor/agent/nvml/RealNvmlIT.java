package io.athanor.agent.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the driver's library tells the agent, beside what {@code nvidia-smi} prints at the same time, field by field. Needs a
 * machine with an NVIDIA GPU and its driver; {@code mvn -Pgpu verify} runs it there, and fails where there is none.
 */
@Tag("gpu")
class RealNvmlIT {
    private static final String LIBRARY = "libnvidia-ml.so.1";
    private static final List<String> FIELDS = List.of(
            "uuid",
            "name",
            "serial",
            "pci.bus_id",
            "memory.total",
            "compute_cap",
            "power.limit",
            "ecc.mode.current",
            "ecc.errors.uncorrected.volatile.total",
            "mig.mode.current",
            "memory.used",
            "temperature.gpu",
            "power.draw",
            "utilization.gpu");

    @Test
    void everyFieldIsWhatNvidiaSmiSays() throws Exception {
        try (NvmlGpus gpus = NvmlGpus.open(LIBRARY).orElseThrow()) {
            // nvidia-smi has lines for cards alone, not for the instances of a split one.
            List<GpuInventory> found =
                    gpus.inventory().stream().filter(gpu -> gpu.card() == null).toList();
            Map<String, Line> said = smi();
            assertThat(found).isNotEmpty();
            assertThat(found).extracting(GpuInventory::uuid).containsExactlyInAnyOrderElementsOf(said.keySet());
            found.forEach(gpu -> requireSame(gpu, Objects.requireNonNull(said.get(gpu.uuid()))));
        }
    }

    private static void requireSame(GpuInventory gpu, Line said) {
        assertThat(gpu.name()).isEqualTo(said.of("name", Function.identity()));
        assertThat(gpu.serial()).isEqualTo(said.of("serial", Function.identity()));
        assertThat(gpu.pciBusId()).isEqualToIgnoringCase(said.of("pci.bus_id", Function.identity()));
        assertThat(gpu.memoryMiB()).isCloseTo(said.of("memory.total", Long::valueOf), within(1L));
        assertThat(gpu.computeCapability())
                .isEqualTo(said.of("compute_cap", text -> Integer.valueOf(text.replace(".", ""))));
        assertThat(gpu.powerLimitMilliwatt()).isEqualTo(said.of("power.limit", RealNvmlIT::milliwatt));
        assertThat(gpu.eccEnabled()).isEqualTo(said.of("ecc.mode.current", "Enabled"::equals));
        assertThat(gpu.eccUncorrected()).isEqualTo(said.of("ecc.errors.uncorrected.volatile.total", Long::valueOf));
        assertThat(gpu.migEnabled()).isEqualTo(said.of("mig.mode.current", "Enabled"::equals));
        assertThat(gpu.simulated()).isFalse();
        requireClose(gpu.memoryUsedMiB(), said.of("memory.used", Long::valueOf), 1_024);
        requireClose(gpu.temperatureCelsius(), said.of("temperature.gpu", Integer::valueOf), 5);
        requireClose(gpu.powerMilliwatt(), said.of("power.draw", RealNvmlIT::milliwatt), 100_000);
        requireClose(gpu.utilisationPercent(), said.of("utilization.gpu", Integer::valueOf), 100);
    }

    /** Of what moves from one moment to the next. */
    private static void requireClose(@Nullable Number ours, @Nullable Number theirs, long tolerance) {
        assertThat(ours == null).isEqualTo(theirs == null);
        if (ours != null && theirs != null) {
            assertThat(ours.longValue()).isCloseTo(theirs.longValue(), within(tolerance));
        }
    }

    private static int milliwatt(String watts) {
        return (int) Math.round(Double.parseDouble(watts) * 1_000);
    }

    /** One GPU's values as {@code nvidia-smi} prints them. */
    private record Line(List<String> values) {
        /** Null where the card does not report it. */
        <T> @Nullable T of(String field, Function<String, T> read) {
            String text = values.get(FIELDS.indexOf(field));
            return text.startsWith("[") || text.equals("N/A") ? null : read.apply(text);
        }
    }

    private static Map<String, Line> smi() throws IOException, InterruptedException {
        Process smi = new ProcessBuilder(
                        "nvidia-smi", "--query-gpu=" + String.join(",", FIELDS), "--format=csv,noheader,nounits")
                .redirectErrorStream(true)
                .start();
        String said = new String(smi.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(smi.waitFor()).as(said).isZero();
        return said.lines()
                .map(line -> new Line(Arrays.asList(line.split(", *"))))
                .collect(Collectors.toMap(line -> line.values().getFirst(), Function.identity()));
    }
}
