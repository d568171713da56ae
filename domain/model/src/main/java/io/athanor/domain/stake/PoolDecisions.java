package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.Cohort.Kind;
import io.athanor.domain.stake.StakePool.Freeze;
import io.athanor.domain.stake.StakePoolCommand.ClaimReward;
import io.athanor.domain.stake.StakePoolCommand.ClosePool;
import io.athanor.domain.stake.StakePoolCommand.CommitStake;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolCommand.FreezeStake;
import io.athanor.domain.stake.StakePoolCommand.LockStake;
import io.athanor.domain.stake.StakePoolCommand.ReceiveRedelegation;
import io.athanor.domain.stake.StakePoolCommand.Redelegate;
import io.athanor.domain.stake.StakePoolCommand.ReleaseCommitment;
import io.athanor.domain.stake.StakePoolCommand.ReleaseStake;
import io.athanor.domain.stake.StakePoolCommand.RewardPool;
import io.athanor.domain.stake.StakePoolCommand.SetCommission;
import io.athanor.domain.stake.StakePoolCommand.SlashPool;
import io.athanor.domain.stake.StakePoolCommand.SlashRedelegated;
import io.athanor.domain.stake.StakePoolCommand.StartUnbonding;
import io.athanor.domain.stake.StakePoolCommand.UnfreezeStake;
import io.athanor.domain.stake.StakePoolEvent.CommissionChangeAnnounced;
import io.athanor.domain.stake.StakePoolEvent.CommitmentReleased;
import io.athanor.domain.stake.StakePoolEvent.PoolClosed;
import io.athanor.domain.stake.StakePoolEvent.PoolRewarded;
import io.athanor.domain.stake.StakePoolEvent.RedelegationReceived;
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
import java.util.List;

/** What a pool answers to each command, from its state. */
final class PoolDecisions {
    private final StakePool pool;

    PoolDecisions(StakePool pool) {
        this.pool = pool;
    }

    List<StakePoolEvent> decide(StakePoolCommand command) {
        return switch (command) {
            case CreditBond c -> bond(c);
            case Delegate c -> delegate(c);
            case StartUnbonding c -> unbond(c);
            case ReleaseStake c -> release(c);
            case Redelegate c -> redelegate(c);
            case ReceiveRedelegation c -> receive(c);
            case LockStake c -> lock(c);
            case FreezeStake c -> freeze(c);
            case UnfreezeStake c ->
                pool.risk().frozen().containsKey(c.penaltyCase())
                        ? List.of(new StakeUnfrozen(c.pool(), c.penaltyCase(), c.at()))
                        : List.of();
            case SlashPool c -> Slash.pool(pool, c);
            case SlashRedelegated c -> Slash.redelegated(pool, c);
            case RewardPool c ->
                c.epoch() <= pool.lastEpoch() || c.amount().isZero()
                        ? List.of()
                        : List.of(new PoolRewarded(c.pool(), c.epoch(), c.day(), c.amount(), c.at()));
            case ClaimReward c -> claim(c);
            case SetCommission c -> commission(c);
            case CommitStake c -> commit(c);
            case ReleaseCommitment c ->
                pool.own().committed().containsKey(c.machine())
                        ? List.of(new CommitmentReleased(c.pool(), c.machine(), c.at()))
                        : List.of();
            case ClosePool c -> pool.closed() ? List.of() : List.of(new PoolClosed(c.pool(), c.at()));
        };
    }

    private List<StakePoolEvent> bond(CreditBond c) {
        return c.number() <= pool.own().lastBond()
                ? List.of()
                : List.of(new StakeBonded(c.pool(), c.number(), c.amount(), c.transaction(), c.block(), c.at()));
    }

    private List<StakePoolEvent> delegate(Delegate c) {
        c.authorization().requireBy(c.delegator());
        BigInteger minted = arriving(c.pool(), c.delegator(), c.amount(), c.rules());
        long day = pool.others().rewards().dayOfArrival(c.day());
        return List.of(new StakeDelegated(c.pool(), c.delegator(), c.amount(), minted, day, c.authorization(), c.at()));
    }

