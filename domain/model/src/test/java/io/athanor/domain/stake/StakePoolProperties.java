package io.athanor.domain.stake;

import static io.athanor.domain.stake.PoolPeople.OTHER;
import static io.athanor.domain.stake.PoolPeople.PEOPLE;
import static io.athanor.domain.stake.PoolPeople.POOL;
import static io.athanor.domain.stake.PoolPeople.RULES;
import static io.athanor.domain.stake.PoolPeople.by;
import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.CaseShareCredited;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.FundsStaked;
import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.ledger.Posting;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.PenaltyShare;
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
import io.athanor.domain.stake.StakePoolCommand.StartUnbonding;
import io.athanor.domain.stake.StakePoolCommand.UnfreezeStake;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.RedelegationSlashed;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random histories of pools: against a model on paper, and against the ledger. */
class StakePoolProperties {
    private static final int HISTORIES = 10_000;
    /** By how many wei a part's value may differ from its line, since each cohort's part is floored. */
    private static final long ROUNDED = 40;

    @Test
    void agreesWithAModelOnPaper() {
        Cases.forAll(HISTORIES, samples -> new PoolComparison(samples).run());
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
            Map<Wallet, Ath> worth = worth();
            Map<PoolId, StakePool> unslashed = Map.copyOf(pools);
            List<StakePoolEvent> slashes = send(Slash.commands(pool, id, penalty, amount, offence, at(0)));
            Ath taken = waiting.minus(sum());
            assertThat(amount.covers(taken)).as("never more than asked").isTrue();
            assertThat(ledger.balance(LedgerAccount.penalty(penalty))).isEqualTo(taken.wei());
            send(Slash.commands(pools.getOrDefault(id, StakePool.EMPTY), id, penalty, amount, offence, at(0)));
            assertThat(sum()).as("a case slashes once").isEqualTo(waiting.minus(taken));
            restitute(penalty, taken, worth, losses(unslashed, slashes));
        }

        private static Map<Wallet, Ath> losses(Map<PoolId, StakePool> before, List<StakePoolEvent> slashes) {
            Map<Wallet, Ath> lost = new TreeMap<>();
            for (StakePoolEvent event : slashes) {
                if (event instanceof PoolSlashed e) {
                    Losses.of(before.getOrDefault(e.pool(), StakePool.EMPTY), e)
                            .forEach((wallet, line) -> lost.merge(wallet, line, Ath::plus));
                } else if (event instanceof RedelegationSlashed e) {
                    lost.merge(e.delegator(), e.taken(), Ath::plus);
                }
            }
            return lost;
        }

        /** The penalty went to the treasury and is reversed: everybody gets what it lost, and nothing is left over. */
        private void restitute(CaseId id, Ath taken, Map<Wallet, Ath> worth, Map<Wallet, Ath> losses) {
            assertThat(Ath.sum(losses.values()))
                    .as("the losses are what was taken")
                    .isEqualTo(taken);
            Map<Wallet, Ath> now = worth();
            worth.forEach((wallet, before) -> {
                BigInteger less =
                        before.wei().subtract(now.getOrDefault(wallet, Ath.ZERO).wei());
                BigInteger line = losses.getOrDefault(wallet, Ath.ZERO).wei();
                assertThat(less.subtract(line).abs())
                        .as("%s lost %s of what it had, %s of the penalty", wallet, less, line)
                        .isLessThanOrEqualTo(BigInteger.valueOf(ROUNDED));
            });
            BigInteger treasury = ledger.balance(LedgerAccount.TREASURY);
            List<PenaltyShare> back = losses.entrySet().stream()
                    .map(line -> new PenaltyShare(PenaltyShare.Kind.RESTITUTION, line.getKey(), line.getValue()))
                    .toList();
            ledger.apply(new PenaltyExecuted(
                    id, taken, List.of(new PenaltyShare(PenaltyShare.Kind.TREASURY, null, taken)), at(0)));
            ledger.apply(new ReviewClosed(id, taken, back, at(1)));
            for (PenaltyShare share : back) {
                Wallet to = Objects.requireNonNull(share.to());
                BigInteger had = ledger.balance(LedgerAccount.available(to));
                ledger.apply(new CaseShareCredited(to, id, share.amount(), at(1)));
                assertThat(ledger.balance(LedgerAccount.available(to)))
                        .isEqualTo(had.add(share.amount().wei()));
            }
            assertThat(ledger.balance(LedgerAccount.penalty(id))).isEqualTo(BigInteger.ZERO);
            assertThat(ledger.balance(LedgerAccount.TREASURY)).isEqualTo(treasury);
        }

        /** All stake of everybody, active and leaving. */
        private Map<Wallet, Ath> worth() {
            Map<Wallet, Ath> all = new TreeMap<>();
            pools.forEach((id, pool) -> {
                all.merge(id.operator(), pool.selfBond(), Ath::plus);
                for (Wallet wallet : PEOPLE) {
                    all.merge(wallet, pool.value(wallet), Ath::plus);
                }
                for (Cohort cohort : pool.leaving().cohorts().values()) {
                    if (cohort.kind() == Cohort.Kind.UNBONDING) {
                        all.merge(id.operator(), cohort.self(), Ath::plus);
                        PEOPLE.stream()
                                .filter(wallet -> !wallet.equals(id.operator()))
                                .forEach(wallet ->
                                        all.merge(wallet, pool.unbondingValue(id, wallet, cohort.number()), Ath::plus));
                    }
                }
            });
            return all;
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
        private List<StakePoolEvent> send(List<? extends StakePoolCommand> order) {
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
            return events;
        }
    }
}
