package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;

/**
 * Orders to a stake pool. Days are settlement days ({@link StakeRules#day}), amounts wei. Stake that comes from an account
 * or goes back to one moves there by a command of the same order ({@code StakeFunds}, {@code CreditStake}).
 */
public sealed interface StakePoolCommand extends Command {
    PoolId pool();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.POOL, pool());
    }

    /** A final, numbered bond of the vault. Repeats (a number not above the last) change nothing. */
    record CreditBond(PoolId pool, long number, Ath amount, Hash32 transaction, long block, Instant at)
            implements StakePoolCommand {}

    /** Stakes from the delegator's account; the operator's own becomes self-bond. */
    record Delegate(
            PoolId pool,
            Wallet delegator,
            Ath amount,
            StakeRules rules,
            long day,
            Authorization authorization,
            Instant at)
            implements StakePoolCommand {}

    /** Begins to take stake out; it stays slashable until it matures. */
    record StartUnbonding(
            PoolId pool,
            Wallet delegator,
            Ath amount,
            StakeRules rules,
            long day,
            Authorization authorization,
            Instant at)
            implements StakePoolCommand {}

    /** Gives matured stake back; {@code amount} is what {@link StakePool#unbondingValue} says. */
    record ReleaseStake(PoolId pool, Wallet delegator, long cohort, Ath amount, long day, Instant at)
            implements StakePoolCommand {}

    /** Moves delegated stake to another pool of the same kind; one hop. Goes with {@link ReceiveRedelegation}. */
    record Redelegate(
            PoolId pool,
            Wallet delegator,
            PoolId to,
            Ath amount,
            StakeRules rules,
            long day,
            Authorization authorization,
            Instant at)
            implements StakePoolCommand {}

    /** The other half of {@link Redelegate}, in the same order. */
    record ReceiveRedelegation(
            PoolId pool, Wallet delegator, PoolId from, Ath amount, StakeRules rules, long day, Instant at)
            implements StakePoolCommand {}

    /** Locks a delegation, so that it weighs more in votes. */
    record LockStake(PoolId pool, Wallet delegator, long untilDay, long day, Authorization authorization, Instant at)
            implements StakePoolCommand {}

    /** Holds back what a case may take: stake that left on the day of the offence or later is not released. */
    record FreezeStake(PoolId pool, CaseId penaltyCase, Ath amount, long offenceDay, Instant at)
            implements StakePoolCommand {}

    /** The case is over without a penalty. */
    record UnfreezeStake(PoolId pool, CaseId penaltyCase, Instant at) implements StakePoolCommand {}

    /**
     * Takes {@code amount}, or all that is at risk where that is less: the operator's own first, then the others in
     * proportion, with what began to leave on the day of the offence or later. Once a case.
     */
    record SlashPool(PoolId pool, CaseId penaltyCase, Ath amount, long offenceDay, Instant at)
            implements StakePoolCommand {}

    /** Takes what a slash of the former pool found redelegated here. Once a case, former pool and delegator. */
    record SlashRedelegated(PoolId pool, CaseId penaltyCase, PoolId from, Wallet delegator, Ath amount, Instant at)
            implements StakePoolCommand {}

    /** The delegators' part of an epoch's rewards, of the epoch's settlement day. Once an epoch. */
    record RewardPool(PoolId pool, long epoch, long day, Ath amount, Instant at) implements StakePoolCommand {}

    /** Takes rewards out to the delegator's account. */
    record ClaimReward(PoolId pool, Wallet delegator, Ath amount, Authorization authorization, Instant at)
            implements StakePoolCommand {}

    record SetCommission(PoolId pool, int bps, StakeRules rules, long day, Authorization authorization, Instant at)
            implements StakePoolCommand {}

    /** Sets the operator's own stake aside for a machine, as it was required when the machine was offered. */
    record CommitStake(PoolId pool, MachineId machine, Ath amount, Instant at) implements StakePoolCommand {}

    /** The machine is retired. */
    record ReleaseCommitment(PoolId pool, MachineId machine, Instant at) implements StakePoolCommand {}

    /** The operator was cut off: nobody delegates here any more, everybody may leave. */
    record ClosePool(PoolId pool, Instant at) implements StakePoolCommand {}
}
