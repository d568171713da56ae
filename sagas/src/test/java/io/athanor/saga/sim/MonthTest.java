package io.athanor.saga.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.checker.CheckerEvent.CheckerJailed;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.provider.ProviderEvent.CutOffForQuality;
import io.athanor.domain.provider.ProviderEvent.MachineReadmitted;
import io.athanor.domain.provider.ProviderEvent.ProviderCutOff;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.saga.sim.SimChecker.Manner;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A month of a network in which not everybody is honest, by the routers and rules that run it: who earns, who is jailed,
 * who is slashed. Days are settlement days of the development network's parameters. {@code -Dathanor.month.machines} and
 * {@code -Dathanor.month.days} change its size; the table of the whole month stands in docs/verification.md.
 */
@Tag("sim")
class MonthTest {
    private static final int MACHINES = Integer.getInteger("athanor.month.machines", 150);
    private static final int DAYS = Integer.getInteger("athanor.month.days", 30);
    private static final int MACHINES_A_PROVIDER = 5;
    private static final int FIRST_PROVIDER = 10_000;
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final long OUTAGE_MILLIS = 45_000;
    private static final int TASKS_AN_EPOCH = 20;
    private static final Ath STAKE = Ath.ofWhole(100_000);

    private final SimNetwork network = new SimNetwork(Long.getLong("athanor.seed", 30), Faults.NONE);
    private final Map<Wallet, Manner> manners = new TreeMap<>();
    private final List<SimMachine> machines = new ArrayList<>();
    private final Map<MachineId, Wallet> bad = new HashMap<>();
    private long orders;

    private void populate() {
        List<SimChecker> checkers = network.checkers(60);
        for (int i = 0; i < checkers.size(); i++) {
            Manner manner = manner(i);
            checkers.get(i).be(manner);
            checkers.get(i).probe();
            manners.put(Samples.wallet(100 + i), manner);
        }
        for (int i = 0; i < MACHINES; i++) {
            Wallet provider = Samples.wallet(300 + FIRST_PROVIDER + i / MACHINES_A_PROVIDER);
            if (i % MACHINES_A_PROVIDER == 0) {
                provider = network.provider(FIRST_PROVIDER + i / MACHINES_A_PROVIDER, STAKE);
            }
            SimMachine machine = network.machine(i, provider, 1, true);
            machine.runFor(20_000, 20_000);
            checkers.forEach(checker -> checker.sees(machine));
            machines.add(machine);
        }
    }

    /** 36 honest, 6 lazy, 6 that copy, 8 that collude, 4 that are away every third round. */
    private static Manner manner(int checker) {
        if (checker < 36) {
            return Manner.HONEST;
        } else if (checker < 42) {
            return Manner.LAZY;
        } else if (checker < 48) {
            return Manner.COPIES;
        }
        return checker < 56 ? Manner.COLLUDES : Manner.FLAKY;
    }

    /** One in 25 machines goes away with work on it, again and again; it is the cheapest, so work comes to it. */
    private void misbehave() {
        for (int i = 0; i < MACHINES; i += 25) {
            SimMachine machine = machines.get(i);
            machine.price(Samples.PRICE.share(1, 2));
            bad.put(machine.id(), Samples.wallet(300 + FIRST_PROVIDER + i / MACHINES_A_PROVIDER));
            network.in(DAY + i * 200L, () -> goAwayWhenBusy(machine));
        }
    }

    private void goAwayWhenBusy(SimMachine machine) {
        if (machine.isUp() && machine.isBusy()) {
            machine.down(OUTAGE_MILLIS);
            network.in(3 * DAY, () -> goAwayWhenBusy(machine));
        } else {
            network.in(500, () -> goAwayWhenBusy(machine));
        }
    }

    /** What is nobody's fault: blinks, a region that goes dark, a control plane that hears nobody. */
    private void mishaps() {
        for (int i = 1; i < MACHINES; i += 10) {
            SimMachine blinks = machines.get(i);
            network.in(2 * DAY + i * 500L, () -> blinks.down(6_000));
        }
        network.in(5 * DAY, () -> every(4, machine -> machine.down(40_000)));
        network.in(7 * DAY, () -> every(1, machine -> machine.mute(30_000)));
    }

