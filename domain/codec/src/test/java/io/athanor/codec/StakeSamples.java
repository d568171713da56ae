package io.athanor.codec;

import io.athanor.domain.account.AccountEvent.FundsStaked;
import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
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
import io.athanor.domain.stake.StakePoolEvent.StakeCommitted;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import io.athanor.domain.stake.StakePoolEvent.StakeLocked;
import io.athanor.domain.stake.StakePoolEvent.StakeRedelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeReleased;
import io.athanor.domain.stake.StakePoolEvent.StakeUnfrozen;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/** One valid event of every type about stake, for the golden files. */
final class StakeSamples {
    private StakeSamples() {}

    static List<Event> all() {
        Samples samples = new Samples(8);
        Instant at = Samples.at(1_234);
        Ath amount = Ath.ofWei(1_234_567_890_123_456_789L);
        BigInteger shares = new BigInteger("98765432109876543210");
        Wallet wallet = samples.wallet();
        PoolId pool = PoolId.ofChecker(samples.wallet());
        PoolId other = PoolId.ofChecker(samples.wallet());
        CaseId penalty = new CaseId(samples.uuid());
        Authorization signed = samples.authorization(wallet);
        var machine = samples.machine();
        return List.of(
                new FundsStaked(wallet, pool, amount, signed, at),
                new StakeReturned(wallet, pool, amount, at),
                new StakeDelegated(pool, wallet, amount, shares, 12, signed, at),
                new UnbondingStarted(pool, wallet, amount, amount, shares, 3, shares, 12, 33, signed, at),
                new StakeReleased(pool, wallet, 3, amount, at),
                new StakeRedelegated(pool, wallet, other, amount, shares, 4, shares, 12, 33, signed, at),
                new RedelegationReceived(other, wallet, pool, amount, shares, 12, 33, at),
                new StakeLocked(pool, wallet, 99, signed, at),
                new StakeFrozen(pool, penalty, amount, 11, at),
                new StakeUnfrozen(pool, penalty, at),
                new PoolSlashed(
                        pool,
                        penalty,
                        amount,
                        11,
                        Ath.ofWei(5),
                        Ath.ofWei(6),
                        List.of(new CohortCut(3, Ath.ofWei(7), Ath.ofWei(8))),
                        Ath.ofWei(26),
                        at),
                new RedelegationSlashed(
                        other,
                        penalty,
                        pool,
                        wallet,
                        Ath.ofWei(5),
                        shares,
                        List.of(new PartCut(3, Ath.ofWei(7), shares)),
                        Ath.ofWei(12),
                        at),
                new PoolRewarded(pool, 40, 6, amount, at),
                new RewardClaimed(pool, wallet, amount, signed, at),
                new CommissionChangeAnnounced(pool, 1_000, 1_100, 12, 19, true, signed, at),
                new StakeCommitted(pool, machine, amount, at),
                new CommitmentReleased(pool, machine, at),
                new PoolClosed(pool, at));
    }
}
