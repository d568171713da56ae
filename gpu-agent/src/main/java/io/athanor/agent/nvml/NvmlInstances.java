package io.athanor.agent.nvml;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The MIG instances of this machine's cards, each a GPU of its own.
 *
 * <p>Invariant: only instances with memory and faults of their own are here. Compute instances that share one GPU instance's
 * memory, named {@code …c.…g.…gb}, are not: one job could read what another left there.
 */
final class NvmlInstances {
    /** What NVML writes where a fault concerns no instance, or all of them. */
    static final int ALL = -1;

    private static final int MAX_INSTANCES = 16;
    private static final Pattern WHOLE = Pattern.compile(".* MIG [1-7]g\\.[0-9]{1,3}gb(\\+\\S+)?");

    private final NvmlLibrary nvml;
    private final Map<String, Instance> known = new LinkedHashMap<>();

    /**
     * One of them.
     *
     * @param card the UUID of its card
     * @param number of the GPU instance on its card, null where the driver does not say
     */
    record Instance(
            String uuid,
            String card,
            MemorySegment handle,
            @Nullable Integer number) {}

    NvmlInstances(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    /** Takes in what this card is split into. */
    void read(String card, MemorySegment device) {
        Integer most = nvml.number(NvmlCall.MIG_COUNT, device);
        for (int i = 0; most != null && i < Math.min(most, MAX_INSTANCES); i++) {
            MemorySegment handle = nvml.instance(device, i);
            String uuid = handle == null ? null : nvml.text(NvmlCall.UUID, handle);
            String name = handle == null ? null : nvml.text(NvmlCall.NAME, handle);
            if (handle != null
                    && uuid != null
                    && name != null
                    && WHOLE.matcher(name).matches()) {
                known.put(uuid, new Instance(uuid, card, handle, nvml.number(NvmlCall.GPU_INSTANCE_ID, handle)));
            }
        }
    }

    boolean contains(String uuid) {
        return known.containsKey(uuid);
    }

    List<Instance> all() {
        return List.copyOf(known.values());
    }

    /** Of one card. */
    List<Instance> of(String card) {
        return known.values().stream().filter(one -> one.card().equals(card)).toList();
    }

    /** Those of a card that a fault of this instance concerns: all where the driver does not say which. */
    List<String> hitBy(String card, int number) {
        List<String> hit = new ArrayList<>();
        for (Instance one : of(card)) {
            Integer its = one.number();
            if (number == ALL || its == null || its == number) {
                hit.add(one.uuid());
            }
        }
        return hit;
    }
}