    /** The shares that stake gets which comes now. Error: {@link Refused}. */
    private BigInteger arriving(PoolId id, Wallet delegator, Ath amount, StakeRules rules) {
        Refused.unless(!pool.closed(), Reason.POOL_CLOSED, id + " takes no stake any more");
        Ath least = rules.delegation().minDelegation();
        Refused.unless(
                !amount.isZero() && amount.covers(least),
                Reason.INVALID_SPEC,
                "a delegation is at least " + least.display());
        if (delegator.equals(id.operator())) {
            return BigInteger.ZERO;
        }
        Ath room = rules.room(pool.selfBond());
        Ath after = pool.delegated().plus(amount);
        Refused.unless(
                room.covers(after),
                Reason.DELEGATION_RATIO,
                "the operator's own " + pool.selfBond().display() + " carries " + room.display()
                        + " of delegations, not " + after.display());
        return Shares.minted(amount, pool.others().stake(), pool.others().shares());
    }

    private List<StakePoolEvent> unbond(StartUnbonding c) {
        c.authorization().requireBy(c.delegator());
        long matureDay = c.day() + unbondingDays(c);
        Cohort cohort = pool.leaving().taking(Kind.UNBONDING, c.day(), matureDay);
        if (c.delegator().equals(c.pool().operator())) {
            requireSpare(c);
            return List.of(started(c, c.amount(), BigInteger.ZERO, cohort, BigInteger.ZERO, matureDay));
        }
        BigInteger burned = leaving(c.delegator(), c.amount(), c.day());
        Ath amount = moved(c.amount(), burned);
        return List.of(started(c, amount, burned, cohort, minted(cohort, amount), matureDay));
    }

    /** While a raise of the commission is announced, the others leave after the least time that slashes allow. */
    private long unbondingDays(StartUnbonding c) {
        boolean freeExit = pool.commission().raiseAnnounced(c.day())
                && !c.delegator().equals(c.pool().operator());
        return freeExit ? StakeRules.LEAST_UNBONDING_DAYS : c.rules().unbondingDays(c.pool());
    }

    private static UnbondingStarted started(
            StartUnbonding c, Ath amount, BigInteger burned, Cohort cohort, BigInteger minted, long matureDay) {
        return new UnbondingStarted(
                c.pool(),
                c.delegator(),
                c.amount(),
                amount,
                burned,
                cohort.number(),
                minted,
                c.day(),
                matureDay,
                c.authorization(),
                c.at());
    }

    private static BigInteger minted(Cohort cohort, Ath amount) {
        return Shares.minted(amount, cohort.stake(), cohort.shares());
    }

    /** The last one out takes the whole pot, with what rounding left in it. */
    private Ath moved(Ath asked, BigInteger burned) {
        return burned.equals(pool.others().shares()) ? pool.others().stake() : asked;
    }

    private void requireSpare(StartUnbonding c) {
        requireUnlocked(pool.own().lockedUntilDay(), c.day());
        Refused.unless(!c.amount().isZero(), Reason.INVALID_SPEC, "amount must be above zero");
        Refused.unless(
                pool.selfBond().covers(c.amount()),
                Reason.STAKE_TOO_LOW,
                pool.selfBond().display() + " is bonded, not " + c.amount().display());
        Ath left = pool.selfBond().minus(c.amount());
        Refused.unless(
                left.covers(pool.own().required()),
                Reason.STAKE_TOO_LOW,
                "the machines on offer require " + pool.own().required().display() + "; retire them first");
        Refused.unless(
                c.rules().room(left).covers(pool.delegated()),
                Reason.DELEGATION_RATIO,
                left.display() + " does not carry the " + pool.delegated().display() + " that others delegated");
    }

