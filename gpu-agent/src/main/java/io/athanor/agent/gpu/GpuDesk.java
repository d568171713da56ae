package io.athanor.agent.gpu;

import io.athanor.agent.nvml.CapacityCard;
import io.athanor.agent.nvml.GpuFault;
import io.athanor.agent.nvml.GpuInventory;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which GPUs this machine has, which of them are well, and which lease holds each. Invariant: a GPU is held by at most one
 * lease. A GPU that was lost or reported a hardware error is unwell until the agent is started again, or it came back.
 */
public final class GpuDesk {
    private static final int MILLIWATT_PER_WATT = 1000;
    /** No checker waits so long for an answer. */
    private static final Duration TEST_MOST = Duration.ofSeconds(5);

    private final GpuSource source;
    private final Map<String, GpuInventory> known = new LinkedHashMap<>();
    private final Map<String, LeaseId> holders = new HashMap<>();
    private final Map<String, Integer> tests = new HashMap<>();
    private final Set<String> unwell = new HashSet<>();
    private final Set<LeaseId> applicationErrors = new HashSet<>();
    private final Optional<String> withheld;

    public GpuDesk(GpuSource source) {
        this(source, Optional.empty());
    }

    /** @param withheld why no lease may have a GPU of this machine, if so */
    public GpuDesk(GpuSource source, Optional<String> withheld) {
        this.source = source;
        this.withheld = withheld;
        source.inventory().forEach(gpu -> known.put(gpu.uuid(), gpu));
    }

    /**
     * What a fault means for the rest of the agent.
     *
     * @param uuid the GPU, or null where the driver does not know it any more
     * @param holder the lease that loses it, null where none does or the fault is the application's
     */
    public record Consequence(
            @Nullable String uuid, @Nullable LeaseId holder, String detail) {}

    /**
     * Gives GPUs to a lease, all or none.
     *
     * @return why not, empty when it holds them (also when it did before)
     */
    public synchronized Optional<String> hold(LeaseId lease, List<String> uuids) {
        if (!uuids.isEmpty() && withheld.isPresent()) {
            return withheld;
        }
        for (String uuid : uuids) {
            LeaseId holder = holders.get(uuid);
            if (!known.containsKey(uuid)) {
                return Optional.of("this machine has no GPU " + uuid);
            }
            if (isSplit(known.get(uuid))) {
                return Optional.of("GPU " + uuid + " is in MIG mode, so its instances are lent; turn it off with"
                        + " nvidia-smi -mig 0 and restart the agent to lend the whole GPU");
            }
            if (unwell.contains(uuid)) {
                return Optional.of("GPU " + uuid + " is unwell");
            }
            if (holder != null && !holder.equals(lease)) {
                return Optional.of("GPU " + uuid + " is held by " + holder);
            }
        }
        uuids.forEach(uuid -> holders.put(uuid, lease));
        return Optional.empty();
    }

    /** A lease gives back what it holds. */
    public synchronized void release(LeaseId lease) {
        holders.values().removeIf(lease::equals);
        applicationErrors.remove(lease);
    }

    /** Takes note of a fault; empty where it changes nothing but the blame for the job's end. */
    public synchronized Optional<Consequence> fault(GpuFault fault) {
        String uuid = fault.uuid();
        LeaseId holder = uuid == null ? null : holders.get(uuid);
        if (fault.blame() == GpuFault.Blame.APPLICATION) {
            if (holder != null) {
                applicationErrors.add(holder);
            }
            return Optional.empty();
        }
        if (uuid != null && !unwell.add(uuid)) {
            return Optional.empty();
        }
        String detail = fault.xid() == null ? "does not answer" : "XID " + fault.xid();
        return Optional.of(new Consequence(uuid, holder, detail));
    }

    /** True when the application of this lease caused a GPU error. */
    public synchronized boolean applicationError(LeaseId lease) {
        return applicationErrors.contains(lease);
    }

    /** What computes a capacity test on a GPU; a real one that a lease holds computes none, since a test fills its memory. */
    public synchronized Optional<CapacityCard> card(String uuid) {
        return holders.containsKey(uuid) && !simulated()
                ? Optional.empty()
                : source.card(uuid).map(card -> work -> compute(uuid, card, work));
    }

    private byte[] compute(String uuid, CapacityCard card, CapacityWork work) throws InterruptedException {
        begin(uuid);
        try {
            return card.compute(work);
        } finally {
            end(uuid);
        }
    }

    private synchronized void begin(String uuid) {
        if (holders.containsKey(uuid) && !simulated()) {
            throw new IllegalStateException("GPU " + uuid + " works for a job");
        }
        tests.merge(uuid, 1, Integer::sum);
    }

    private synchronized void end(String uuid) {
        tests.merge(uuid, -1, Integer::sum);
        notifyAll();
    }

    /** Returns once no capacity test computes on these GPUs, at the latest after {@link #TEST_MOST}: none begins on a held one. */
    public synchronized void awaitTests(List<String> uuids) throws InterruptedException {
        long until = System.nanoTime() + TEST_MOST.toNanos();
        while (uuids.stream().anyMatch(uuid -> tests.getOrDefault(uuid, 0) > 0)) {
            long left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    public boolean simulated() {
        return source.simulated();
    }

    /** The machine's GPUs as enrolment and session report them; a split card is none, its instances are. */
    public synchronized List<Inventory.Gpu> inventory() {
        String driver = source.simulated() ? "simulated" : String.valueOf(source.driverVersion());
        return known.values().stream()
                .filter(gpu -> !isSplit(gpu))
                .map(gpu -> new Inventory.Gpu(
                        gpu.uuid(),
                        GpuModel.of(gpu, known.get(gpu.card())),
                        gpu.memoryMiB(),
                        orZero(gpu.computeCapability()),
                        driver))
                .toList();
    }

    /** One line a GPU for the heartbeat; what a card does not report is 0. */
    public synchronized List<GpuHealth> health() {
        Map<String, GpuInventory> now = new HashMap<>();
        source.inventory().forEach(gpu -> now.put(gpu.uuid(), gpu));
        List<GpuHealth> lines = new ArrayList<>();
        known.keySet().forEach(uuid -> {
            GpuInventory gpu = now.get(uuid);
            lines.add(
                    gpu == null
                            ? new GpuHealth(uuid, false, 0, 0, 0, 0)
                            : new GpuHealth(
                                    uuid,
                                    !unwell.contains(uuid),
                                    orZero(gpu.utilisationPercent()),
                                    orZero(gpu.temperatureCelsius()),
                                    orZero(gpu.powerMilliwatt()) / MILLIWATT_PER_WATT,
                                    gpu.memoryUsedMiB() == null ? 0 : gpu.memoryUsedMiB()));
        });
        return lines;
    }

    private static boolean isSplit(@Nullable GpuInventory gpu) {
        return gpu != null && gpu.isSplit();
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
