package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.ModelWeight;
import io.athanor.domain.protocol.ProtocolParameters;

/**
 * What a machine on offer commits of its provider's own stake: K(model) of all its GPUs times the stake of an H100, in wei.
 *
 * <p>Invariant: what is committed cannot unbond until the machine retires or its GPUs leave. Where K of a model is not
 * fixed and the machine has no certificate yet, each GPU counts as an H100. Source: Aethir's stake a GPU.
 */
public final class OfferStake {
    private static final long PPM = 1_000_000;
    private static final long BPS = 10_000;

    private OfferStake() {}

    /**
     * Rounded down; zero where the network's offers commit nothing.
     *
     * @param score as certified, in ppm of an H100; 0 before
     */
    public static Ath required(Inventory inventory, long score, ProtocolParameters parameters) {
        Integer share = parameters.stake().offerBps();
        if (share == null) {
            return Ath.ZERO;
        }
        long known = score > 0 ? score : PPM * inventory.gpus().size();
        long weight = ModelWeight.ppm(inventory, known, parameters.reward().modelPpm());
        return parameters.stake().providerPerGpu().share(weight * share, PPM * BPS);
    }
}
