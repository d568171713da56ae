package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/** What happened to a stake pool. Amounts in wei; shares, cohorts and cuts are stated, so that nobody computes them again. */
public sealed interface StakePoolEvent extends Event {
    PoolId pool();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.POOL, pool());
    }

    record StakeBonded(PoolId pool, long number, Ath amount, Hash32 transaction, long block, Instant at)
            implements StakePoolEvent {}

    /** @param shares none for the operator, whose stake is self-bond */
    record StakeDelegated(
            PoolId pool,
            Wallet delegator,
            Ath amount,
            BigInteger shares,
            long day,
            Authorization authorization,
            Instant at)
            implements StakePoolEvent {}

    /**
     * @param shares burned of the active stake
     * @param cohortShares minted in the cohort
     */
    record UnbondingStarted(
            PoolId pool,
            Wallet delegator,
            Ath asked,
            Ath amount,
            BigInteger shares,
            long cohort,
            BigInteger cohortShares,
            long day,
            long matureDay,
            Authorization authorization,
            Instant at)
            implements StakePoolEvent {}

    record StakeReleased(PoolId pool, Wallet delegator, long cohort, Ath amount, Instant at)
            implements StakePoolEvent {}

    /** As {@link UnbondingStarted}, into the other pool at once; the cohort tells how much stays slashable from here. */
    record StakeRedelegated(
            PoolId pool,
            Wallet delegator,
            PoolId to,
            Ath amount,
            BigInteger shares,
            long cohort,
            BigInteger cohortShares,
            long day,
            long matureDay,
            Authorization authorization,
            Instant at)
            implements StakePoolEvent {}

    record RedelegationReceived(
            PoolId pool,
            Wallet delegator,
            PoolId from,
            Ath amount,
            BigInteger shares,
            long day,
            long hopUntilDay,
            Instant at)
            implements StakePoolEvent {}

    record StakeLocked(PoolId pool, Wallet delegator, long untilDay, Authorization authorization, Instant at)
            implements StakePoolEvent {}

    record StakeFrozen(PoolId pool, CaseId penaltyCase, Ath amount, long offenceDay, Instant at)
            implements StakePoolEvent {}

    record StakeUnfrozen(PoolId pool, CaseId penaltyCase, Instant at) implements StakePoolEvent {}

    /** What a slash takes of one cohort. */
    record CohortCut(long cohort, Ath self, Ath stake) {}

    /**
     * @param asked what the case wanted
     * @param taken what leaves this pool: {@code self}, {@code delegated} and the cuts of cohorts that are still in it
     */
    record PoolSlashed(
            PoolId pool,
            CaseId penaltyCase,
            Ath asked,
            long offenceDay,
            Ath self,
            Ath delegated,
            List<CohortCut> cohorts,
            Ath taken,
            Instant at)
            implements StakePoolEvent {
        public PoolSlashed {
            cohorts = List.copyOf(cohorts);
        }
    }

    /** What is taken of one delegator's part of a cohort. */
    record PartCut(long cohort, Ath amount, BigInteger shares) {}

    /** @param taken {@code active} and the cuts of the delegator's cohorts */
    record RedelegationSlashed(
            PoolId pool,
            CaseId penaltyCase,
            PoolId from,
            Wallet delegator,
            Ath active,
            BigInteger shares,
            List<PartCut> cohorts,
            Ath taken,
            Instant at)
            implements StakePoolEvent {
        public RedelegationSlashed {
            cohorts = List.copyOf(cohorts);
        }
    }

    record PoolRewarded(PoolId pool, long epoch, long day, Ath amount, Instant at) implements StakePoolEvent {}

    record RewardClaimed(PoolId pool, Wallet delegator, Ath amount, Authorization authorization, Instant at)
            implements StakePoolEvent {}

    /** @param bait whether the rise over the last thirty days' lowest rate is steep */
    record CommissionChangeAnnounced(
            PoolId pool,
            int fromBps,
            int toBps,
            long day,
            long effectiveDay,
            boolean bait,
            Authorization authorization,
            Instant at)
            implements StakePoolEvent {}

    record StakeCommitted(PoolId pool, MachineId machine, Ath amount, Instant at) implements StakePoolEvent {}

    record CommitmentReleased(PoolId pool, MachineId machine, Instant at) implements StakePoolEvent {}

    record PoolClosed(PoolId pool, Instant at) implements StakePoolEvent {}
}