    private void every(int step, java.util.function.Consumer<SimMachine> what) {
        for (int i = 2; i < MACHINES; i += step) {
            if (!bad.containsKey(machines.get(i).id())) {
                what.accept(machines.get(i));
            }
        }
    }

    private void order(Wallet client) {
        network.submit(client, ++orders, Samples.spec(TASKS_AN_EPOCH, 1));
        network.in(Samples.DEVNET.timing().epochMillis(), () -> order(client));
    }

    @Test
    void aMonthPaysTheHonestAndNobodyElse() {
        Wallet client = network.client(1);
        populate();
        network.run(Duration.ofSeconds(60));
        order(client);
        misbehave();
        mishaps();
        network.run(Duration.ofMillis(DAYS * DAY));
        Income income = Income.of(network, manners.keySet());
        print(income);
        checkersGetWhatTheyDeserve(income);
        onlyWhoWentAwayWithWorkIsSlashedAndInTime();
        whoDoesItAgainAndAgainIsCutOff();
        Invariants.ofHistory(network.log());
    }

    /** Of groups, since a single checker's month is a few dozen rounds and one unlucky look costs one of them. */
    private void checkersGetWhatTheyDeserve(Income income) {
        BigInteger honest = mean(income.paid, Manner.HONEST);
        assertThat(honest.multiply(BigInteger.valueOf(100)))
                .as("the honest get what the formula gives for their seats, within 1 %")
                .isGreaterThanOrEqualTo(mean(income.due, Manner.HONEST).multiply(BigInteger.valueOf(99)));
        assertThat(mean(income.paid, Manner.LAZY).multiply(BigInteger.TWO)).isLessThan(honest);
        assertThat(mean(income.paid, Manner.COLLUDES).multiply(BigInteger.TWO)).isLessThan(honest);
        assertThat(mean(income.paid, Manner.COPIES)).isZero();
        assertThat(jailed(income, Manner.COLLUDES))
                .isEqualTo(of(Manner.COLLUDES).size());
        assertThat(jailed(income, Manner.LAZY))
                .isGreaterThanOrEqualTo(of(Manner.LAZY).size() - 1);
        assertThat(jailed(income, Manner.HONEST)).isLessThanOrEqualTo(1);
    }

    private List<Wallet> of(Manner manner) {
        return manners.keySet().stream()
                .filter(checker -> manners.get(checker) == manner)
                .toList();
    }

    private int jailed(Income income, Manner manner) {
        return (int) of(manner).stream().filter(income.jailed::contains).count();
    }

    private BigInteger mean(Map<Wallet, BigInteger> amounts, Manner manner) {
        List<Wallet> who = of(manner);
        BigInteger sum = who.stream()
                .map(checker -> amounts.getOrDefault(checker, BigInteger.ZERO))
                .reduce(BigInteger.ZERO, BigInteger::add);
        return sum.divide(BigInteger.valueOf(who.size()));
    }

    /** At the latest when it has been back for the stay, and two epochs for who has to act. */
    private void onlyWhoWentAwayWithWorkIsSlashedAndInTime() {
        Map<io.athanor.domain.common.CaseId, CaseOpened> opened = new HashMap<>();
        network.all(CaseOpened.class).forEach(e -> opened.put(e.id(), e));
        assertThat(opened.values())
                .isNotEmpty()
                .allSatisfy(e -> assertThat(bad).containsKey(((Downtime) e.offence()).machine()));
        Set<MachineId> charged = new HashSet<>();
        opened.values().forEach(e -> charged.add(((Downtime) e.offence()).machine()));
        assertThat(charged)
                .as("every machine that went away with work has a case")
                .isEqualTo(bad.keySet());
        assertThat(network.all(VestingSlashed.class))
                .isNotEmpty()
                .allSatisfy(e -> assertThat(bad).containsValue(e.wallet()));
        assertThat(network.all(PoolSlashed.class))
                .allSatisfy(e -> assertThat(bad).containsValue(e.pool().operator()));
        long stay = Samples.DEVNET.accountable().penalties().stayDays() * DAY;
        long bound = OUTAGE_MILLIS + stay + 2 * Samples.DEVNET.timing().epochMillis();
        Map<io.athanor.domain.common.CaseId, Instant> executed = new HashMap<>();
        network.all(PenaltyExecuted.class).forEach(e -> executed.put(e.id(), e.at()));
        opened.forEach((id, e) -> {
            Instant latest = e.offence().since().plusMillis(bound);
            if (latest.isBefore(network.now())) {
                assertThat(executed.get(id)).isNotNull().isBeforeOrEqualTo(latest);
            }
        });
    }

