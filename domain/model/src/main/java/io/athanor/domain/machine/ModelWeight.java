package io.athanor.domain.machine;

import java.util.Map;

/**
 * K(model): what hardware counts beside one H100, in ppm, for rewards and for the stake that stands behind it.
 *
 * <p>Invariant: a machine weighs the sum of its GPUs' K where the network has fixed it for every model, and its certified
 * score otherwise. Source: Aethir's table of stake coefficients by model.
 */
public final class ModelWeight {
    private ModelWeight() {}

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
            Long k = modelPpm.get(gpu.model());
            if (k == null) {
                return score;
            }
            weight += k;
        }
        return weight;
    }
}
