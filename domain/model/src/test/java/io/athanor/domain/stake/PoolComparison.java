package io.athanor.domain.stake;

import static io.athanor.domain.stake.PoolPeople.OPERATOR;
import static io.athanor.domain.stake.PoolPeople.OTHER;
import static io.athanor.domain.stake.PoolPeople.PEOPLE;
import static io.athanor.domain.stake.PoolPeople.POOL;
import static io.athanor.domain.stake.PoolPeople.RULES;
import static io.athanor.domain.stake.PoolPeople.by;
import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.stake.StakePoolCommand.ClaimReward;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolCommand.ReceiveRedelegation;
import io.athanor.domain.stake.StakePoolCommand.Redelegate;
import io.athanor.domain.stake.StakePoolCommand.ReleaseStake;
import io.athanor.domain.stake.StakePoolCommand.RewardPool;
import io.athanor.domain.stake.StakePoolCommand.SlashPool;
import io.athanor.domain.stake.StakePoolCommand.StartUnbonding;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.StakeRedelegated;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import io.athanor.domain.testing.Samples;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/** One random life of a pool beside the same life on paper, to the day when everybody has left. */
final class PoolComparison {
    private static final int STEPS = 14;
    /** Wei by which a delegator's value may differ from the exact one: one a step at most. */
    private static final BigDecimal TOLERANCE = BigDecimal.valueOf(STEPS);
    /** So late that everything matures and no redelegation binds. */
    private static final long LONG_DAYS = 40;

    private final Samples samples;
    private final ReferencePool paper = new ReferencePool();
    private StakePool pool = StakePool.EMPTY;
    private long day;
    private long epoch;
    private BigDecimal waiting = BigDecimal.ZERO;
    private BigDecimal rewarded = BigDecimal.ZERO;
    /** All that came in less all that went out: what the pool must hold, to the wei. */
    private Ath held = Ath.ZERO;
    /** Single wei show the rounding; large amounts show that rewards are shared as stake is. */
    private final long unit;

    PoolComparison(Samples samples) {
        this.samples = samples;
        this.unit = samples.chance(50) ? 1 : 1_000_000_000_000_000L;
    }

    private Ath some(int most) {
        return Ath.ofWei(samples.between(1, most)).times(unit);
    }

    void run() {
        Ath bond = some(5_000);
        apply(new CreditBond(POOL, 1, bond, Hash32.ZERO, 1, at(0)));
        held = bond;
        paper.self = bond.wei();
        for (int step = 0; step < STEPS; step++) {
            day += samples.between(0, 3) == 0 ? samples.between(1, 9) : 0;
            step();
            compare();
        }
        everybodyLeaves();
    }

    private void step() {
        Wallet who = samples.oneOf(PEOPLE);
        switch (samples.between(0, 10)) {
            case 0, 1, 2 -> delegate(who, some(3_000));
            case 3 -> unbond(who, part(who));
            case 4 -> selfUnbond(samples.upTo(pool.selfBond()));
            case 5 -> slash();
            case 6 -> reward(some(100_000));
            case 7 -> redelegate(who, part(who));
            case 8 -> receive(who, some(3_000));
            case 9 -> claim(who, samples.upTo(pool.pendingReward(who)));
            default -> releaseAll();
        }
    }

    private Ath part(Wallet who) {
        return samples.chance(40) ? pool.value(who) : samples.upTo(pool.value(who));
    }

    private List<StakePoolEvent> apply(StakePoolCommand command) {
        List<StakePoolEvent> events = pool.decide(command);
        for (StakePoolEvent event : events) {
            pool = pool.evolve(event);
        }
        return events;
    }

    private void delegate(Wallet who, Ath amount) {
        long stands = pool.others().rewards().dayOfArrival(day);
        try {
            apply(new Delegate(POOL, who, amount, RULES, day, by(who), at(0)));
            paper.delegate(who.toString(), amount.wei(), stands);
            held = held.plus(amount);
        } catch (Refused refused) {
            assertThat(refused.reason()).isEqualTo(Reason.DELEGATION_RATIO);
        }
    }

