package io.athanor.saga.live;

import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.PoolTerms;
import java.util.Map;

/** The terms of the checkers' pools in an epoch, fixed when the next one opened; only of those that share. */
public record EpochPools(Map<Wallet, PoolTerms> terms) {
    static final EpochPools NONE = new EpochPools(Map.of());

    public EpochPools {
        terms = PersistentMap.copyOf(terms);
    }
}
