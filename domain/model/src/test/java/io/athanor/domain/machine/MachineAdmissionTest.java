package io.athanor.domain.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Region;
import io.athanor.domain.machine.Inventory.Gpu;
import io.athanor.domain.protocol.ProtocolParameters.Admission;
import io.athanor.domain.testing.SampleParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineAdmissionTest {
    private static final Admission RULES = SampleParameters.get().admission();
    private static final Gpu GOOD = gpu("GPU-1", RULES.minVramMib(), RULES.minCapability());

    private static Gpu gpu(String uuid, long memoryMib, int capability) {
        return new Gpu(uuid, "H100", memoryMib, capability, "570");
    }

    private static Inventory machine(List<Gpu> gpus, int threads, long memoryMib, long diskGib, boolean simulated) {
        return new Inventory(
                "0x00", new Region("eu-west"), gpus, threads, memoryMib, diskGib, 100, 50, "28", simulated);
    }

    /** Exactly the requirements of one GPU. */
    private static Inventory least(Gpu... gpus) {
        return machine(
                List.of(gpus), RULES.minThreadsPerGpu(), RULES.minMemoryMibPerGpu(), RULES.minDiskGibPerGpu(), false);
    }

    private static void refused(Inventory inventory, Reason reason, String detail) {
        assertThatThrownBy(() -> MachineAdmission.require(inventory, RULES))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(reason))
                .hasMessageContaining(detail);
    }

    @Test
    void exactlyTheRequirementsAreEnough() {
        assertThatCode(() -> MachineAdmission.require(least(GOOD), RULES)).doesNotThrowAnyException();
    }

    @Test
    void eachRequirementIsNamed() {
        refused(least(), Reason.HARDWARE_REQUIREMENT, "GPUs");
        refused(least(gpu("G", RULES.minVramMib() - 1, 90)), Reason.HARDWARE_REQUIREMENT, "VRAM");
        refused(least(gpu("G", 81_920, RULES.minCapability() - 1)), Reason.HARDWARE_REQUIREMENT, "capability");
        refused(machine(List.of(GOOD), 3, 65_536, 500, false), Reason.HARDWARE_REQUIREMENT, "threads");
        refused(machine(List.of(GOOD), 4, 16_383, 500, false), Reason.HARDWARE_REQUIREMENT, "memory");
        refused(machine(List.of(GOOD), 4, 65_536, 99, false), Reason.HARDWARE_REQUIREMENT, "disk");
        refused(least(GOOD, GOOD), Reason.HARDWARE_REQUIREMENT, "twice");
        refused(machine(List.of(GOOD), 4, 65_536, 500, true), Reason.SIMULATED_NOT_ALLOWED, "simulated");
    }

    @Test
    void moreGpusNeedMoreOfTheRest() {
        refused(least(GOOD, gpu("GPU-2", 81_920, 90)), Reason.HARDWARE_REQUIREMENT, "threads");
        Gpu second = gpu("GPU-2", 81_920, 90);
        refused(machine(List.of(GOOD, second), 8, 32_767, 200, false), Reason.HARDWARE_REQUIREMENT, "memory");
        refused(machine(List.of(GOOD, second), 8, 32_768, 199, false), Reason.HARDWARE_REQUIREMENT, "disk");
        assertThatCode(() -> MachineAdmission.require(machine(List.of(GOOD, second), 8, 32_768, 200, false), RULES))
                .doesNotThrowAnyException();
        List<Gpu> tooMany = new ArrayList<>(Collections.nCopies(65, GOOD));
        refused(machine(tooMany, 1_000, 10_000_000, 100_000, false), Reason.HARDWARE_REQUIREMENT, "64");
    }
}
