package io.athanor.domain.stake;

import static io.athanor.domain.stake.PoolPeople.OPERATOR;
import static io.athanor.domain.stake.PoolPeople.POOL;
import static io.athanor.domain.stake.PoolPeople.RULES;
import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolCommand.RewardPool;
import io.athanor.domain.stake.StakePoolCommand.SlashPool;
import io.athanor.domain.stake.StakePoolCommand.StartUnbonding;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody has more for coming or leaving in parts, and the order of one day's arrivals and departures gives nobody more. */
class StakeFairnessProperties {
    private static final int HISTORIES = 3_000;
    private static final long DAY = 20;

    /** A pool with a past: others' stake, rewards, and perhaps a slash, after which a share is no longer a wei. */
    private static final class Past {
        private final Samples samples;
        private final boolean slashed;
        private final List<StakePoolCommand> commands = new ArrayList<>();

        Past(Samples samples) {
            this.samples = samples;
            this.slashed = samples.chance(60);
            commands.add(new CreditBond(POOL, 1, wei(50_000), Hash32.ZERO, 1, at(0)));
            for (Wallet other : samples.wallets(samples.between(0, 3))) {
                commands.add(delegation(other, wei(3_000), DAY - samples.between(1, 9)));
            }
            commands.add(new RewardPool(POOL, 1, DAY - 1, wei(900), at(0)));
            if (slashed) {
                commands.add(slash(wei(60_000), DAY - 1));
            }
        }

        Ath wei(int most) {
            return Ath.ofWei(samples.between(1, most));
        }

        SlashPool slash(Ath amount, long day) {
            return new SlashPool(POOL, new CaseId(samples.uuid()), amount, day, at(0));
        }

        Delegate delegation(Wallet who, Ath amount, long day) {
            return new Delegate(POOL, who, amount, RULES, day, samples.authorization(who), at(0));
        }

        StakePool pool() {
            return after(StakePool.EMPTY, commands);
        }

        /** Random positive parts that add up to the amount. */
        List<Ath> parts(Ath amount) {
            List<Ath> parts = new ArrayList<>();
            Ath rest = amount;
            while (parts.size() < 5 && rest.wei().compareTo(BigInteger.ONE) > 0) {
                Ath part = samples.upTo(rest.minus(Ath.ofWei(1))).max(Ath.ofWei(1));
                parts.add(part);
                rest = rest.minus(part);
            }
            parts.add(rest);
            return parts;
        }
    }

    private static StakePool after(StakePool pool, List<? extends StakePoolCommand> commands) {
        StakePool now = pool;
        for (StakePoolCommand command : commands) {
            for (StakePoolEvent event : now.decide(command)) {
                now = now.evolve(event);
            }
        }
        return now;
    }

    /** All that the wallets can ever ask of the pool. */
    private static Ath wealth(StakePool pool, List<Wallet> wallets) {
        Ath sum = Ath.ZERO;
        for (Wallet who : wallets) {
            sum = sum.plus(pool.value(who)).plus(pool.pendingReward(who));
            for (Cohort cohort : pool.leaving().cohorts().values()) {
                sum = sum.plus(pool.unbondingValue(POOL, who, cohort.number()));
            }
        }
        return sum;
    }

    private static StakePool left(StakePool pool, Past past, Wallet who, Ath amount, long day) {
        Ath most = amount.min(pool.value(who));
        return most.isZero()
                ? pool
                : after(
                        pool,
                        List.of(new StartUnbonding(
                                POOL, who, most, RULES, day, past.samples.authorization(who), at(0))));
    }

    @Test
    void severalWalletsHaveNoMoreThanOne() {
        Cases.forAll(HISTORIES, samples -> {
            Past past = new Past(samples);
            StakePool pool = past.pool();
            Ath amount = past.wei(3_000)
                    .min(RULES.room(pool.selfBond()).minus(pool.delegated().min(RULES.room(pool.selfBond()))));
            if (amount.isZero()) {
                return;
            }
            List<Ath> parts = past.parts(amount);
            List<Wallet> many = samples.wallets(parts.size());
            List<Wallet> one = samples.wallets(1);
            StakePool whole = after(pool, List.of(past.delegation(one.getFirst(), amount, DAY)));
            StakePool split = pool;
            for (int i = 0; i < parts.size(); i++) {
                split = after(split, List.of(past.delegation(many.get(i), parts.get(i), DAY)));
            }
            assertThat(wealth(split, many)).isLessThanOrEqualTo(wealth(whole, one));
            List<StakePoolCommand> later = List.of(
                    new RewardPool(POOL, 2, DAY + 1, past.wei(90_000), at(0)),
                    past.slash(past.wei(60_000), DAY + 1),
                    new RewardPool(POOL, 3, DAY + 2, past.wei(90_000), at(0)));
            whole = after(whole, later);
            split = after(split, later);
            assertThat(wealth(split, many)).isLessThanOrEqualTo(wealth(whole, one));
            whole = left(whole, past, one.getFirst(), amount, DAY + 3);
            for (Wallet part : many) {
                split = left(split, past, part, amount, DAY + 3);
            }
            List<StakePoolCommand> end = List.of(past.slash(past.wei(60_000), DAY + 3));
            assertThat(wealth(after(split, end), many)).isLessThanOrEqualTo(wealth(after(whole, end), one));
        });
    }

