package io.athanor.domain.machine;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.protocol.ProtocolParameters.Admission;
import java.util.HashSet;
import java.util.Set;

/** Whether a machine's hardware meets the network's requirements; each refusal names the one it fails. */
public final class MachineAdmission {
    private MachineAdmission() {}

    /** Error: {@link Refused} HARDWARE_REQUIREMENT or SIMULATED_NOT_ALLOWED. */
    public static void require(Inventory inventory, Admission rules) {
        int gpus = inventory.gpus().size();
        Refused.unless(
                gpus >= 1 && gpus <= Limits.GPUS_PER_MACHINE,
                Reason.HARDWARE_REQUIREMENT,
                "a machine has 1 to " + Limits.GPUS_PER_MACHINE + " GPUs, this one " + gpus);
        Refused.unless(
                rules.allowSimulated() || !inventory.simulated(),
                Reason.SIMULATED_NOT_ALLOWED,
                "the machine's GPUs are simulated");
        requireForm(inventory);
        for (Inventory.Gpu gpu : inventory.gpus()) {
            atLeast("VRAM in MiB of " + gpu.model(), gpu.memoryMib(), rules.minVramMib());
            atLeast("compute capability × 10 of " + gpu.model(), gpu.computeCapability(), rules.minCapability());
        }
        atLeast("CPU threads", inventory.cpuThreads(), (long) rules.minThreadsPerGpu() * gpus);
        atLeast("memory in MiB", inventory.memoryMib(), rules.minMemoryMibPerGpu() * gpus);
        atLeast("disk in GiB", inventory.diskGib(), rules.minDiskGibPerGpu() * gpus);
    }

    /**
     * What holds for every inventory, also of a machine whose GPUs fail: bounded, each GPU once, texts of a name's length.
     * Error: {@link Refused} HARDWARE_REQUIREMENT.
     */
    static void requireForm(Inventory inventory) {
        Refused.unless(
                inventory.gpus().size() <= Limits.GPUS_PER_MACHINE,
                Reason.HARDWARE_REQUIREMENT,
                "a machine has at most " + Limits.GPUS_PER_MACHINE + " GPUs");
        name("fingerprint", inventory.fingerprint());
        name("engineVersion", inventory.engineVersion());
        Set<String> uuids = new HashSet<>();
        for (Inventory.Gpu gpu : inventory.gpus()) {
            name("GPU uuid", gpu.uuid());
            name("GPU model", gpu.model());
            name("GPU driver", gpu.driver());
            Refused.unless(
                    gpu.memoryMib() > 0 && gpu.memoryMib() <= Limits.GPU_MEMORY_MIB,
                    Reason.HARDWARE_REQUIREMENT,
                    "a GPU has 1 to " + Limits.GPU_MEMORY_MIB + " MiB of memory, " + gpu.uuid() + " says "
                            + gpu.memoryMib());
            Refused.unless(uuids.add(gpu.uuid()), Reason.HARDWARE_REQUIREMENT, "GPU listed twice: " + gpu.uuid());
        }
    }

    private static void name(String what, String text) {
        boolean fits = text.length() <= Limits.NAME_CHARS && text.chars().noneMatch(Character::isISOControl);
        Refused.unless(
                fits,
                Reason.HARDWARE_REQUIREMENT,
                what + " must have at most " + Limits.NAME_CHARS + " plain characters");
    }

    private static void atLeast(String what, long has, long needs) {
        Refused.unless(has >= needs, Reason.HARDWARE_REQUIREMENT, what + " must be at least " + needs + ", is " + has);
    }
}
