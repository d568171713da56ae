package io.athanor.saga.live;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.PoolTerms;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.stake.StakePool;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The terms of the operators' pools in an epoch, fixed when the next one opened; only of those that share.
 *
 * @param readiness for an upgrade that waited when the next one opened; null where none did
 * @param withoutWork machines that a suspension kept from new work when the next one opened
 */
public record EpochPools(
        Map<Wallet, PoolTerms> checkers,
        Map<Wallet, PoolTerms> providers,
        @Nullable Readiness readiness,
        @Nullable Set<MachineId> withoutWork) {
    static final EpochPools NONE = new EpochPools(Map.of(), Map.of(), null, Set.of());

    public EpochPools {
        checkers = PersistentMap.copyOf(checkers);
        providers = PersistentMap.copyOf(providers);
        withoutWork = withoutWork == null ? Set.of() : Set.copyOf(withoutWork);
    }

    @Override
    public Set<MachineId> withoutWork() {
        return withoutWork == null ? Set.of() : withoutWork;
    }

    /** @param day the epoch's settlement day */
    static EpochPools of(
            Map<PoolId, StakePool> pools, long day, @Nullable Readiness readiness, Set<MachineId> withoutWork) {
        Map<Wallet, PoolTerms> checkers = new HashMap<>();
        Map<Wallet, PoolTerms> providers = new HashMap<>();
        pools.forEach((id, pool) -> {
            PoolTerms terms = PoolTerms.of(pool, day);
            if (terms.isShared()) {
                (id.kind() == PoolId.Kind.CHECKER ? checkers : providers).put(id.operator(), terms);
            }
        });
        return new EpochPools(checkers, providers, readiness, withoutWork);
    }
}
