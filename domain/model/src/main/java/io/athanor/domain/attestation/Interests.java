package io.athanor.domain.attestation;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.StakePool;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose machines a checker may not judge because of stake: the owner groups that hold more than a share of its pool, and those in
 * whose pools it holds more than that.
 *
 * <p>Invariant: taken when candidates are frozen, before the seed is known, so that nobody delegates a drawn checker away.
 */
public final class Interests {
    private static final long BPS = 10_000;

    private Interests() {}

    /**
     * The owner groups in order, or null where there are none or no rule.
     *
     * @param own the checker's pool
     * @param pools of providers, by pool; others are left out
     * @param groupOf a provider's owner group, null for a wallet that is no provider
     * @param shareBps of a pool; null where there is no rule
     */
    public static @Nullable List<String> of(
            Wallet checker,
            StakePool own,
            Map<PoolId, StakePool> pools,
            Function<Wallet, @Nullable String> groupOf,
            @Nullable Integer shareBps) {
        if (shareBps == null) {
            return null;
        }
        TreeSet<String> groups = new TreeSet<>();
        for (Wallet delegator : own.others().parts().keySet()) {
            add(groups, own, delegator, groupOf.apply(delegator), shareBps);
        }
        pools.forEach((id, pool) -> {
            if (id.kind() == PoolId.Kind.PROVIDER) {
                add(groups, pool, checker, groupOf.apply(id.operator()), shareBps);
            }
        });
        return groups.isEmpty() ? null : List.copyOf(groups);
    }

    /**
     * Whether a client works for itself on a provider's machines: it is the provider, of its owner group, or holds more than a
     * share of its pool.
     *
     * @param groups of the client, as a provider and as a checker
     * @param group the provider's
     * @param pool the provider's, null where it has none
     * @param shareBps of the pool; null where there is no rule
     */
    public static boolean isRelated(
            Wallet client,
            Collection<String> groups,
            Wallet provider,
            String group,
            @Nullable StakePool pool,
            @Nullable Integer shareBps) {
        return client.equals(provider)
                || groups.contains(group)
                || (pool != null && shareBps != null && holdsMore(pool, client, shareBps));
    }

    private static boolean holdsMore(StakePool pool, Wallet holder, int shareBps) {
        Ath active = pool.selfBond().plus(pool.delegated());
        return pool.value(holder).times(BPS).compareTo(active.times(shareBps)) > 0;
    }

    private static void add(Set<String> groups, StakePool pool, Wallet holder, @Nullable String group, int shareBps) {
        if (group != null && holdsMore(pool, holder, shareBps)) {
            groups.add(group);
        }
    }
}