    private static void requireUnlocked(long untilDay, long day) {
        Refused.unless(day >= untilDay, Reason.STAKE_LOCKED, "the stake is locked until settlement day " + untilDay);
    }

    /** The shares that leave with an amount of a delegator. Error: {@link Refused}. */
    private BigInteger leaving(Wallet delegator, Ath amount, long day) {
        Refused.unless(!amount.isZero(), Reason.INVALID_SPEC, "amount must be above zero");
        Delegation part = pool.delegation(delegator);
        Ath value = pool.value(delegator);
        if (part == null || !value.covers(amount)) {
            throw new Refused(
                    Reason.STAKE_TOO_LOW,
                    value.display() + " is delegated by " + delegator + ", not " + amount.display());
        }
        requireUnlocked(part.lockedUntilDay(), day);
        return Shares.burned(
                amount, part.shares(), pool.others().stake(), pool.others().shares());
    }

    private List<StakePoolEvent> release(ReleaseStake c) {
        Cohort cohort = pool.leaving().cohorts().get(c.cohort());
        boolean operator = c.delegator().equals(c.pool().operator());
        if (cohort == null || cohort.kind() != Kind.UNBONDING || !isMember(c.delegator(), cohort, operator)) {
            throw new Refused(Reason.NOT_FOUND, c.delegator() + " has nothing in cohort " + c.cohort());
        }
        Refused.unless(
                c.day() >= cohort.matureDay(),
                Reason.STAKE_UNBONDING,
                "it matures on settlement day " + cohort.matureDay() + ", today is " + c.day());
        Refused.unless(!pool.isHeld(cohort, operator), Reason.STAKE_FROZEN, "an open case may still take of it");
        Ath value = pool.unbondingValue(c.pool(), c.delegator(), c.cohort());
        Refused.unless(value.equals(c.amount()), Reason.CONFLICT, "it is worth " + value.display() + " by now");
        return List.of(new StakeReleased(c.pool(), c.delegator(), c.cohort(), value, c.at()));
    }

    private boolean isMember(Wallet delegator, Cohort cohort, boolean operator) {
        Delegation part = pool.delegation(delegator);
        return operator
                ? !cohort.self().isZero()
                : part != null && part.unbonding().containsKey(cohort.number());
    }

    private List<StakePoolEvent> redelegate(Redelegate c) {
        c.authorization().requireBy(c.delegator());
        boolean sameKind = c.to().kind() == c.pool().kind() && !c.to().equals(c.pool());
        Refused.unless(sameKind, Reason.INVALID_SPEC, "redelegation goes to another pool of the same kind");
        Refused.unless(
                !c.delegator().equals(c.pool().operator()),
                Reason.NOT_ALLOWED,
                "an operator's own stake unbonds, it does not move");
        BigInteger burned = leaving(c.delegator(), c.amount(), c.day());
        Delegation part = pool.delegation(c.delegator());
        long boundUntil = part == null ? 0 : part.hopUntilDay();
        Refused.unless(
                c.day() >= boundUntil,
                Reason.REDELEGATION_HOP,
                "it came by redelegation and may go on from settlement day " + boundUntil);
        long matureDay = c.day() + c.rules().unbondingDays(c.pool());
        Cohort cohort = pool.leaving().taking(Kind.REDELEGATED, c.day(), matureDay);
        return List.of(new StakeRedelegated(
                c.pool(),
                c.delegator(),
                c.to(),
                c.amount(),
                burned,
                cohort.number(),
                minted(cohort, c.amount()),
                c.day(),
                matureDay,
                c.authorization(),
                c.at()));
    }

    private List<StakePoolEvent> receive(ReceiveRedelegation c) {
        Refused.unless(
                !c.delegator().equals(c.pool().operator()),
                Reason.NOT_ALLOWED,
                "a delegation does not become self-bond; unbond it and delegate to your own pool");
        BigInteger minted = arriving(c.pool(), c.delegator(), c.amount(), c.rules());
        long day = pool.others().rewards().dayOfArrival(c.day());
        long until = c.day() + c.rules().unbondingDays(c.pool());
        return List.of(
                new RedelegationReceived(c.pool(), c.delegator(), c.from(), c.amount(), minted, day, until, c.at()));
    }

