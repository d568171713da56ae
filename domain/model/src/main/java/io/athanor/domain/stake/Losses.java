package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.Cohort.Kind;
import io.athanor.domain.stake.StakePoolEvent.CohortCut;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who lost how much by a slash: what is restituted where the penalty is reversed later.
 *
 * <p>Invariant: a pure function of the pool before the slash and of the slash; the lines add up to what left the pool. Each
 * delegator's is its shares' part, floored; the operator has what rounding leaves, or the first delegator where nothing was
 * the operator's. What was collected from redelegated stake in other pools is not in it.
 */
public final class Losses {
    private Losses() {}

    /** In wei, by wallet; nobody with nothing. */
    public static Map<Wallet, Ath> of(StakePool before, PoolSlashed slash) {
        Map<Wallet, Ath> lines = new TreeMap<>();
        Ath self = slash.self();
        for (CohortCut cut : slash.cohorts()) {
            self = inPool(before, cut) ? self.plus(cut.self()) : self;
        }
        before.others().parts().forEach((wallet, part) -> add(lines, wallet, lost(before, part, slash)));
        Ath given = Ath.sum(lines.values());
        Ath rest = slash.taken().minus(given).minus(self);
        boolean others = self.isZero() && !lines.isEmpty();
        add(lines, others ? lines.keySet().iterator().next() : slash.pool().operator(), self.plus(rest));
        return lines;
    }

    private static Ath lost(StakePool before, Delegation part, PoolSlashed slash) {
        boolean current = part.generation() == before.others().rewards().generation();
        Ath lost = current && before.others().shares().signum() > 0
                ? Shares.value(part.shares(), slash.delegated(), before.others().shares())
                : Ath.ZERO;
        for (CohortCut cut : slash.cohorts()) {
            BigInteger owned = part.unbonding().getOrDefault(cut.cohort(), BigInteger.ZERO);
            Cohort cohort = before.leaving().cohorts().get(cut.cohort());
            if (cohort != null && owned.signum() > 0 && inPool(before, cut)) {
                lost = lost.plus(Shares.value(owned, cut.stake(), cohort.shares()));
            }
        }
        return lost;
    }

    /** Whether the cohort's stake was still here; what was redelegated is collected where it went. */
    private static boolean inPool(StakePool before, CohortCut cut) {
        Cohort cohort = before.leaving().cohorts().get(cut.cohort());
        return cohort != null && cohort.kind() == Kind.UNBONDING;
    }

    private static void add(Map<Wallet, Ath> lines, Wallet wallet, Ath amount) {
        if (!amount.isZero()) {
            lines.merge(wallet, amount, Ath::plus);
        }
    }
}
