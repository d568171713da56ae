package io.athanor.local.bench.peers;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.machine.Inventory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Hardware that does not exist and says so: {@code simulated} is set and every GPU's UUID begins with {@code SIM-}. */
final class SimulatedInventory {
    private static final String MODEL = "H200";
    private static final long GPU_MEMORY_MIB = 143_771;
    private static final int COMPUTE_CAPABILITY = 90;
    private static final int THREADS_PER_GPU = 8;
    private static final long MEMORY_MIB_PER_GPU = 65_536;
    private static final long DISK_GIB_PER_GPU = 512;

    private SimulatedInventory() {}

    static Inventory of(MachineId machine, int gpus) {
        List<Inventory.Gpu> all = new ArrayList<>();
        for (int i = 0; i < gpus; i++) {
            UUID uuid = UUID.nameUUIDFromBytes((machine + "/" + i).getBytes(StandardCharsets.UTF_8));
            all.add(new Inventory.Gpu("SIM-" + uuid, MODEL, GPU_MEMORY_MIB, COMPUTE_CAPABILITY, "simulated"));
        }
        String fingerprint = Hex.encode(Digests.sha256(("simulated/" + machine).getBytes(StandardCharsets.UTF_8)));
        return new Inventory(
                fingerprint,
                new Region("local"),
                all,
                THREADS_PER_GPU * gpus,
                MEMORY_MIB_PER_GPU * gpus,
                DISK_GIB_PER_GPU * gpus,
                0,
                0,
                "simulated",
                true);
    }
}