    private List<StakePoolEvent> lock(LockStake c) {
        c.authorization().requireBy(c.delegator());
        long days = c.untilDay() - c.day();
        Refused.unless(
                days >= StakeRules.LOCK_DAYS_MIN && days <= StakeRules.LOCK_DAYS_MAX,
                Reason.INVALID_SPEC,
                "a lock lasts " + StakeRules.LOCK_DAYS_MIN + " to " + StakeRules.LOCK_DAYS_MAX + " settlement days");
        boolean operator = c.delegator().equals(c.pool().operator());
        Delegation part = pool.delegation(c.delegator());
        Ath value = operator ? pool.selfBond() : pool.value(c.delegator());
        Refused.unless(!value.isZero(), Reason.STAKE_TOO_LOW, c.delegator() + " has no stake in " + c.pool());
        long before = operator || part == null ? pool.own().lockedUntilDay() : part.lockedUntilDay();
        Refused.unless(c.untilDay() >= before, Reason.STAKE_LOCKED, "it is locked until settlement day " + before);
        return c.untilDay() == before
                ? List.of()
                : List.of(new StakeLocked(c.pool(), c.delegator(), c.untilDay(), c.authorization(), c.at()));
    }

    private List<StakePoolEvent> freeze(FreezeStake c) {
        Freeze known = pool.risk().frozen().get(c.penaltyCase());
        Freeze asked = new Freeze(c.amount(), c.offenceDay());
        return asked.equals(known) || pool.risk().isOver(c.penaltyCase())
                ? List.of()
                : List.of(new StakeFrozen(c.pool(), c.penaltyCase(), c.amount(), c.offenceDay(), c.at()));
    }

    private List<StakePoolEvent> claim(ClaimReward c) {
        c.authorization().requireBy(c.delegator());
        Ath pending = pool.pendingReward(c.delegator());
        Refused.unless(!c.amount().isZero(), Reason.INVALID_SPEC, "amount must be above zero");
        Refused.unless(
                pending.covers(c.amount()),
                Reason.INSUFFICIENT_FUNDS,
                pending.display() + " of rewards is unclaimed, not "
                        + c.amount().display());
        return List.of(new RewardClaimed(c.pool(), c.delegator(), c.amount(), c.authorization(), c.at()));
    }

    private List<StakePoolEvent> commission(SetCommission c) {
        c.authorization().requireBy(c.pool().operator());
        if (c.bps() == pool.commission().last() && !pool.commission().byDay().isEmpty()) {
            return List.of();
        }
        boolean delegators = !pool.others().parts().isEmpty();
        long from = pool.commission().effectiveDay(c.bps(), c.rules(), c.day(), delegators);
        boolean bait = pool.commission().changed(from, c.bps(), c.day()).isBait(c.day());
        return List.of(new CommissionChangeAnnounced(
                c.pool(), pool.commission().at(c.day()), c.bps(), c.day(), from, bait, c.authorization(), c.at()));
    }

    private List<StakePoolEvent> commit(CommitStake c) {
        Ath known = pool.own().committed().getOrDefault(c.machine(), Ath.ZERO);
        if (known.covers(c.amount())) {
            return List.of();
        }
        Ath needed = pool.own().required().minus(known).plus(c.amount());
        Refused.unless(
                pool.selfBond().covers(needed),
                Reason.STAKE_TOO_LOW,
                "the machines on offer require " + needed.display() + " of the provider's own stake, "
                        + pool.selfBond().display() + " is bonded");
        return List.of(new StakeCommitted(c.pool(), c.machine(), c.amount(), c.at()));
    }
}
