package io.athanor.domain.stake;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.FundsStaked;
import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.ledger.Posting;
import io.athanor.domain.protocol.Economy.Delegation;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.stake.StakePoolCommand.ClaimReward;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolCommand.FreezeStake;
import io.athanor.domain.stake.StakePoolCommand.ReceiveRedelegation;
import io.athanor.domain.stake.StakePoolCommand.Redelegate;
import io.athanor.domain.stake.StakePoolCommand.ReleaseStake;
import io.athanor.domain.stake.StakePoolCommand.RewardPool;
import io.athanor.domain.stake.StakePoolCommand.SlashPool;
import io.athanor.domain.stake.StakePoolCommand.StartUnbonding;
import io.athanor.domain.stake.StakePoolCommand.UnfreezeStake;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Random histories of pools: against a model on paper, and against the ledger. */
class StakePoolProperties {
    private static final int HISTORIES = 10_000;
    private static final int STEPS = 14;
    private static final StakeRules RULES = rules();
    private static final Wallet OPERATOR = new Samples(1).wallet();
    private static final PoolId POOL = PoolId.ofChecker(OPERATOR);
    private static final PoolId OTHER = PoolId.ofChecker(new Samples(2).wallet());
    private static final List<Wallet> PEOPLE = new Samples(3).wallets(3);
    private static final Map<Wallet, Authorization> SIGNED = signed();
    /** Wei by which a delegator's value may differ from the exact one: one a step at most. */
    private static final BigDecimal TOLERANCE = BigDecimal.valueOf(STEPS);

    /** Amounts down to single wei, so that rounding shows. */
    private static StakeRules rules() {
        return new StakeRules(new Delegation(100, 16, 16, Ath.ofWei(1), 500, 3_000, 100, 500, 7), 1);
    }

    private static Authorization by(Wallet wallet) {
        return Objects.requireNonNull(SIGNED.get(wallet));
    }

    private static Map<Wallet, Authorization> signed() {
        Map<Wallet, Authorization> all = new HashMap<>();
        PEOPLE.forEach(w -> all.put(w, new Samples(4).authorization(w)));
        all.put(OPERATOR, new Samples(4).authorization(OPERATOR));
        return all;
    }

    @Test
    void agreesWithAModelOnPaper() {
        Cases.forAll(HISTORIES, samples -> new Comparison(samples).run());
    }

    /** One pool beside its reference. */
    private static final class Comparison {
        private final Samples samples;
        private final ReferencePool paper = new ReferencePool();
        private StakePool pool = StakePool.EMPTY;
        private long day;
        private long epoch;
        private BigDecimal waiting = BigDecimal.ZERO;
        private BigDecimal rewarded = BigDecimal.ZERO;
        /** Single wei show the rounding; large amounts show that rewards are shared as stake is. */
        private final long unit;

        Comparison(Samples samples) {
            this.samples = samples;
            this.unit = samples.chance(50) ? 1 : 1_000_000_000_000_000L;
        }

        private Ath some(int most) {
            return Ath.ofWei(samples.between(1, most)).times(unit);
        }

        void run() {
            apply(new CreditBond(POOL, 1, some(5_000), Hash32.ZERO, 1, at(0)));
            paper.self = pool.selfBond().wei();
            for (int step = 0; step < STEPS; step++) {
                day += samples.between(0, 3) == 0 ? samples.between(1, 9) : 0;
                step();
                compare();
            }
        }

        private void step() {
            Wallet who = samples.oneOf(PEOPLE);
            switch (samples.between(0, 7)) {
                case 0, 1, 2 -> delegate(who, some(3_000));
                case 3 -> unbond(who, samples.chance(40) ? pool.value(who) : samples.upTo(pool.value(who)));
                case 4 -> selfUnbond(samples.upTo(pool.selfBond()));
                case 5 -> slash();
                case 6 -> reward(some(100_000));
                default -> releaseAll();
            }
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
            } catch (Refused refused) {
                assertThat(refused.reason()).isEqualTo(Reason.DELEGATION_RATIO);
            }
        }

