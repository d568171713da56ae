package io.athanor.domain.epoch;

import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.attestation.QuarterMarks;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import io.athanor.domain.protocol.ProtocolParameters.Reward;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an epoch pays: the clients' bills to the hosts, and emission for capacity, delivery and checking.
 *
 * <p>The providers' pool of an epoch is {@code reserve · year share / 365 / epochs a day}; half of it goes to machines
 * by weight · slots · quality, half to delivered jobs by cost. A job's part of it is at most {@code deliveryCap} of
 * the protocol fee that the treasury keeps, so paying oneself loses. The checkers' base is shared by correct rounds, and
 * each checker's part with its delegators ({@link PoolTerms}). Where {@link Economy.Earnings} are in force, a provider's
 * emission is shared with its delegators too, and checkers that missed few rounds share a bonus by correct rounds. Where there
 * is a probation, a new machine gets a part of its capacity's share, and the rest stays in the reserve. Where a recent proof of
 * capacity is asked for, a machine without one gets nothing and counts in nobody's share.
 *
 * <p>Invariant: every part is floored and what is not given stays in its reserve, so emission never passes a reserve;
 * {@code clientCost + emission = earnings + pools + protocolFee}. A pure function of the facts, whatever their order.
 */
public final class RewardFormula {
    /** Where nobody delegates. */
    public static final int FORMULA_VERSION = 1;
    /** Where a checker that earns shares with delegators; else it is version 1, to the wei. */
    public static final int SHARED_VERSION = 2;
    /** Where rules for earnings are in force: providers' pools share, and there is a bonus. */
    public static final int EARNINGS_VERSION = 3;
    /** Where {@link CheckerPay} is stated: the bonus is a quarter's, case committees get a fee, and lines have their basis. */
    public static final int PAY_VERSION = 4;
    /** Where new machines are on probation; else it is a version before, to the wei. */
    public static final int PROBATION_VERSION = 5;

    /** Where a machine needs a recent proof of its capacity, and a line says why one that has none gets nothing. */
    public static final int PROOF_VERSION = 6;

    /** Where capacity is paid to machines that take work and are offered at a fair price; the rest as before, to the wei. */
    public static final int OFFER_VERSION = 7;

    /** The checkers' base runs for this many settlement days. */
    static final long CHECKER_BASE_DAYS = 1_461;

    private static final int DAYS_PER_YEAR = 365;
    private static final long BPS = 10_000;
    private static final BigInteger PPM = BigInteger.valueOf(1_000_000);

    private RewardFormula() {}

    /** Error: {@link IllegalArgumentException} where a paid task has no provider. */
    public static RewardStatement compute(EpochFacts facts, ProtocolParameters parameters) {
        return compute(facts, parameters, null);
    }

    /** @param terms is told of each term of the emission, in the order of the computation; null where nobody asks */
    public static RewardStatement compute(
            EpochFacts facts, ProtocolParameters parameters, @Nullable Consumer<RewardTerm> terms) {
        Earnings earnings = parameters.economics().earnings();
        CheckerPay pay = earnings == null ? null : earnings.checkers();
        StatementBuilder statement = new StatementBuilder(terms, pay != null);
        Map<Wallet, PoolTerms> shares = earnings != null && earnings.poolTakesShare() ? facts.providers() : Map.of();
        Ath pool = providerPool(facts.epoch(), parameters).min(facts.providerReserveLeft());
        Ath half = pool.share(1, 2);
        Long probation = probationPpm(parameters);
        Ath capacity = capacity(facts.machines(), half, probation, shares, statement);
        Ath delivery = deliveries(facts.tasks(), half, parameters.reward(), shares, statement);
        Ath base = checkerBase(facts.epoch(), parameters).min(facts.checkerReserveLeft());
        Ath fees = pay == null ? Ath.ZERO : caseFees(facts.checkers(), base, pay, statement);
        Ath checking = fees.plus(checking(facts.checkers(), base.minus(fees), Kind.CHECKER_BASE, statement));
        if (earnings != null && pay != null) {
            Ath bonus = pay.quarterBonus().min(facts.checkerReserveLeft().minus(checking));
            checking = checking.plus(quarterBonus(facts.checkers(), bonus, earnings, statement));
        } else if (earnings != null) {
            Ath bonus = checkerBonus(facts.epoch(), parameters)
                    .min(facts.checkerReserveLeft().minus(checking));
            List<CheckerMarks> steady = facts.checkers().stream()
                    .filter(marks -> isSteady(marks, earnings))
                    .toList();
            checking = checking.plus(checking(steady, bonus, Kind.CHECKER_BONUS, statement));
        }
        int version = statement.isShared() ? SHARED_VERSION : FORMULA_VERSION;
        int stated = pay == null ? EARNINGS_VERSION : PAY_VERSION;
        int known = earnings == null ? version : stated;
        int newest = probation == null ? known : PROBATION_VERSION;
        int asked = asksForProof(parameters) ? PROOF_VERSION : newest;
        boolean offers = earnings != null && earnings.offerPriceBps() != null;
        return statement.build(offers ? OFFER_VERSION : asked, capacity.plus(delivery), checking);
    }