    /** With the execution of its third case; from the first one on it has seven days without new work each time. */
    private void whoDoesItAgainAndAgainIsCutOff() {
        Map<MachineId, Instant> cutOff = new HashMap<>();
        network.all(ProviderCutOff.class).forEach(e -> cutOff.put(e.machine(), e.at()));
        network.all(CutOffForQuality.class).forEach(e -> cutOff.put(e.machine(), e.at()));
        assertThat(cutOff.keySet()).isEqualTo(bad.keySet());
        assertThat(network.all(ProviderSuspended.class))
                .allSatisfy(e -> assertThat(bad).containsKey(e.machine()));
        assertThat(network.all(SuspendedForQuality.class))
                .allSatisfy(e -> assertThat(bad).containsKey(e.machine()));
        assertThat(network.all(MachineReadmitted.class)).isNotEmpty();
        long appeal = (Samples.DEVNET.accountable().penalties().appealDays() + 1) * DAY;
        assertThat(cutOff.entrySet())
                .filteredOn(out -> out.getValue().plusMillis(appeal).isBefore(network.now()))
                .as("nothing is left to appeal, and nothing to stand for")
                .isNotEmpty()
                .allSatisfy(out -> assertThat(committed(out.getKey())).isNull());
        // An order that was on its way when the suspension was known may still be granted.
        network.all(JobAssigned.class).forEach(e -> {
            Instant since = cutOff.get(e.lease().machine());
            assertThat(since == null || e.at().isBefore(since.plusSeconds(1)))
                    .as("%s got work at %s, cut off at %s", e.lease().machine(), e.at(), since)
                    .isTrue();
        });
    }

    private @Nullable Ath committed(MachineId machine) {
        PoolId pool = PoolId.ofProvider(Objects.requireNonNull(bad.get(machine)));
        return Objects.requireNonNull(network.live().pool(pool))
                .own()
                .committed()
                .get(machine);
    }

    private void print(Income income) {
        Map<Manner, List<Wallet>> groups = new EnumMap<>(Manner.class);
        manners.forEach(
                (c, m) -> groups.computeIfAbsent(m, x -> new ArrayList<>()).add(c));
        System.out.printf(Locale.ROOT, "%d machines, 60 checkers, %d days%n", MACHINES, DAYS);
        System.out.println("| checkers | seats taken | correct | wrong | jailed | ATH each | of what its seats pay |");
        System.out.println("|---|---|---|---|---|---|---|");
        groups.forEach((manner, who) -> System.out.printf(
                Locale.ROOT,
                "| %d %s | %d | %d | %d | %d | %s | %s |%n",
                who.size(),
                manner,
                sum(who, income.seats),
                sum(who, income.correct),
                sum(who, income.wrong),
                who.stream().filter(income.jailed::contains).count(),
                mean(income.paid, manner).divide(BigInteger.TEN.pow(18)),
                percent(who, income)));
        System.out.printf(
                Locale.ROOT,
                "outages %d, machines away with work %d, cases %d, executed %d, suspended %d by case and %d by quality,"
                        + " reinstated %d, cut off %d by case and %d by quality, the last on day %d; slashes and suspensions"
                        + " of others 0 asserted%n",
                network.all(MachineWentOffline.class).size(),
                bad.size(),
                network.all(CaseOpened.class).size(),
                network.all(PenaltyExecuted.class).size(),
                network.all(ProviderSuspended.class).size(),
                network.all(SuspendedForQuality.class).size(),
                network.all(MachineReadmitted.class).size(),
                network.all(ProviderCutOff.class).size(),
                network.all(CutOffForQuality.class).size(),
                Stream.concat(
                                network.all(ProviderCutOff.class).stream().map(ProviderCutOff::at),
                                network.all(CutOffForQuality.class).stream().map(CutOffForQuality::at))
                        .mapToLong(at -> Duration.between(Samples.GENESIS, at).toMillis() / DAY)
                        .max()
                        .orElse(-1));
    }

