package io.athanor.saga.live;

import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.PoolTerms;
import io.athanor.domain.stake.StakePool;
import java.util.HashMap;
import java.util.Map;

/** The terms of the operators' pools in an epoch, fixed when the next one opened; only of those that share. */
public record EpochPools(Map<Wallet, PoolTerms> checkers, Map<Wallet, PoolTerms> providers) {
    static final EpochPools NONE = new EpochPools(Map.of(), Map.of());

    public EpochPools {
        checkers = PersistentMap.copyOf(checkers);
        providers = PersistentMap.copyOf(providers);
    }

    /** @param day the epoch's settlement day */
    static EpochPools of(Map<PoolId, StakePool> pools, long day) {
        Map<Wallet, PoolTerms> checkers = new HashMap<>();
        Map<Wallet, PoolTerms> providers = new HashMap<>();
        pools.forEach((id, pool) -> {
            PoolTerms terms = PoolTerms.of(pool, day);
            if (terms.isShared()) {
                (id.kind() == PoolId.Kind.CHECKER ? checkers : providers).put(id.operator(), terms);
            }
        });
        return new EpochPools(checkers, providers);
    }
}
