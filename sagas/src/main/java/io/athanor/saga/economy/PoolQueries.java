package io.athanor.saga.economy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.query.Queries.DelegationsOf;
import io.athanor.domain.query.Queries.FindPool;
import io.athanor.domain.query.Queries.ListDelegations;
import io.athanor.domain.query.Queries.ListPools;
import io.athanor.domain.stake.Cohort;
import io.athanor.domain.stake.Delegation;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.view.DelegationView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PoolView;
import io.athanor.saga.live.LiveSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/** Answers about pools and delegations from a live set. */
public final class PoolQueries {
    private final Supplier<LiveSet> sets;
    private final InstantSource clock;

    /** @param sets whole sets, such as {@link io.athanor.saga.live.WrittenSet} gives */
    public PoolQueries(Supplier<LiveSet> sets, InstantSource clock) {
        this.sets = sets;
        this.clock = clock;
    }

    @QueryHandler
    public PoolView find(FindPool query) {
        LiveSet live = sets.get();
        synchronized (live) {
            return view(live, query.pool(), StakeDays.known(live));
        }
    }

    @QueryHandler
    public Page<PoolView> list(ListPools query) {
        LiveSet live = sets.get();
        synchronized (live) {
            StakeDays days = StakeDays.known(live);
            List<PoolId> ids = live.pools().stream().sorted().toList();
            return page(live, ids, PoolId::toString, id -> view(live, id, days), query.after(), query.first());
        }
    }

    @QueryHandler
    public Page<DelegationView> delegations(ListDelegations query) {
        LiveSet live = sets.get();
        synchronized (live) {
            StakeDays days = StakeDays.known(live);
            StakePool pool = known(live, query.pool());
            List<Wallet> wallets = new ArrayList<>(pool.others().parts().keySet());
            wallets.addFirst(query.pool().operator());
            return page(
                    live,
                    wallets,
                    Wallet::toString,
                    wallet -> view(live, query.pool(), wallet, days),
                    query.after(),
                    query.first());
        }
    }

    @QueryHandler
    public Page<DelegationView> of(DelegationsOf query) {
        LiveSet live = sets.get();
        synchronized (live) {
            StakeDays days = StakeDays.known(live);
            List<PoolId> ids = live.pools().stream()
                    .filter(id -> id.operator().equals(query.wallet())
                            || known(live, id).delegation(query.wallet()) != null)
                    .sorted()
                    .toList();
            return page(
                    live,
                    ids,
                    PoolId::toString,
                    id -> view(live, id, query.wallet(), days),
                    query.after(),
                    query.first());
        }
    }

    private static StakePool known(LiveSet live, PoolId id) {
        StakePool pool = live.pool(id);
        return pool == null ? StakePool.EMPTY : pool;
    }

    /** Rows in the list's order, from the one behind {@code after} on. */
    private static <K, V> Page<V> page(
            LiveSet live,
            List<K> keys,
            Function<K, String> cursor,
            Function<K, V> view,
            @Nullable String after,
            int first) {
        Refused.unless(
                first >= 1 && first <= Limits.PAGE_ROWS,
                Reason.MALFORMED,
                "first must lie in 1.." + Limits.PAGE_ROWS + ", is " + first);
        int from = 0;
        while (after != null
                && from < keys.size()
                && !cursor.apply(keys.get(from)).equals(after)) {
            from++;
        }
        from = after == null ? 0 : Math.min(keys.size(), from + 1);
        List<K> shown = keys.subList(from, Math.min(keys.size(), from + first));
        String next = from + first < keys.size() ? cursor.apply(shown.getLast()) : null;
        return new Page<>(shown.stream().map(view).toList(), next, live.applied());
    }

    private PoolView view(LiveSet live, PoolId id, StakeDays days) {
        StakePool pool = known(live, id);
        long day = days.day(clock.instant());
        Ath room = days.rules().room(pool.selfBond());
        Ath unbonding = Ath.sum(pool.leaving().cohorts().values().stream()
                .filter(cohort -> cohort.kind() == Cohort.Kind.UNBONDING)
                .map(cohort -> cohort.stake().plus(cohort.self()))
                .toList());
        Ath frozen = Ath.sum(pool.risk().frozen().values().stream()
                .map(StakePool.Freeze::amount)
                .toList());
        return new PoolView(
                id,
                pool.selfBond(),
                pool.delegated(),
                pool.others().parts().size(),
                unbonding,
                pool.others().rewards().pot(),
                room.covers(pool.delegated()) ? room.minus(pool.delegated()) : Ath.ZERO,
                pool.own().required(),
                frozen,
                pool.commission().at(day),
                pool.commission().at(Long.MAX_VALUE),
                pool.commission().isBait(day),
                pool.closed(),
                day,
                live.applied());
    }

    private DelegationView view(LiveSet live, PoolId id, Wallet wallet, StakeDays days) {
        StakePool pool = known(live, id);
        long day = days.day(clock.instant());
        boolean operator = wallet.equals(id.operator());
        Delegation part = pool.delegation(wallet);
        List<DelegationView.Leaving> leaving = new ArrayList<>();
        for (Cohort cohort : pool.leaving().cohorts().values()) {
            Ath amount = pool.unbondingValue(id, wallet, cohort.number());
            boolean member = operator || part != null && part.unbonding().containsKey(cohort.number());
            if (cohort.kind() == Cohort.Kind.UNBONDING && member && !amount.isZero()) {
                leaving.add(new DelegationView.Leaving(
                        cohort.number(), amount, cohort.day(), cohort.matureDay(), pool.isHeld(cohort, operator)));
            }
        }
        long locked = operator || part == null ? pool.own().lockedUntilDay() : part.lockedUntilDay();
        return new DelegationView(
                id,
                wallet,
                operator ? pool.selfBond() : pool.value(wallet),
                pool.pendingReward(wallet),
                operator || part != null ? locked : 0,
                leaving,
                pool.commission().at(day),
                pool.commission().isBait(day),
                day,
                live.applied());
    }
}