    private void receive(Wallet who, Ath amount) {
        long stands = pool.others().rewards().dayOfArrival(day);
        try {
            apply(new ReceiveRedelegation(POOL, who, OTHER, amount, RULES, day, at(0)));
            paper.delegate(who.toString(), amount.wei(), stands);
            held = held.plus(amount);
        } catch (Refused refused) {
            assertThat(refused.reason()).isEqualTo(Reason.DELEGATION_RATIO);
        }
    }

    private void redelegate(Wallet who, Ath amount) {
        if (amount.isZero()) {
            return;
        }
        try {
            StakeRedelegated e =
                    (StakeRedelegated) apply(new Redelegate(POOL, who, OTHER, amount, RULES, day, by(who), at(0)))
                            .getFirst();
            paper.redelegate(who.toString(), e.amount().wei(), e.cohort());
            held = held.minus(amount);
            swept();
        } catch (Refused refused) {
            assertThat(refused.reason()).isEqualTo(Reason.REDELEGATION_HOP);
        }
    }

    /** Where the last shares went, what rounding left of the stake waits for the next reward. */
    private void swept() {
        if (pool.others().shares().signum() == 0) {
            BigDecimal dust = new BigDecimal(paper.pot);
            waiting = waiting.add(dust);
            rewarded = rewarded.add(dust);
            paper.pot = BigInteger.ZERO;
        }
    }

    private void unbond(Wallet who, Ath amount) {
        if (amount.isZero()) {
            return;
        }
        UnbondingStarted e = (UnbondingStarted) apply(new StartUnbonding(POOL, who, amount, RULES, day, by(who), at(0)))
                .getFirst();
        paper.unbond(who.toString(), amount.wei(), e.amount().wei(), e.cohort());
    }

    private void selfUnbond(Ath amount) {
        try {
            UnbondingStarted e = (UnbondingStarted)
                    apply(new StartUnbonding(POOL, OPERATOR, amount, RULES, day, by(OPERATOR), at(0)))
                            .getFirst();
            paper.self = paper.self.subtract(amount.wei());
            paper.selfLeaving.merge(e.cohort(), amount.wei(), BigInteger::add);
        } catch (Refused refused) {
            assertThat(refused.reason()).isIn(Reason.DELEGATION_RATIO, Reason.INVALID_SPEC);
        }
    }

    /** The paper's pots are the pool's cohorts, which number the days in order. */
    private void slash() {
        long offence = day - samples.between(0, 10);
        long first = pool.leaving().cohorts().values().stream()
                .filter(c -> c.day() >= offence)
                .mapToLong(Cohort::number)
                .min()
                .orElse(Long.MAX_VALUE);
        Ath amount = samples.chance(10) ? Ath.ofWei(1_000_000).times(unit) : samples.upTo(pool.atRisk(offence));
        if (!amount.isZero()) {
            PoolSlashed e = (PoolSlashed) apply(new SlashPool(POOL, new CaseId(samples.uuid()), amount, offence, at(0)))
                    .getFirst();
            paper.slash(amount.wei(), first);
            held = held.minus(e.taken());
        }
    }

    private void reward(Ath amount) {
        apply(new RewardPool(POOL, ++epoch, day, amount, at(0)));
        held = held.plus(amount);
        waiting = waiting.add(new BigDecimal(amount.wei()));
        rewarded = rewarded.add(new BigDecimal(amount.wei()));
        BigInteger earning = pool.others()
                .shares()
                .subtract(Delegation.sum(pool.others().rewards().fresh()));
        if (earning.signum() > 0 && paper.reward(waiting, day)) {
            waiting = BigDecimal.ZERO;
        }
    }

    private void claim(Wallet who, Ath amount) {
        if (!amount.isZero()) {
            apply(new ClaimReward(POOL, who, amount, by(who), at(0)));
            paper.claim(who.toString(), amount.wei());
            held = held.minus(amount);
        }
    }