    private static boolean asksForProof(ProtocolParameters parameters) {
        CapacityTests tests = parameters.admission().capacity();
        return tests != null && tests.proofDays() != null;
    }

    private static @Nullable Long probationPpm(ProtocolParameters parameters) {
        Standing rules = parameters.accountable().standing();
        return rules.probationDays() == 0 ? null : rules.probationPpm();
    }

    /** The fee for each case that a member judged, out of the base: less where the base does not cover them all. */
    private static Ath caseFees(List<CheckerMarks> checkers, Ath base, CheckerPay pay, StatementBuilder statement) {
        int judged = checkers.stream().mapToInt(CheckerMarks::caseRounds).sum();
        Ath pool = pay.caseFee().times(judged).min(base);
        List<CheckerMarks> judges =
                checkers.stream().filter(c -> c.caseRounds() > 0).toList();
        return checking(judges, pool, Kind.CASE_COMMITTEE, CheckerMarks::caseRounds, " case rounds", statement);
    }

    /** Nothing but in a quarter's last epoch, where the marks have their quarter. */
    private static Ath quarterBonus(
            List<CheckerMarks> checkers, Ath bonus, Earnings earnings, StatementBuilder statement) {
        List<CheckerMarks> steady =
                checkers.stream().filter(c -> isSteady(c.quarter(), earnings)).toList();
        return checking(
                steady,
                bonus,
                Kind.CHECKER_BONUS,
                RewardFormula::correctOfQuarter,
                " rounds of the quarter",
                statement);
    }

    private static boolean isSteady(@Nullable QuarterMarks marks, Earnings earnings) {
        return marks != null && marks.taken() * BPS > (long) marks.rounds() * earnings.bonusUptimeBps();
    }

    private static long correctOfQuarter(CheckerMarks marks) {
        QuarterMarks quarter = marks.quarter();
        return quarter == null ? 0 : quarter.correct();
    }

    private static boolean isSteady(CheckerMarks marks, Earnings earnings) {
        return marks.roundsTaken() * BPS > (long) marks.rounds() * earnings.bonusUptimeBps();
    }

    /** The providers' pool of an epoch, before looking at what the reserve still holds. */
    public static Ath providerPool(long epoch, ProtocolParameters parameters) {
        List<Long> years = parameters.reward().providerYearsPpm();
        int epochsPerDay = parameters.timing().epochsPerDay();
        long year = epoch / epochsPerDay / DAYS_PER_YEAR;
        if (year >= years.size()) {
            return Ath.ZERO;
        }
        BigInteger epochs = BigInteger.valueOf((long) DAYS_PER_YEAR * epochsPerDay);
        return parameters
                .reward()
                .providerReserve()
                .share(BigInteger.valueOf(years.get((int) year)), PPM.multiply(epochs));
    }

    /** The checkers' base of an epoch, before looking at what the reserve still holds. */
    public static Ath checkerBase(long epoch, ProtocolParameters parameters) {
        int epochsPerDay = parameters.timing().epochsPerDay();
        return epoch / epochsPerDay < CHECKER_BASE_DAYS
                ? parameters.reward().checkerBasePerDay().share(1, epochsPerDay)
                : Ath.ZERO;
    }

    /** The checkers' bonus of an epoch, before looking at what the reserve still holds; as long as the base runs. */
    public static Ath checkerBonus(long epoch, ProtocolParameters parameters) {
        int epochsPerDay = parameters.timing().epochsPerDay();
        Earnings earnings = parameters.economics().earnings();
        return earnings != null && epoch / epochsPerDay < CHECKER_BASE_DAYS
                ? earnings.checkerBonusPerDay().share(1, epochsPerDay)
                : Ath.ZERO;
    }