    private static int sum(List<Wallet> who, Map<Wallet, Integer> counts) {
        return who.stream().mapToInt(c -> counts.getOrDefault(c, 0)).sum();
    }

    private static String percent(List<Wallet> who, Income income) {
        BigInteger paid = who.stream()
                .map(c -> income.paid.getOrDefault(c, BigInteger.ZERO))
                .reduce(BigInteger.ZERO, BigInteger::add);
        BigInteger due = who.stream()
                .map(c -> income.due.getOrDefault(c, BigInteger.ZERO))
                .reduce(BigInteger.ZERO, BigInteger::add);
        return due.signum() == 0
                ? "none"
                : paid.multiply(BigInteger.valueOf(1_000)).divide(due) + " ‰";
    }

    /**
     * What the history says of the checkers, reckoned without the books: {@code due} is an epoch's base by the rounds in
     * which one sat, over all rounds that counted.
     */
    private record Income(
            Map<Wallet, BigInteger> paid,
            Map<Wallet, BigInteger> due,
            Map<Wallet, Integer> seats,
            Map<Wallet, Integer> correct,
            Map<Wallet, Integer> wrong,
            Set<Wallet> jailed) {
        static Income of(SimNetwork network, Set<Wallet> checkers) {
            Income income = new Income(
                    new HashMap<>(),
                    new HashMap<>(),
                    new HashMap<>(),
                    new HashMap<>(),
                    new HashMap<>(),
                    new HashSet<>());
            network.all(EarningsCredited.class).forEach(income::paid);
            network.all(CheckerJailed.class).forEach(e -> income.jailed.add(e.checker()));
            Map<Long, List<List<Consistency>>> rounds = new HashMap<>();
            network.all(RoundEvent.class).forEach(e -> {
                List<Consistency> marks = marks(e);
                if (!marks.isEmpty()) {
                    rounds.computeIfAbsent(e.round().epoch(), epoch -> new ArrayList<>())
                            .add(marks);
                    marks.forEach(income::marked);
                }
            });
            network.all(RewardsComputed.class)
                    .forEach(e -> income.due(e.epoch(), rounds.getOrDefault(e.epoch(), List.of()), checkers));
            return income;
        }

        private static List<Consistency> marks(RoundEvent event) {
            return switch (event) {
                case RoundFinalized e -> e.consistency();
                case RoundInconclusive e -> e.consistency();
                case RoundOpened e -> List.of();
                case RoundEvent.ReportCommitted e -> List.of();
                case RoundEvent.ReportRevealed e -> List.of();
            };
        }

        private void paid(EarningsCredited e) {
            for (EarningLine line : e.lines()) {
                if (line.kind() == EarningLine.Kind.CHECKER_BASE) {
                    paid.merge(e.wallet(), line.amount().wei(), BigInteger::add);
                }
            }
        }

        private void marked(Consistency mark) {
            seats.merge(mark.checker(), 1, Integer::sum);
            if (mark.mark() == Mark.CORRECT) {
                correct.merge(mark.checker(), 1, Integer::sum);
            } else if (mark.mark() == Mark.WRONG || mark.mark() == Mark.UNREVEALED) {
                wrong.merge(mark.checker(), 1, Integer::sum);
            }
        }

        private void due(long epoch, List<List<Consistency>> rounds, Set<Wallet> checkers) {
            List<Consistency> all = rounds.stream().flatMap(List::stream).toList();
            long counted = all.stream().filter(m -> m.mark() == Mark.CORRECT).count();
            BigInteger base = RewardFormula.checkerBase(epoch, Samples.DEVNET).wei();
            for (Wallet checker : checkers) {
                long sat = all.stream().filter(m -> m.checker().equals(checker)).count();
                if (sat > 0 && counted > 0) {
                    BigInteger part = base.multiply(BigInteger.valueOf(sat)).divide(BigInteger.valueOf(counted));
                    due.merge(checker, part, BigInteger::add);
                }
            }
        }
    }
}
