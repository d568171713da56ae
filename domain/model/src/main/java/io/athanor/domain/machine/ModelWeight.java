package io.athanor.domain.machine;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * K(model): what hardware counts beside one H100, in ppm, for rewards and for the stake that stands behind it.
 *
 * <p>Invariant: a machine weighs the sum of its GPUs' K where the network has fixed it for every model, and its certified
 * score otherwise. An instance of a card that is split, named {@code <model> MIG <slices>g.<memory>gb}, counts its slices'
 * share of the card's K where the network has fixed none for it. Source: Aethir's table of stake coefficients by model; seven
 * compute slices are what NVIDIA divides these cards into.
 */
public final class ModelWeight {
    private static final Pattern INSTANCE = Pattern.compile("(.+) MIG ([1-7])g\\.[0-9]{1,3}gb(\\+.*)?");
    private static final int SLICES = 7;

    private ModelWeight() {}

    /** Of one GPU; null where the network has fixed none for its model nor for the card that it is an instance of. */
    public static @Nullable Long of(String model, Map<String, Long> modelPpm) {
        Long fixed = modelPpm.get(model);
        Matcher instance = INSTANCE.matcher(model);
        if (fixed != null || !instance.matches()) {
            return fixed;
        }
        Long card = modelPpm.get(instance.group(1));
        return card == null ? null : card * Integer.parseInt(instance.group(2)) / SLICES;
    }

    /**
     * Of all GPUs of a machine; 0 before it showed its hardware.
     *
     * @param modelPpm K by model name, in ppm
     */
    public static long ppm(Machine machine, Map<String, Long> modelPpm) {
        Inventory inventory = machine.inventory();
        return inventory == null ? 0 : ppm(inventory, machine.score(), modelPpm);
    }

    /**
     * Of all these GPUs.
     *
     * @param score what they count together where K of one of them is not fixed, in ppm
     */
    public static long ppm(Inventory inventory, long score, Map<String, Long> modelPpm) {
        long weight = 0;
        for (Inventory.Gpu gpu : inventory.gpus()) {
            Long k = of(gpu.model(), modelPpm);
            if (k == null) {
                return score;
            }
            weight += k;
        }
        return weight;
    }
}