    /** A provider's emission, less its delegators' part; gives the whole. */
    private static Ath emit(
            Wallet provider,
            Kind kind,
            String source,
            Basis basis,
            Map<Wallet, PoolTerms> shares,
            StatementBuilder statement) {
        PoolTerms terms = shares.get(provider);
        Ath gross = basis.amount();
        Ath shared = terms == null ? Ath.ZERO : terms.delegators(gross);
        EarningLine line = statement.line(kind, source, gross.minus(shared), basis);
        statement.emit(provider, PoolId.ofProvider(provider), line, basis, shared);
        return gross;
    }

    private static Ath capacity(
            List<LiveMachine> machines,
            Ath pool,
            @Nullable Long probationPpm,
            Map<Wallet, PoolTerms> shares,
            StatementBuilder statement) {
        BigInteger all = machines.stream()
                .filter(m -> m.withheld() == null)
                .map(RewardFormula::points)
                .reduce(BigInteger.ZERO, BigInteger::add);
        Ath given = Ath.ZERO;
        for (LiveMachine m : sorted(machines, Comparator.comparing(LiveMachine::machine))) {
            Basis basis = new Basis(pool, points(m), all, null, m.onProbation() ? probationPpm : null, m.withheld());
            String source = m.machine().toString();
            given = given.plus(emit(m.provider(), Kind.PROOF_OF_CAPACITY, source, basis, shares, statement));
        }
        return given;
    }

    private static BigInteger points(LiveMachine machine) {
        return BigInteger.valueOf(machine.weightPpm())
                .multiply(BigInteger.valueOf(machine.onlineSlots()))
                .multiply(BigInteger.valueOf(machine.qualityPpm()));
    }

    private static Ath deliveries(
            List<AssessedTask> tasks,
            Ath pool,
            Reward rules,
            Map<Wallet, PoolTerms> shares,
            StatementBuilder statement) {
        BigInteger all = tasks.stream()
                .filter(RewardFormula::delivered)
                .map(t -> t.assessment().cost().wei())
                .reduce(BigInteger.ZERO, BigInteger::add);
        Ath given = Ath.ZERO;
        for (AssessedTask t : sorted(tasks, Comparator.comparing(AssessedTask::task))) {
            statement.book(t);
            if (delivered(t) && t.provider() != null) {
                Ath cap = deliveryCap(t.assessment().protocolFee(), rules);
                Basis basis = new Basis(pool, t.assessment().cost().wei(), all, cap);
                String source = t.task().toString();
                given = given.plus(emit(t.provider(), Kind.PROOF_OF_DELIVERY, source, basis, shares, statement));
            }
        }
        return given;
    }

    private static boolean delivered(AssessedTask task) {
        return task.assessment().outcome() == Outcome.DELIVERED;
    }

    /** The most that a job may earn by emission: below the fee that its client paid for good. */
    private static Ath deliveryCap(Ath protocolFee, Reward rules) {
        BigInteger kept =
                BigInteger.valueOf(rules.treasurySharePpm()).multiply(BigInteger.valueOf(rules.deliveryCapPpm()));
        return protocolFee.share(kept, PPM.multiply(PPM));
    }

    private static Ath checking(List<CheckerMarks> checkers, Ath base, Kind kind, StatementBuilder statement) {
        return checking(checkers, base, kind, CheckerMarks::roundsCorrect, " rounds", statement);
    }

    private static Ath checking(
            List<CheckerMarks> checkers,
            Ath pool,
            Kind kind,
            ToLongFunction<CheckerMarks> weight,
            String unit,
            StatementBuilder statement) {
        BigInteger all = BigInteger.valueOf(checkers.stream().mapToLong(weight).sum());
        Ath given = Ath.ZERO;
        for (CheckerMarks c : sorted(checkers, Comparator.comparing(CheckerMarks::checker))) {
            long own = weight.applyAsLong(c);
            Basis basis = new Basis(pool, BigInteger.valueOf(own), all);
            Ath amount = basis.amount();
            PoolTerms terms = c.pool();
            Ath shared = terms == null ? Ath.ZERO : terms.delegators(amount);
            String source = own + unit + (shared.isZero() ? "" : ", less " + shared + " to delegators");
            EarningLine line = statement.line(kind, source, amount.minus(shared), basis);
            statement.emit(c.checker(), PoolId.ofChecker(c.checker()), line, basis, shared);
            given = given.plus(amount);
        }
        return given;
    }

    private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
        return items.stream().sorted(order).toList();
    }
}