    @Test
    void comingAndLeavingInStepsGivesNoMore() {
        Cases.forAll(HISTORIES, samples -> {
            Past past = new Past(samples);
            StakePool pool = past.pool();
            Wallet who = samples.wallet();
            Ath room = RULES.room(pool.selfBond());
            Ath amount = past.wei(3_000).min(room.minus(pool.delegated().min(room)));
            if (amount.isZero()) {
                return;
            }
            StakePool whole = after(pool, List.of(past.delegation(who, amount, DAY)));
            StakePool steps = pool;
            for (Ath part : past.parts(amount)) {
                steps = after(steps, List.of(past.delegation(who, part, DAY)));
            }
            Ath leaving = samples.chance(30) ? amount : past.wei(3_000).min(amount);
            whole = left(whole, past, who, leaving, DAY);
            for (Ath part : past.parts(leaving)) {
                steps = left(steps, past, who, part, DAY);
            }
            assertThat(wealth(steps, List.of(who))).isLessThanOrEqualTo(wealth(whole, List.of(who)));
            List<StakePoolCommand> end = List.of(
                    new RewardPool(POOL, 2, DAY + 1, past.wei(90_000), at(0)), past.slash(past.wei(60_000), DAY));
            assertThat(wealth(after(steps, end), List.of(who)))
                    .isLessThanOrEqualTo(wealth(after(whole, end), List.of(who)));
        });
    }

    /** To the wei while a share is a wei; after a slash rounding moves at most a wei an arrival. */
    @Test
    void theOrderOfADaysArrivalsAndItsRewardDoesNotMatter() {
        Cases.forAll(HISTORIES, samples -> {
            Past past = new Past(samples);
            StakePool pool = past.pool();
            List<Wallet> people = samples.wallets(4);
            int room = RULES.room(pool.selfBond())
                    .minus(pool.delegated().min(RULES.room(pool.selfBond())))
                    .wei()
                    .min(BigInteger.valueOf(12_000))
                    .intValue();
            if (room < 8) {
                return;
            }
            List<StakePoolCommand> day = new ArrayList<>();
            people.forEach(who -> day.add(past.delegation(who, past.wei(room / 4), DAY)));
            day.add(new RewardPool(POOL, 2, DAY, past.wei(90_000), at(0)));
            StakePoolCommand next = new RewardPool(POOL, 3, DAY + 1, past.wei(90_000), at(0));
            StakePool one = after(after(pool, day), List.of(next));
            StakePool other = after(after(pool, samples.shuffled(day)), List.of(next));
            BigInteger slack = BigInteger.valueOf(past.slashed ? 2L * day.size() : 0);
            people.forEach(who -> {
                close(one.value(who), other.value(who), slack);
                close(one.pendingReward(who), other.pendingReward(who), past.slashed ? rewardSlack(one) : slack);
            });
            assertThat(one.total()).isEqualTo(other.total());
        });
    }

    /** A wei of stake more or less moves at most its share of the day's reward. */
    private static BigInteger rewardSlack(StakePool pool) {
        BigInteger earning = pool.delegated().wei().max(BigInteger.ONE);
        return BigInteger.valueOf(90_000L * 20).divide(earning).add(BigInteger.TEN);
    }

    @Test
    void theOrderOfADaysDeparturesDoesNotMatter() {
        Cases.forAll(HISTORIES, samples -> {
            Past past = new Past(samples);
            List<Wallet> people = samples.wallets(4);
            List<StakePoolCommand> bond = List.of(new CreditBond(POOL, 2, Ath.ofWei(90_000), Hash32.ZERO, 1, at(0)));
            StakePool pool = after(past.pool(), bond);
            for (Wallet who : people) {
                pool = after(pool, List.of(past.delegation(who, past.wei(3_000), DAY - 1)));
            }
            StakePool before = pool;
            List<Ath> amounts =
                    people.stream().map(who -> samples.upTo(before.value(who))).toList();
            StakePool one = pool;
            StakePool other = pool;
            for (int i : List.of(0, 1, 2, 3)) {
                one = left(one, past, people.get(i), amounts.get(i), DAY);
            }
            for (int i : samples.shuffled(List.of(0, 1, 2, 3))) {
                other = left(other, past, people.get(i), amounts.get(i), DAY);
            }
            BigInteger slack = BigInteger.valueOf(past.slashed ? 2L * people.size() : 0);
            for (Wallet who : people) {
                close(wealth(one, List.of(who)), wealth(other, List.of(who)), slack);
            }
            assertThat(one.total()).isEqualTo(other.total());
            assertThat(one.selfBond()).isEqualTo(other.selfBond());
            assertThat(wealth(one, List.of(OPERATOR))).isEqualTo(wealth(other, List.of(OPERATOR)));
        });
    }

    private static void close(Ath one, Ath other, BigInteger slack) {
        assertThat(one.wei().subtract(other.wei()).abs()).isLessThanOrEqualTo(slack);
    }
}
