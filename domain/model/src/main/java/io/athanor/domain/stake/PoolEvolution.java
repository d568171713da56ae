package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.Cohort.Kind;
import io.athanor.domain.stake.StakePool.Freeze;
import io.athanor.domain.stake.StakePool.Leaving;
import io.athanor.domain.stake.StakePool.Others;
import io.athanor.domain.stake.StakePool.Own;
import io.athanor.domain.stake.StakePool.Risk;
import io.athanor.domain.stake.StakePoolEvent.CohortCut;
import io.athanor.domain.stake.StakePoolEvent.CommissionChangeAnnounced;
import io.athanor.domain.stake.StakePoolEvent.CommitmentReleased;
import io.athanor.domain.stake.StakePoolEvent.PartCut;
import io.athanor.domain.stake.StakePoolEvent.PoolClosed;
import io.athanor.domain.stake.StakePoolEvent.PoolRewarded;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.RedelegationReceived;
import io.athanor.domain.stake.StakePoolEvent.RedelegationSlashed;
import io.athanor.domain.stake.StakePoolEvent.RewardClaimed;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.stake.StakePoolEvent.StakeCommitted;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import io.athanor.domain.stake.StakePoolEvent.StakeLocked;
import io.athanor.domain.stake.StakePoolEvent.StakeRedelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeReleased;
import io.athanor.domain.stake.StakePoolEvent.StakeUnfrozen;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import java.math.BigInteger;

/** What each fact makes of a pool. Every step touches one delegator at most, whatever their number. */
final class PoolEvolution {
    private PoolEvolution() {}

    static StakePool evolve(StakePool pool, StakePoolEvent event) {
        Own own = pool.own();
        return switch (event) {
            case StakeBonded e ->
                with(pool, new Own(own.bond().plus(e.amount()), e.number(), own.lockedUntilDay(), own.committed()));
            case StakeDelegated e ->
                e.delegator().equals(e.pool().operator())
                        ? with(pool, own.withBond(own.bond().plus(e.amount())))
                        : with(pool, joined(pool.others(), e.delegator(), e.amount(), e.shares(), e.day(), 0));
            case UnbondingStarted e -> unbonding(pool, e);
            case StakeReleased e -> released(pool, e);
            case StakeRedelegated e -> redelegated(pool, e);
            case RedelegationReceived e ->
                with(pool, joined(pool.others(), e.delegator(), e.amount(), e.shares(), e.day(), e.hopUntilDay()));
            case StakeLocked e -> locked(pool, e);
            case StakeFrozen e -> with(pool, pool.risk().with(e.penaltyCase(), new Freeze(e.amount(), e.offenceDay())));
            case StakeUnfrozen e -> with(pool, pool.risk().unfrozen(e.penaltyCase()));
            case PoolSlashed e -> slashed(pool, e);
            case RedelegationSlashed e -> collected(pool, e);
            case PoolRewarded e -> rewarded(pool, e);
            case RewardClaimed e -> claimed(pool, e);
            case CommissionChangeAnnounced e ->
                new StakePool(
                        own,
                        pool.others(),
                        pool.leaving(),
                        pool.risk(),
                        pool.commission().changed(e.effectiveDay(), e.toBps(), e.day()),
                        pool.lastEpoch(),
                        pool.closed());
            case StakeCommitted e -> {
                PersistentMap<MachineId, Ath> all = PersistentMap.copyOf(own.committed());
                yield with(
                        pool,
                        new Own(own.bond(), own.lastBond(), own.lockedUntilDay(), all.with(e.machine(), e.amount())));
            }
            case CommitmentReleased e -> {
                PersistentMap<MachineId, Ath> all = PersistentMap.copyOf(own.committed());
                yield with(pool, new Own(own.bond(), own.lastBond(), own.lockedUntilDay(), all.without(e.machine())));
            }
            case PoolClosed e ->
                new StakePool(
                        own, pool.others(), pool.leaving(), pool.risk(), pool.commission(), pool.lastEpoch(), true);
        };
    }

    private static StakePool with(StakePool p, Own own) {
        return new StakePool(own, p.others(), p.leaving(), p.risk(), p.commission(), p.lastEpoch(), p.closed());
    }

    private static StakePool with(StakePool p, Others others) {
        return new StakePool(p.own(), others, p.leaving(), p.risk(), p.commission(), p.lastEpoch(), p.closed());
    }

    private static StakePool with(StakePool p, Leaving leaving) {
        return new StakePool(p.own(), p.others(), leaving, p.risk(), p.commission(), p.lastEpoch(), p.closed());
    }

    private static StakePool with(StakePool p, Risk risk) {
        return new StakePool(p.own(), p.others(), p.leaving(), risk, p.commission(), p.lastEpoch(), p.closed());
    }

    /** The delegator's part as of now, with its rewards accrued. */
    private static Delegation part(Others others, Wallet delegator) {
        Delegation part = others.parts().get(delegator);
        RewardIndex rewards = others.rewards();
        return part == null ? Delegation.none(rewards.generation(), rewards.ray()) : rewards.settled(part);
    }

    private static Others joined(
            Others others, Wallet delegator, Ath amount, BigInteger minted, long day, long hopUntilDay) {
        Delegation part = part(others, delegator).joined(minted, day).boundUntil(hopUntilDay);
        return others.withStake(others.stake().plus(amount), others.shares().add(minted))
                .withRewards(others.rewards().joined(minted, day))
                .with(delegator, part);
    }

