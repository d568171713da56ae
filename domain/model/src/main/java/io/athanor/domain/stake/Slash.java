package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.Cohort.Kind;
import io.athanor.domain.stake.StakePoolCommand.SlashPool;
import io.athanor.domain.stake.StakePoolCommand.SlashRedelegated;
import io.athanor.domain.stake.StakePoolEvent.CohortCut;
import io.athanor.domain.stake.StakePoolEvent.PartCut;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.RedelegationSlashed;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a penalty takes of a pool: the operator's own stake first, then the others' in proportion, both with what began to
 * leave on the day of the offence or later.
 *
 * <p>Invariant: exactly the asked amount, or all that is at risk where that is less; one event, whose size grows with the
 * days of unbonding and not with the delegators. What every delegator is left with is floored, so rounding goes against
 * the slashed and no wei is made. Source: the order of The Graph's and EigenLayer's slashing.
 */
public final class Slash {
    private Slash() {}

    static List<StakePoolEvent> pool(StakePool pool, SlashPool c) {
        if (pool.risk().slashed().contains(c.penaltyCase().toString())) {
            return List.of();
        }
        Refused.unless(!c.amount().isZero(), Reason.INVALID_SPEC, "a slash takes something");
        List<Cohort> cohorts = pool.leaving().answering(c.offenceDay());
        List<Ath> selfPots = new ArrayList<>(List.of(pool.selfBond()));
        List<Ath> stakePots = new ArrayList<>(List.of(pool.delegated()));
        cohorts.forEach(cohort -> {
            selfPots.add(cohort.self());
            stakePots.add(cohort.stake());
        });
        Ath fromSelf = c.amount().min(Ath.sum(selfPots));
        Ath fromOthers = c.amount().minus(fromSelf).min(Ath.sum(stakePots));
        List<Ath> selfCuts = Shares.spread(fromSelf, selfPots);
        List<Ath> stakeCuts = Shares.spread(fromOthers, stakePots);
        List<CohortCut> cuts = new ArrayList<>();
        Ath taken = selfCuts.getFirst().plus(stakeCuts.getFirst());
        for (int i = 0; i < cohorts.size(); i++) {
            Cohort cohort = cohorts.get(i);
            Ath self = selfCuts.get(i + 1);
            Ath stake = stakeCuts.get(i + 1);
            if (!self.isZero() || !stake.isZero()) {
                cuts.add(new CohortCut(cohort.number(), self, stake));
                taken = cohort.kind() == Kind.UNBONDING ? taken.plus(self).plus(stake) : taken;
            }
        }
        return List.of(new PoolSlashed(
                c.pool(),
                c.penaltyCase(),
                c.amount(),
                c.offenceDay(),
                selfCuts.getFirst(),
                stakeCuts.getFirst(),
                cuts,
                taken,
                c.at()));
    }

    /**
     * A whole penalty: the slash of the pool, and one collection for each redelegation that it reached. Sent as one order.
     */
    public static List<StakePoolCommand> commands(
            StakePool pool, PoolId id, CaseId penaltyCase, Ath amount, long offenceDay, Instant at) {
        SlashPool slash = new SlashPool(id, penaltyCase, amount, offenceDay, at);
        List<StakePoolCommand> commands = new ArrayList<>(List.of(slash));
        Map<String, SlashRedelegated> collections = new TreeMap<>();
        for (StakePoolEvent event : pool.decide(slash)) {
            ((PoolSlashed) event)
                    .cohorts()
                    .forEach(cut -> pool.leaving().moved().values().stream()
                            .filter(move -> move.cohort() == cut.cohort())
                            .forEach(move -> collect(pool, cut, move, slash, collections)));
        }
        commands.addAll(collections.values());
        return commands;
    }

    /** Floored, so that the parts never pass the cohort's cut. */
    private static void collect(
            StakePool pool,
            CohortCut cut,
            Redelegation move,
            SlashPool slash,
            Map<String, SlashRedelegated> collections) {
        Cohort cohort = pool.leaving().cohorts().get(cut.cohort());
        Ath part = cohort == null ? Ath.ZERO : Shares.value(move.shares(), cut.stake(), cohort.shares());
        if (!part.isZero()) {
            collections.merge(
                    move.to() + "/" + move.delegator(),
                    new SlashRedelegated(
                            move.to(), slash.penaltyCase(), slash.pool(), move.delegator(), part, slash.at()),
                    Slash::joined);
        }
    }

    private static SlashRedelegated joined(SlashRedelegated a, SlashRedelegated b) {
        return new SlashRedelegated(
                a.pool(), a.penaltyCase(), a.from(), a.delegator(), a.amount().plus(b.amount()), a.at());
    }

    /** The key under which a collection counts once. */
    static String key(CaseId penaltyCase, PoolId from, Wallet delegator) {
        return penaltyCase + "/" + from + "/" + delegator;
    }

    /** From the delegator's active stake, then from what leaves, the newest first; at most what is there. */
    static List<StakePoolEvent> redelegated(StakePool pool, SlashRedelegated c) {
        Delegation part = pool.delegation(c.delegator());
        boolean done = pool.risk().slashed().contains(key(c.penaltyCase(), c.from(), c.delegator()));
        if (part == null || done || c.amount().isZero()) {
            return List.of();
        }
        Ath active = c.amount().min(pool.value(c.delegator()));
        BigInteger burned = active.isZero()
                ? BigInteger.ZERO
                : Shares.burned(
                        active,
                        part.shares(),
                        pool.others().stake(),
                        pool.others().shares());
        List<PartCut> cuts = new ArrayList<>();
        Ath rest = c.amount().minus(active);
        for (Long number : part.unbonding().keySet().stream()
                .sorted(Comparator.reverseOrder())
                .toList()) {
            Cohort cohort = pool.leaving().cohorts().get(number);
            BigInteger owned = part.unbonding().getOrDefault(number, BigInteger.ZERO);
            Ath cut = cohort == null ? Ath.ZERO : rest.min(cohort.value(owned));
            if (cohort != null && !cut.isZero()) {
                cuts.add(new PartCut(number, cut, Shares.burned(cut, owned, cohort.stake(), cohort.shares())));
                rest = rest.minus(cut);
            }
        }
        Ath taken = c.amount().minus(rest);
        return taken.isZero()
                ? List.of()
                : List.of(new RedelegationSlashed(
                        c.pool(), c.penaltyCase(), c.from(), c.delegator(), active, burned, cuts, taken, c.at()));
    }
}
