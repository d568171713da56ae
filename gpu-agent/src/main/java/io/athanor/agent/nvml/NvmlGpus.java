package io.athanor.agent.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.athanor.agent.cuda.CudaCards;
import io.athanor.agent.cuda.InstanceCards;
import io.athanor.agent.nvml.NvmlInstances.Instance;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs that NVIDIA's driver manages. A GPU that was there at the start and no longer answers is missing from
 * {@link #inventory()} and reported once by {@link #awaitFaults} as a hardware fault without an XID.
 */
public final class NvmlGpus implements GpuSource {
    /** The name that the dynamic loader knows on every Linux with the driver. */
    public static final String LIBRARY = "libnvidia-ml.so.1";

    /** nvmlEventTypeXidCriticalError. */
    private static final long XID_EVENTS = 0x8;

    private static final int PCI_INFO_BYTES = 68;
    private static final int PCI_BUS_ID_OFFSET = 36;
    private static final int EVENT_DATA_BYTES = 32;
    private static final int MAX_GPUS = 64;
    private static final int EVENT_INSTANCE_OFFSET = 24;
    private static final long MIB = 1 << 20;

    private final NvmlLibrary nvml;
    private final CudaCards cuda;
    private final InstanceCards instanceCards;
    private final NvmlInstances instances;
    private final Map<String, MemorySegment> devices = new LinkedHashMap<>();
    private final List<String> lost = new ArrayList<>();
    private final @Nullable MemorySegment events;

    private NvmlGpus(NvmlLibrary nvml, String cuda) {
        this.nvml = nvml;
        this.cuda = new CudaCards(cuda);
        this.instanceCards = new InstanceCards(cuda);
        this.instances = new NvmlInstances(nvml);
        this.events = nvml.newEventSet();
        for (int i = 0; i < Math.min(nvml.count(), MAX_GPUS); i++) {
            MemorySegment device = nvml.byIndex(i);
            String uuid = device == null ? null : nvml.text(NvmlCall.UUID, device);
            if (device != null && uuid != null) {
                devices.put(uuid, device);
                register(device);
                if (isSplit(device)) {
                    instances.read(uuid, device);
                }
            }
        }
    }

    private boolean isSplit(MemorySegment device) {
        int[] mig = nvml.pair(NvmlCall.MIG_MODE, device);
        return mig != null && mig[0] == 1;
    }

    private void register(MemorySegment device) {
        if (events != null) {
            // A card without XID events answers NOT_SUPPORTED; its loss is still seen by inventory().
            nvml.call(NvmlCall.EVENT_REGISTER, device, XID_EVENTS, events);
        }
    }

    /**
     * The GPUs of this machine's driver.
     *
     * @return empty where the library is not installed
     * @throws IllegalStateException when the library is installed and refuses to start
     */
    public static Optional<NvmlGpus> open(String library) {
        return open(library, CudaCards.LIBRARY);
    }

    static Optional<NvmlGpus> open(String library, String cuda) {
        return NvmlLibrary.open(library).map(nvml -> new NvmlGpus(nvml, cuda));
    }

    @Override
    public synchronized Optional<CapacityCard> card(String uuid) {
        if (instances.contains(uuid)) {
            return Optional.of(work -> instanceCards.compute(uuid, work));
        }
        return devices.containsKey(uuid) ? Optional.of(work -> cuda.compute(uuid, work)) : Optional.empty();
    }

    @Override
    public synchronized List<GpuInventory> inventory() {
        List<GpuInventory> found = new ArrayList<>();
        devices.forEach((uuid, device) -> {
            if (nvml.text(NvmlCall.UUID, device) != null) {
                GpuInventory card = describe(uuid, device);
                found.add(card);
                instances.of(uuid).forEach(one -> describe(one, card).ifPresent(found::add));
            }
        });
        return found;
    }

    private GpuInventory describe(String uuid, MemorySegment device) {
        String name = nvml.text(NvmlCall.NAME, device);
        long[] memory = memory(device);
        int[] capability = nvml.pair(NvmlCall.COMPUTE_CAPABILITY, device);
        int[] ecc = nvml.pair(NvmlCall.ECC_MODE, device);
        int[] mig = nvml.pair(NvmlCall.MIG_MODE, device);
        return new GpuInventory(
                uuid,
                name == null ? "unnamed NVIDIA GPU" : name,
                nvml.text(NvmlCall.SERIAL, device),
                pciBusId(device),
                memory == null ? 0 : memory[0] / MIB,
                memory == null ? null : memory[2] / MIB,
                capability == null ? null : capability[0] * 10 + capability[1],
                utilisation(device),
                nvml.temperature(device),
                nvml.number(NvmlCall.POWER, device),
                nvml.number(NvmlCall.POWER_LIMIT, device),
                ecc == null ? null : ecc[0] == 1,
                nvml.uncorrectedEccErrors(device),
                mig == null ? null : mig[0] == 1,
                false);
    }

    private Optional<GpuInventory> describe(Instance one, GpuInventory card) {
        String name = nvml.text(NvmlCall.NAME, one.handle());
        long[] memory = memory(one.handle());
        if (nvml.text(NvmlCall.UUID, one.handle()) == null || name == null || memory == null) {
            return Optional.empty();
        }
        return Optional.of(card.instance(one.uuid(), name, memory[0] / MIB, memory[2] / MIB));
    }

    /** nvmlMemory_t: total, free, used in bytes. */
    private long @Nullable [] memory(MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_LONG, 3);
            return nvml.call(NvmlCall.MEMORY, device, out) == NvmlLibrary.SUCCESS ? out.toArray(JAVA_LONG) : null;
        }
    }

    /** nvmlUtilization_t: gpu, memory. */
    private @Nullable Integer utilisation(MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_INT, 2);
            return nvml.call(NvmlCall.UTILISATION, device, out) == NvmlLibrary.SUCCESS ? out.get(JAVA_INT, 0) : null;
        }
    }

    /** nvmlPciInfo_t: a legacy bus id of 16 bytes, five ints, the bus id of 32 bytes. */
    private @Nullable String pciBusId(MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(PCI_INFO_BYTES, Integer.BYTES);
            return nvml.call(NvmlCall.PCI, device, out) == NvmlLibrary.SUCCESS
                    ? out.getString(PCI_BUS_ID_OFFSET)
                    : null;
        }
    }

    @Override
    public List<GpuFault> awaitFaults(Duration wait) throws InterruptedException {
        if (Thread.interrupted()) {
            // The native wait below does not notice an interruption.
            throw new InterruptedException();
        }
        List<GpuFault> faults = new ArrayList<>(newlyLost());
        if (events == null) {
            Thread.sleep(faults.isEmpty() ? wait : Duration.ZERO);
            return faults;
        }
        faults.addAll(awaitXid(events, faults.isEmpty() ? wait : Duration.ZERO));
        return faults;
    }

    /** nvmlEventData_t: device, type, data, two instance ids. */
    private List<GpuFault> awaitXid(MemorySegment set, Duration wait) throws InterruptedException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(EVENT_DATA_BYTES, Long.BYTES);
            int code = nvml.call(NvmlCall.EVENT_WAIT, set, out, (int) wait.toMillis());
            if (code == NvmlLibrary.SUCCESS) {
                long xid = out.get(JAVA_LONG, 16);
                return faults(uuidOf(out.get(JAVA_LONG, 0)), out.get(JAVA_INT, EVENT_INSTANCE_OFFSET), xid);
            }
            if (code != NvmlLibrary.TIMEOUT) {
                // Lost cards make the wait return at once with an error: keep this loop from spinning.
                Thread.sleep(wait);
            }
            return List.of();
        }
    }

    /** Of a split card's instances those are hit that the driver names, or all. */
    private synchronized List<GpuFault> faults(@Nullable String card, int instance, long xid) {
        GpuFault.Blame blame = GpuFault.blameOfXid(xid);
        List<String> hit = card == null ? List.of() : instances.hitBy(card, instance);
        return hit.isEmpty()
                ? List.of(new GpuFault(card, xid, blame))
                : hit.stream().map(uuid -> new GpuFault(uuid, xid, blame)).toList();
    }

    private synchronized @Nullable String uuidOf(long handle) {
        return devices.entrySet().stream()
                .filter(known -> known.getValue().address() == handle)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private synchronized List<GpuFault> newlyLost() {
        List<GpuFault> gone = new ArrayList<>();
        Map<String, MemorySegment> all = new LinkedHashMap<>(devices);
        instances.all().forEach(one -> all.put(one.uuid(), one.handle()));
        all.forEach((uuid, device) -> {
            boolean answers = nvml.text(NvmlCall.UUID, device) != null;
            if (answers) {
                lost.remove(uuid);
            } else if (!lost.contains(uuid)) {
                lost.add(uuid);
                gone.add(new GpuFault(uuid, null, GpuFault.Blame.HARDWARE));
            }
        });
        // A library that was closed meanwhile answers nothing, which says nothing about the cards.
        return nvml.isClosed() ? List.of() : gone;
    }

    @Override
    public boolean simulated() {
        return false;
    }

    @Override
    public @Nullable String driverVersion() {
        return nvml.text(NvmlCall.DRIVER_VERSION, null);
    }

    @Override
    public void close() {
        instanceCards.close();
        nvml.close(events);
    }
}