    private void releaseAll() {
        for (Cohort cohort : List.copyOf(pool.leaving().cohorts().values())) {
            if (cohort.kind() == Cohort.Kind.UNBONDING && day >= cohort.matureDay()) {
                Stream.concat(PEOPLE.stream(), Stream.of(OPERATOR)).forEach(who -> release(who, cohort));
            }
        }
    }

    private void release(Wallet who, Cohort cohort) {
        try {
            Ath value = pool.unbondingValue(POOL, who, cohort.number());
            apply(new ReleaseStake(POOL, who, cohort.number(), value, day, at(0)));
            held = held.minus(value);
            if (who.equals(OPERATOR)) {
                paper.selfLeaving.remove(cohort.number());
            } else {
                paper.line(who.toString()).leaving.remove(cohort.number());
                paper.pots.merge(cohort.number(), value.wei().negate(), BigInteger::add);
            }
        } catch (Refused refused) {
            assertThat(refused.reason()).isEqualTo(Reason.NOT_FOUND);
        }
    }

    private void compare() {
        assertThat(pool.total()).as("what came in and did not go out").isEqualTo(held);
        assertThat(pool.selfBond().wei()).isEqualTo(paper.self);
        BigDecimal claims = BigDecimal.ZERO;
        for (Wallet who : PEOPLE) {
            ReferencePool.Line line = paper.line(who.toString());
            near(pool.value(who), line.active, "active");
            if (unit > 1) {
                BigDecimal slack = rewarded.movePointLeft(6).add(TOLERANCE);
                assertThat(new BigDecimal(pool.pendingReward(who).wei()))
                        .as("reward")
                        .isBetween(line.reward.subtract(slack), line.reward.add(slack));
            }
            for (Cohort cohort : pool.leaving().cohorts().values()) {
                Ath value = pool.unbondingValue(POOL, who, cohort.number());
                near(value, line.leaving.getOrDefault(cohort.number(), BigDecimal.ZERO), "leaving");
                claims = claims.add(new BigDecimal(value.wei()));
            }
            claims = claims.add(new BigDecimal(pool.value(who).wei()));
            claims = claims.add(new BigDecimal(pool.pendingReward(who).wei()));
        }
        for (Cohort cohort : pool.leaving().cohorts().values()) {
            claims = claims.add(new BigDecimal(cohort.self().wei()));
        }
        claims = claims.add(new BigDecimal(
                pool.selfBond().plus(pool.others().rewards().carry()).wei()));
        BigDecimal unclaimed = new BigDecimal(pool.total().wei()).subtract(claims);
        assertThat(unclaimed).as("no claim without its wei").isBetween(BigDecimal.ZERO, BigDecimal.valueOf(60));
        assertThat(pool.others().shares())
                .isGreaterThanOrEqualTo(pool.delegated().wei());
    }

    private static void near(Ath value, BigDecimal exact, String what) {
        assertThat(new BigDecimal(value.wei())).as(what).isBetween(exact.subtract(TOLERANCE), exact.add(TOLERANCE));
    }

    /** Each takes what the pool says is theirs, and nothing of the stake is left over: the claims were the pool. */
    private void everybodyLeaves() {
        PEOPLE.forEach(who -> unbond(who, pool.value(who)));
        PEOPLE.forEach(who -> claim(who, pool.pendingReward(who)));
        if (pool.delegated().isZero() && !pool.selfBond().isZero()) {
            selfUnbond(pool.selfBond());
        }
        day += LONG_DAYS;
        releaseAll();
        assertThat(pool.total()).isEqualTo(held);
        Ath dust = pool.others().rewards().pot().minus(pool.others().rewards().carry());
        assertThat(dust.wei()).as("of rewards, after division").isLessThanOrEqualTo(BigInteger.valueOf(60));
        Ath worthless = pool.others().stake();
        assertThat(worthless.wei())
                .as("stake whose shares are worth less than a wei")
                .isLessThan(BigInteger.valueOf(3));
        assertThat(pool.total())
                .isEqualTo(pool.others().rewards().pot().plus(worthless).plus(pool.selfBond()));
    }
}
