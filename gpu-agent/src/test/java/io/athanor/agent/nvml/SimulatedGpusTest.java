package io.athanor.agent.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedGpusTest {

    @Test
    void saysItIsSimulatedInEveryRecordAndKeepsItsUuids() throws Exception {
        SimulatedGpus gpus = SimulatedGpus.parse("2xH200,1xL40S", "machine-1");
        assertThat(gpus.simulated()).isTrue();
        assertThat(gpus.inventory())
                .hasSize(3)
                .allMatch(GpuInventory::simulated)
                .allMatch(gpu -> gpu.uuid().startsWith("SIM-"))
                .extracting(GpuInventory::memoryMiB)
                .containsExactly(143_771L, 143_771L, 46_068L);
        assertThat(uuids("machine-1")).isEqualTo(uuids("machine-1")).doesNotHaveDuplicates();
        assertThat(uuids("machine-1")).doesNotContainAnyElementsOf(uuids("machine-2"));
        assertThat(gpus.awaitFaults(Duration.ofMillis(1))).isEmpty();
    }

    private static List<String> uuids(String seed) {
        return SimulatedGpus.parse("2xH200", seed).inventory().stream()
                .map(GpuInventory::uuid)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H200", "2xVoodoo", "0xH200", "65xH200", "2xH200,", "-1xH200"})
    void refusesWhatItCannotSimulate(String spec) {
        assertThatIllegalArgumentException().isThrownBy(() -> SimulatedGpus.parse(spec, "seed"));
    }

    @Test
    void aMachineWithoutGpusIsNotSimulated() {
        assertThat(GpuSource.none().simulated()).isFalse();
        assertThat(GpuSource.none().inventory()).isEmpty();
    }
}