        private void unbond(Wallet who, Ath amount) {
            if (amount.isZero()) {
                return;
            }
            UnbondingStarted e =
                    (UnbondingStarted) apply(new StartUnbonding(POOL, who, amount, RULES, day, by(who), at(0)))
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
                apply(new SlashPool(POOL, new CaseId(samples.uuid()), amount, offence, at(0)));
                paper.slash(amount.wei(), first);
            }
        }

        private void reward(Ath amount) {
            apply(new RewardPool(POOL, ++epoch, day, amount, at(0)));
            waiting = waiting.add(new BigDecimal(amount.wei()));
            rewarded = rewarded.add(new BigDecimal(amount.wei()));
            BigInteger earning = pool.others()
                    .shares()
                    .subtract(io.athanor.domain.stake.Delegation.sum(
                            pool.others().rewards().fresh()));
            if (earning.signum() > 0 && paper.reward(waiting, day)) {
                waiting = BigDecimal.ZERO;
            }
        }

        private void releaseAll() {
            for (Cohort cohort : List.copyOf(pool.leaving().cohorts().values())) {
                if (day >= cohort.matureDay()) {
                    List.of(PEOPLE.get(0), PEOPLE.get(1), PEOPLE.get(2), OPERATOR)
                            .forEach(who -> release(who, cohort));
                }
            }
        }

        private void release(Wallet who, Cohort cohort) {
            try {
                Ath value = pool.unbondingValue(POOL, who, cohort.number());
                apply(new ReleaseStake(POOL, who, cohort.number(), value, day, at(0)));
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
    }

    /** Two pools with redelegations and cases: after every order the ledger holds what the pools say. */
    @Test
    void theLedgerHoldsWhatThePoolsSay() {
        Cases.forAll(2_000, samples -> new Books(samples).run());
    }

    /** Two pools and the ledger. */
    private static final class Books {
        private final Samples samples;
        private final Map<PoolId, StakePool> pools = new HashMap<>();
        private final Balances ledger = new Balances();
        private final CaseId open;
        private long day;
        private long epoch;

        Books(Samples samples) {
            this.samples = samples;
            this.open = new CaseId(samples.uuid());
        }

        void run() {
            ledger.apply(new ReserveCredited(1, Reserve.CHECKER, Ath.ofWei(10_000_000), Hash32.ZERO, 1, at(0)));
            send(List.of(new CreditBond(POOL, 1, Ath.ofWei(1_000), Hash32.ZERO, 1, at(0))));
            send(List.of(new CreditBond(OTHER, 1, Ath.ofWei(1_000), Hash32.ZERO, 1, at(0))));
            for (int step = 0; step < 30; step++) {
                day += samples.between(0, 2) == 0 ? samples.between(1, 9) : 0;
                try {
                    step();
                } catch (Refused refused) {
                    assertThat(refused.detail()).isNotBlank();
                }
                pools.forEach((id, pool) -> assertThat(ledger.balance(LedgerAccount.pool(id)))
                        .as("pool %s", id)
                        .isEqualTo(pool.total().wei()));
            }
        }

        private void step() {
            Wallet who = samples.oneOf(PEOPLE);
            PoolId id = samples.chance(70) ? POOL : OTHER;
            PoolId to = id.equals(POOL) ? OTHER : POOL;
            StakePool pool = pools.getOrDefault(id, StakePool.EMPTY);
            Authorization by = by(who);
            Ath part = samples.chance(40) ? pool.value(who) : samples.upTo(pool.value(who));
            switch (samples.between(0, 7)) {
                case 0, 1 -> delegate(id, who, Ath.ofWei(samples.between(1, 3_000)), by);
                case 2 -> send(List.of(new StartUnbonding(id, who, part, RULES, day, by, at(0))));
                case 3 ->
                    send(List.of(
                            new Redelegate(id, who, to, part, RULES, day, by, at(0)),
                            new ReceiveRedelegation(to, who, id, part, RULES, day, at(0))));
                case 4 -> slash(id, pool);
                case 5 -> reward(id);
                case 6 -> claim(id, who, pool.pendingReward(who), by);
                default -> release(id, who, pool);
            }
        }

        private void delegate(PoolId id, Wallet who, Ath amount, Authorization by) {
            send(List.of(new Delegate(id, who, amount, RULES, day, by, at(0))));
            ledger.apply(new DepositCredited(who, 1, amount, Hash32.ZERO, 1, at(0)));
            ledger.apply(new FundsStaked(who, id, amount, by, at(0)));
        }

        private void slash(PoolId id, StakePool pool) {
            if (samples.chance(30)) {
                send(List.of(new FreezeStake(id, open, samples.upTo(pool.total()), day, at(0))));
                return;
            }
            if (samples.chance(30)) {
                send(List.of(new UnfreezeStake(id, open, at(0))));
                return;
            }
            long offence = day - samples.between(0, 20);
            Ath before = pool.atRisk(offence);
            Ath amount = samples.chance(20) ? before : samples.upTo(before);
            CaseId penalty = new CaseId(samples.uuid());
            Ath waiting = sum();
            send(Slash.commands(pool, id, penalty, amount, offence, at(0)));
            Ath taken = waiting.minus(sum());
            assertThat(amount.covers(taken)).as("never more than asked").isTrue();
            assertThat(ledger.balance(LedgerAccount.penalty(penalty))).isEqualTo(taken.wei());
            send(Slash.commands(pools.getOrDefault(id, StakePool.EMPTY), id, penalty, amount, offence, at(0)));
            assertThat(sum()).as("a case slashes once").isEqualTo(waiting.minus(taken));
        }

        private Ath sum() {
            return Ath.sum(pools.values().stream().map(StakePool::total).toList());
        }

        private void reward(PoolId id) {
            Ath amount = Ath.ofWei(samples.between(1, 9_999));
            ledger.apply(new Posting(LedgerAccount.reserve(Reserve.CHECKER), LedgerAccount.clearing(++epoch), amount));
            send(List.of(new RewardPool(id, epoch, day, amount, at(0))));
        }

        private void claim(PoolId id, Wallet who, Ath amount, Authorization by) {
            send(List.of(new ClaimReward(id, who, amount, by, at(0))));
            ledger.apply(new StakeReturned(who, id, amount, at(0)));
        }

        private void release(PoolId id, Wallet who, StakePool pool) {
            for (Cohort cohort : pool.leaving().cohorts().values()) {
                Ath value = pool.unbondingValue(id, who, cohort.number());
                if (cohort.kind() == Cohort.Kind.UNBONDING && day >= cohort.matureDay() && !value.isZero()) {
                    send(List.of(new ReleaseStake(id, who, cohort.number(), value, day, at(0))));
                    ledger.apply(new StakeReturned(who, id, value, at(0)));
                    return;
                }
            }
        }

        /** All or nothing, as an order is. */
        private void send(List<? extends StakePoolCommand> order) {
            Map<PoolId, StakePool> ahead = new HashMap<>(pools);
            List<StakePoolEvent> events = new ArrayList<>();
            for (StakePoolCommand command : order) {
                StakePool pool = ahead.getOrDefault(command.pool(), StakePool.EMPTY);
                for (StakePoolEvent event : pool.decide(command)) {
                    pool = pool.evolve(event);
                    events.add(event);
                }
                ahead.put(command.pool(), pool);
            }
            events.forEach(ledger::apply);
            pools.putAll(ahead);
        }
    }
}
