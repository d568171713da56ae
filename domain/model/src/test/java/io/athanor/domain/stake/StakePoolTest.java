package io.athanor.domain.stake;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
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
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StakePoolTest {
    private static final PoolId POOL = PoolId.ofChecker(new Samples(10).wallet());

    private static CreditBond bond(long number, long whole) {
        return new CreditBond(POOL, number, Ath.ofWhole(whole), Hash32.ZERO, 5, at(0));
    }

    @Test
    void aBondIsCreditedOnce() {
        var after = Scenario.pool()
                .when(bond(3, 10_000))
                .events(new StakeBonded(POOL, 3, Ath.ofWhole(10_000), Hash32.ZERO, 5, at(0)));
        after.when(bond(3, 10_000)).nothing();
        after.when(bond(2, 10_000)).nothing();
        assertThat(after.done(bond(4, 1)).state().selfBond()).isEqualTo(Ath.ofWhole(10_001));
    }

    @Test
    void deliveredInOrderAnyNumberOfTimesTheSumIsThatOfTheNumbers() {
        Cases.forAll(2_000, samples -> {
            Map<Integer, Ath> amounts = new HashMap<>();
            StakePool pool = StakePool.EMPTY;
            int newest = 1;
            for (int step = 0; step < 20; step++) {
                int number = samples.between(1, newest);
                Ath amount = amounts.computeIfAbsent(number, n -> Ath.ofWei(samples.between(1, 1_000)));
                for (StakePoolEvent event :
                        pool.decide(new CreditBond(POOL, number, amount, Hash32.ZERO, number, at(step)))) {
                    pool = pool.evolve(event);
                }
                newest = number == newest ? newest + 1 : newest;
            }
            assertThat(pool.selfBond()).isEqualTo(Ath.sum(amounts.values()));
        });
    }

    private static final Wallet OPERATOR = POOL.operator();
    private static final Wallet ANNA = new Samples(11).wallet();
    private static final Wallet BERT = new Samples(12).wallet();
    private static final PoolId OTHER = PoolId.ofChecker(new Samples(13).wallet());
    private static final CaseId CASE = new CaseId(new Samples(14).uuid());
    private static final StakeRules RULES = StakeRules.of(SampleParameters.get());

    private static Authorization by(Wallet wallet) {
        return new Samples(15).authorization(wallet);
    }

    private static Delegate delegate(Wallet who, long whole, long day) {
        return new Delegate(POOL, who, Ath.ofWhole(whole), RULES, day, by(who), at(0));
    }

    private static StartUnbonding unbond(Wallet who, long whole, long day) {
        return new StartUnbonding(POOL, who, Ath.ofWhole(whole), RULES, day, by(who), at(0));
    }

    private static ReleaseStake release(Wallet who, long cohort, long whole, long day) {
        return new ReleaseStake(POOL, who, cohort, Ath.ofWhole(whole), day, at(0));
    }

    private static Scenario<StakePool, StakePoolCommand, StakePoolEvent> bonded() {
        return Scenario.pool().done(bond(1, 100));
    }

    @Test
    void delegationsGoUpToTheRatioAndTheSelfBondShare() {
        // Ten percent self-bond is stricter than sixteen to one: 100 carries 900.
        bonded().done(delegate(ANNA, 900, 0))
                .when(delegate(BERT, 1, 0))
                .refused(Reason.DELEGATION_RATIO, "100 ATH", "900 ATH", "901 ATH");
        bonded().done(delegate(OPERATOR, 10, 0), delegate(ANNA, 900, 0), delegate(BERT, 90, 0))
                .when(unbond(OPERATOR, 1, 0))
                .refused(Reason.DELEGATION_RATIO);
    }

    @Test
    void aClosedPoolTakesNoStakeAndLetsEverybodyLeave() {
        var closed = bonded().done(delegate(ANNA, 5, 0), new ClosePool(POOL, at(0)));
        closed.when(delegate(BERT, 5, 0)).refused(Reason.POOL_CLOSED);
        assertThat(closed.done(unbond(ANNA, 5, 0)).state().value(ANNA)).isEqualTo(Ath.ZERO);
    }

    @Test
    void stakeLeavesOnceAndOnlyWhenItIsMature() {
        var leaving = bonded().done(delegate(ANNA, 50, 0), unbond(ANNA, 50, 3));
        leaving.when(unbond(ANNA, 50, 3)).refused(Reason.STAKE_TOO_LOW);
        leaving.when(release(ANNA, 1, 50, 23)).refused(Reason.STAKE_UNBONDING, "24");
        leaving.when(release(ANNA, 1, 49, 24)).refused(Reason.CONFLICT);
        var gone = leaving.done(release(ANNA, 1, 50, 24));
        gone.when(release(ANNA, 1, 50, 24)).refused(Reason.NOT_FOUND);
        assertThat(gone.state().total()).isEqualTo(Ath.ofWhole(100));
    }

    @Test
    void anotherWalletMovesNobodysStake() {
        bonded().done(delegate(ANNA, 50, 0))
                .when(new StartUnbonding(POOL, ANNA, Ath.ofWhole(1), RULES, 0, by(BERT), at(0)))
                .refused(Reason.NOT_ALLOWED);
    }

    @Test
    void aSlashTakesTheOperatorsOwnFirstThenTheOthersWithWhatLeaves() {
        var pool = bonded().done(delegate(ANNA, 60, 0), delegate(BERT, 40, 0), unbond(BERT, 40, 5));
        StakePool after =
                pool.done(new SlashPool(POOL, CASE, Ath.ofWhole(150), 5, at(0))).state();
        assertThat(after.selfBond()).isEqualTo(Ath.ZERO);
        assertThat(after.value(ANNA)).isEqualTo(Ath.ofWhole(30));
        assertThat(after.unbondingValue(POOL, BERT, 1)).isEqualTo(Ath.ofWhole(20));
        // What began to leave before the offence is not touched.
        StakePool late =
                pool.done(new SlashPool(POOL, CASE, Ath.ofWhole(150), 6, at(0))).state();
        assertThat(late.value(ANNA)).isEqualTo(Ath.ofWhole(10));
        assertThat(late.unbondingValue(POOL, BERT, 1)).isEqualTo(Ath.ofWhole(40));
    }

    @Test
    void aCaseSlashesOnce() {
        SlashPool slash = new SlashPool(POOL, CASE, Ath.ofWhole(10), 0, at(0));
        bonded().done(slash).when(slash).nothing();
    }

    @Test
    void slashingAHundredThousandDelegatorsIsOneEvent() {
        StakePool pool = bonded().done(bond(2, 1_000_000)).state();
        Samples samples = new Samples(16);
        for (int i = 0; i < 100_000; i++) {
            Wallet wallet = samples.wallet();
            pool = pool.evolve(new StakeDelegated(
                    POOL, wallet, Ath.ofWhole(2), Ath.ofWhole(2).wei(), 0, by(ANNA), at(0)));
        }
        List<StakePoolEvent> events = pool.decide(new SlashPool(POOL, CASE, Ath.ofWhole(1_100_100), 0, at(0)));
        StakePool after = pool.evolve(events.getFirst());
        assertThat(events).hasSize(1);
        assertThat(after.delegated()).isEqualTo(Ath.ofWhole(100_000));
    }

    @Test
    void aCaseThatHasLetStakeGoFreezesItNoMore() {
        FreezeStake freeze = new FreezeStake(POOL, CASE, Ath.ofWhole(7), 4, at(0));
        var over = Scenario.pool().done(bond(1, 100), freeze, new UnfreezeStake(POOL, CASE, at(1)));
        over.when(freeze).nothing();
        CaseId next = new CaseId(new Samples(15).uuid());
        over.when(new FreezeStake(POOL, next, Ath.ofWhole(7), 4, at(2)))
                .events(new StakeFrozen(POOL, next, Ath.ofWhole(7), 4, at(2)));
    }

    @Test
    void anOpenCaseHoldsBackWhatItMayReach() {
        var leaving = bonded().done(delegate(ANNA, 50, 0), unbond(ANNA, 50, 5), unbond(OPERATOR, 10, 5));
        FreezeStake small = new FreezeStake(POOL, CASE, Ath.ofWhole(100), 4, at(0));
        // The operator's own covers it: the others go, the operator does not.
        leaving.done(small).when(release(OPERATOR, 1, 10, 60)).refused(Reason.STAKE_FROZEN);
        assertThat(leaving.done(small, release(ANNA, 1, 50, 60)).state().total())
                .isEqualTo(Ath.ofWhole(100));
        FreezeStake large = new FreezeStake(POOL, CASE, Ath.ofWhole(101), 4, at(0));
        leaving.done(large).when(release(ANNA, 1, 50, 60)).refused(Reason.STAKE_FROZEN);
        leaving.done(large, new UnfreezeStake(POOL, CASE, at(0)), release(ANNA, 1, 50, 60));
        // An offence of a later day has no claim on it.
        leaving.done(new FreezeStake(POOL, CASE, Ath.ofWhole(101), 6, at(0)), release(ANNA, 1, 50, 60));
    }

    @Test
    void redelegatedStakeHopsOnceAndStaysSlashable() {
        var source = bonded().done(delegate(ANNA, 50, 0));
        Redelegate move = new Redelegate(POOL, ANNA, OTHER, Ath.ofWhole(50), RULES, 2, by(ANNA), at(0));
        StakePool left = source.done(move).state();
        var arrived = Scenario.pool()
                .done(new CreditBond(OTHER, 1, Ath.ofWhole(100), Hash32.ZERO, 5, at(0)))
                .done(new ReceiveRedelegation(OTHER, ANNA, POOL, Ath.ofWhole(50), RULES, 2, at(0)));
        arrived.when(new Redelegate(OTHER, ANNA, POOL, Ath.ofWhole(50), RULES, 22, by(ANNA), at(0)))
                .refused(Reason.REDELEGATION_HOP, "23");
        arrived.done(new Redelegate(OTHER, ANNA, POOL, Ath.ofWhole(50), RULES, 23, by(ANNA), at(0)));
        List<StakePoolCommand> penalty = Slash.commands(left, POOL, CASE, Ath.ofWhole(125), 1, at(0));
        assertThat(penalty).hasSize(2);
        assertThat(penalty.getLast()).isEqualTo(new SlashRedelegated(OTHER, CASE, POOL, ANNA, Ath.ofWhole(25), at(0)));
        assertThat(arrived.done(penalty.getLast()).state().value(ANNA)).isEqualTo(Ath.ofWhole(25));
    }

    @Test
    void delegationsEarnFromTheNextDayByIndex() {
        var pool = bonded().done(delegate(ANNA, 20, 0), delegate(BERT, 20, 1));
        var rewarded = pool.done(new RewardPool(POOL, 7, 1, Ath.ofWhole(8), at(0)));
        assertThat(rewarded.state().pendingReward(ANNA)).isEqualTo(Ath.ofWhole(8));
        assertThat(rewarded.state().pendingReward(BERT)).isEqualTo(Ath.ZERO);
        rewarded.when(new RewardPool(POOL, 7, 1, Ath.ofWhole(8), at(0))).nothing();
        var next = rewarded.done(new RewardPool(POOL, 13, 2, Ath.ofWhole(8), at(0)));
        assertThat(next.state().pendingReward(ANNA)).isEqualTo(Ath.ofWhole(12));
        assertThat(next.state().pendingReward(BERT)).isEqualTo(Ath.ofWhole(4));
        next.when(new ClaimReward(POOL, BERT, Ath.ofWhole(5), by(BERT), at(0))).refused(Reason.INSUFFICIENT_FUNDS);
        var paid = next.done(new ClaimReward(POOL, BERT, Ath.ofWhole(4), by(BERT), at(0)));
        assertThat(paid.state().pendingReward(BERT)).isEqualTo(Ath.ZERO);
    }

    @Test
    void lockedStakeStays() {
        LockStake lock = new LockStake(POOL, ANNA, 30, 2, by(ANNA), at(0));
        var locked = bonded().done(delegate(ANNA, 30, 0), lock);
        locked.when(unbond(ANNA, 1, 29)).refused(Reason.STAKE_LOCKED, "30");
        locked.done(unbond(ANNA, 1, 30));
        bonded().when(lock).refused(Reason.STAKE_TOO_LOW);
        locked.when(new LockStake(POOL, ANNA, 29, 2, by(ANNA), at(0))).refused(Reason.STAKE_LOCKED);
        locked.when(new LockStake(POOL, ANNA, 8, 2, by(ANNA), at(0))).refused(Reason.INVALID_SPEC, "7 to 1461");
    }

    private static SetCommission commission(int bps, long day) {
        return new SetCommission(POOL, bps, RULES, day, by(OPERATOR), at(0));
    }

    @Test
    void aCommissionRisesSlowlyAfterNoticeAndFallsAtOnce() {
        var pool = bonded().done(delegate(ANNA, 30, 0));
        pool.when(commission(3_001, 0)).refused(Reason.COMMISSION_LIMIT, "500..3000");
        pool.when(commission(1_101, 0)).refused(Reason.COMMISSION_LIMIT, "100");
        StakePool raised = pool.done(commission(1_100, 0)).state();
        assertThat(raised.commission().at(6)).isEqualTo(1_000);
        assertThat(raised.commission().at(7)).isEqualTo(1_100);
        var steps = pool.done(
                commission(1_100, 0),
                commission(1_200, 1),
                commission(1_300, 2),
                commission(1_400, 3),
                commission(1_500, 4));
        steps.when(commission(1_600, 5)).refused(Reason.COMMISSION_LIMIT, "500", "thirty days");
        assertThat(steps.state().commission().isBait(4)).isTrue();
        assertThat(steps.done(commission(900, 5)).state().commission().at(6)).isEqualTo(900);
        // Who does not like a raise leaves after the least time in which a case can reach them.
        assertThat(steps.done(unbond(ANNA, 1, 5)).state().leaving().cohorts().get(1L))
                .returns(5L + StakeRules.LEAST_UNBONDING_DAYS, Cohort::matureDay);
    }

    /** The event says nothing of any delegator: what each has left follows from the shares. */
    @Test
    @Tag("sim")
    void aSlashOfAHundredThousandDelegatorsIsOneEvent() {
        int people = 100_000;
        StakePool pool = bonded().done(bond(2, people)).state();
        List<Wallet> wallets = new Samples(19).wallets(people);
        BigInteger shares = Ath.ofWhole(2).wei();
        Authorization signed = by(OPERATOR);
        for (Wallet wallet : wallets) {
            pool = pool.evolve(new StakeDelegated(POOL, wallet, Ath.ofWhole(2), shares, 0, signed, at(0)));
        }
        Ath all = pool.selfBond().plus(Ath.ofWhole(people));
        List<StakePoolEvent> events = pool.decide(new SlashPool(POOL, CASE, all, 0, at(1)));
        assertThat(events).hasSize(1);
        StakePool after = pool.evolve(events.getFirst());
        assertThat(after.selfBond()).isEqualTo(Ath.ZERO);
        assertThat(after.delegated()).isEqualTo(Ath.ofWhole(people));
        assertThat(after.value(wallets.getFirst())).isEqualTo(Ath.ofWhole(1));
        assertThat(after.value(wallets.getLast())).isEqualTo(Ath.ofWhole(1));
        assertThat(after.others().parts()).isEqualTo(pool.others().parts());
    }

    @Test
    void machinesOnOfferHoldTheOperatorsStake() {
        var machine = new Samples(17).machine();
        CommitStake commit = new CommitStake(POOL, machine, Ath.ofWhole(80), at(0));
        var pool = bonded().done(commit);
        pool.when(commit).nothing();
        pool.when(unbond(OPERATOR, 21, 0)).refused(Reason.STAKE_TOO_LOW, "80 ATH");
        pool.when(new CommitStake(POOL, new Samples(18).machine(), Ath.ofWhole(21), at(0)))
                .refused(Reason.STAKE_TOO_LOW, "101 ATH");
        pool.done(unbond(OPERATOR, 20, 0));
        pool.done(new ReleaseCommitment(POOL, machine, at(0)), unbond(OPERATOR, 100, 0));
    }
}