    /** Takes active shares from a delegator. Where they were the last, what rounding left is carried to later rewards. */
    private static Others left(Others others, Wallet delegator, Ath amount, BigInteger burned) {
        Delegation before = part(others, delegator);
        Delegation after = before.left(burned);
        RewardIndex rewards = others.rewards().left(before, after);
        Ath stake = others.stake().minus(amount);
        BigInteger shares = others.shares().subtract(burned);
        if (shares.signum() == 0) {
            rewards = rewards.carried(stake);
            stake = Ath.ZERO;
        }
        return others.withStake(stake, shares).withRewards(rewards).with(delegator, after);
    }

    private static StakePool unbonding(StakePool pool, UnbondingStarted e) {
        Cohort cohort = cohort(pool.leaving(), e.cohort(), Kind.UNBONDING, e.day(), e.matureDay());
        if (e.delegator().equals(e.pool().operator())) {
            Own less = pool.own().withBond(pool.own().bond().minus(e.amount()));
            return with(with(pool, less), pool.leaving().with(cohort.joinedBySelf(e.amount())));
        }
        Delegation before = part(pool.others(), e.delegator()).joinedCohort(e.cohort(), e.cohortShares());
        Others marked = pool.others().with(e.delegator(), before);
        Others others = left(marked, e.delegator(), e.amount(), e.shares());
        return with(with(pool, others), pool.leaving().with(cohort.joined(e.amount(), e.cohortShares())));
    }

    private static Cohort cohort(Leaving leaving, long number, Kind kind, long day, long matureDay) {
        return leaving.cohorts().getOrDefault(number, Cohort.begun(number, kind, day, matureDay));
    }

    private static StakePool released(StakePool pool, StakeReleased e) {
        Cohort cohort = cohort(pool.leaving(), e.cohort(), Kind.UNBONDING, 0, 0);
        if (e.delegator().equals(e.pool().operator())) {
            return with(pool, pool.leaving().with(cohort.slashed(e.amount(), Ath.ZERO)));
        }
        Delegation part = part(pool.others(), e.delegator());
        BigInteger owned = part.unbonding().getOrDefault(e.cohort(), BigInteger.ZERO);
        Others others = pool.others().with(e.delegator(), part.withUnbonding(e.cohort(), BigInteger.ZERO));
        return with(with(pool, others), pool.leaving().with(cohort.left(e.amount(), owned)));
    }

    private static StakePool redelegated(StakePool pool, StakeRedelegated e) {
        Leaving leaving = pool.leaving().without(e.day());
        Cohort cohort = cohort(leaving, e.cohort(), Kind.REDELEGATED, e.day(), e.matureDay());
        Others others = left(pool.others(), e.delegator(), e.amount(), e.shares());
        Redelegation move = new Redelegation(e.delegator(), e.to(), e.cohort(), e.cohortShares());
        return with(
                with(pool, others),
                leaving.with(cohort.joined(e.amount(), e.cohortShares())).with(move));
    }

    private static StakePool locked(StakePool pool, StakeLocked e) {
        Own own = pool.own();
        return e.delegator().equals(e.pool().operator())
                ? with(pool, new Own(own.bond(), own.lastBond(), e.untilDay(), own.committed()))
                : with(
                        pool,
                        pool.others()
                                .with(
                                        e.delegator(),
                                        part(pool.others(), e.delegator()).locked(e.untilDay())));
    }

    /** The pots shrink; shares stay, unless nothing is left that they could own. */
    private static StakePool slashed(StakePool pool, PoolSlashed e) {
        Others others = pool.others();
        Ath stake = others.stake().minus(e.delegated());
        boolean wiped = stake.isZero() && others.shares().signum() > 0;
        Others less = wiped
                ? others.withStake(stake, BigInteger.ZERO)
                        .withRewards(others.rewards().wiped())
                : others.withStake(stake, others.shares());
        Leaving leaving = pool.leaving();
        for (CohortCut cut : e.cohorts()) {
            Cohort cohort = leaving.cohorts().get(cut.cohort());
            leaving = cohort == null ? leaving : leaving.with(cohort.slashed(cut.self(), cut.stake()));
        }
        Own own = pool.own().withBond(pool.own().bond().minus(e.self()));
        Risk risk =
                pool.risk().without(e.penaltyCase()).executed(e.penaltyCase().toString());
        return with(with(with(with(pool, own), less), leaving), risk);
    }

    private static StakePool collected(StakePool pool, RedelegationSlashed e) {
        Others others =
                e.shares().signum() == 0 ? pool.others() : left(pool.others(), e.delegator(), e.active(), e.shares());
        Leaving leaving = pool.leaving();
        for (PartCut cut : e.cohorts()) {
            Delegation part = part(others, e.delegator());
            BigInteger owned = part.unbonding().getOrDefault(cut.cohort(), BigInteger.ZERO);
            others = others.with(e.delegator(), part.withUnbonding(cut.cohort(), owned.subtract(cut.shares())));
            Cohort cohort = leaving.cohorts().get(cut.cohort());
            leaving = cohort == null ? leaving : leaving.with(cohort.left(cut.amount(), cut.shares()));
        }
        Risk risk = pool.risk().executed(Slash.key(e.penaltyCase(), e.from(), e.delegator()));
        return with(with(with(pool, others), leaving), risk);
    }

    private static StakePool rewarded(StakePool pool, PoolRewarded e) {
        Others others = pool.others();
        RewardIndex rewards = others.rewards().rewarded(e.amount(), e.day(), others.shares());
        return new StakePool(
                pool.own(),
                others.withRewards(rewards),
                pool.leaving(),
                pool.risk(),
                pool.commission(),
                e.epoch(),
                pool.closed());
    }

    private static StakePool claimed(StakePool pool, RewardClaimed e) {
        Others others = pool.others();
        Delegation part = part(others, e.delegator()).paid(e.amount());
        return with(
                pool, others.withRewards(others.rewards().claimed(e.amount())).with(e.delegator(), part));
    }
}
