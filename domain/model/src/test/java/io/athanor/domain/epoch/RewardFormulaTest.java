package io.athanor.domain.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.attestation.QuarterMarks;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RewardFormulaTest {
    private static final ProtocolParameters PARAMETERS = SampleParameters.get();
    private static final Ath PLENTY = Ath.ofWhole(1_000_000_000);
    private static final long EPOCHS_PER_YEAR = 365 * 6;
    private final Samples samples = new Samples(12);
    private final Wallet client = samples.wallet();
    private final Wallet provider = samples.wallet();
    private final Wallet other = samples.wallet();
    private final TaskId task = samples.task();

    private static RewardStatement compute(EpochFacts facts) {
        return RewardFormula.compute(facts, PARAMETERS);
    }

    private EpochFacts tasks(EpochFacts.AssessedTask... tasks) {
        return new EpochFacts(0, List.of(tasks), List.of(), List.of(), PLENTY, PLENTY);
    }

    private EpochFacts machines(Ath reserve, LiveMachine... machines) {
        return new EpochFacts(0, List.of(), List.of(machines), List.of(), reserve, PLENTY);
    }

    private static LiveMachine machine(MachineId id, Wallet provider, long weight, int slots, long quality) {
        return new LiveMachine(id, provider, weight, slots, quality);
    }

    private static AccountLines of(RewardStatement statement, Wallet wallet) {
        return statement.accounts().stream()
                .filter(a -> a.wallet().equals(wallet))
                .findFirst()
                .orElse(new AccountLines(wallet, List.of(), List.of()));
    }

    @Test
    void aDeliveredTaskPaysHostTreasuryAndAPartOfItsFeeAgain() {
        RewardStatement s = compute(tasks(SampleEpoch.task(
                task, client, provider, Outcome.DELIVERED, Ath.ofWei(1_000), Ath.ofWei(1_500), 2_000)));
        assertThat(of(s, client).holds()).containsExactly(new HoldLine(task, Ath.ofWei(1_000), Ath.ofWei(500)));
        assertThat(of(s, provider).earnings())
                .containsExactly(
                        new EarningLine(Kind.HOST_FEE, task.toString(), Ath.ofWei(800)),
                        new EarningLine(Kind.PROOF_OF_DELIVERY, task.toString(), Ath.ofWei(180)));
        assertThat(s.clientCost()).isEqualTo(Ath.ofWei(1_000));
        assertThat(s.protocolFee()).isEqualTo(Ath.ofWei(200));
        assertThat(s.providerEmission()).isEqualTo(Ath.ofWei(180));
        assertThat(s.checkerEmission()).isEqualTo(Ath.ZERO);
        assertThat(s.balanced()).isTrue();
        assertThat(s.formulaVersion()).isEqualTo(RewardFormula.FORMULA_VERSION);
    }

    @Test
    void onlyDeliveriesEarnEmission() {
        for (Outcome outcome : List.of(Outcome.EXCLUDED, Outcome.ENDED_BY_CLIENT)) {
            RewardStatement s = compute(tasks(
                    SampleEpoch.task(task, client, provider, outcome, Ath.ofWei(1_000), Ath.ofWei(1_500), 2_000)));
            assertThat(s.providerEmission()).isEqualTo(Ath.ZERO);
            assertThat(of(s, provider).earned()).isEqualTo(Ath.ofWei(800));
        }
    }

    @Test
    void aFreeTaskReleasesItsWholeHold() {
        RewardStatement s = compute(
                tasks(SampleEpoch.task(task, client, null, Outcome.NOT_DELIVERED, Ath.ZERO, Ath.ofWei(1_500), 2_000)));
        assertThat(of(s, client).holds()).containsExactly(new HoldLine(task, Ath.ZERO, Ath.ofWei(1_500)));
        assertThat(s.accounts()).hasSize(1);
    }

    @Test
    void aPaidTaskHasAProvider() {
        EpochFacts facts =
                tasks(SampleEpoch.task(task, client, null, Outcome.DELIVERED, Ath.ofWei(10), Ath.ofWei(10), 2_000));
        assertThatThrownBy(() -> compute(facts)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void capacityIsSharedByWeightSlotsAndQuality() {
        RewardStatement s = compute(machines(
                PLENTY,
                machine(samples.machine(), provider, 2_000_000, 10, 1_000_000),
                machine(samples.machine(), other, 1_000_000, 10, 1_000_000),
                machine(samples.machine(), other, 2_000_000, 10, 500_000),
                machine(samples.machine(), client, 2_000_000, 0, 1_000_000)));
        Ath half = RewardFormula.providerPool(0, PARAMETERS).share(1, 2);
        assertThat(of(s, provider).earned()).isEqualTo(half.share(1, 2));
        assertThat(of(s, other).earned()).isEqualTo(half.share(1, 4).times(2));
        assertThat(of(s, client).earnings()).isEmpty();
        assertThat(s.providerEmission()).isLessThanOrEqualTo(half);
    }

    @Test
    void theReserveEndsTheEmission() {
        Ath left = Ath.ofWei(1_001);
        RewardStatement s = compute(machines(left, machine(samples.machine(), provider, 1, 1, 1)));
        assertThat(s.providerEmission()).isEqualTo(Ath.ofWei(500));
        RewardStatement none = compute(machines(Ath.ZERO, machine(samples.machine(), provider, 1, 1, 1)));
        assertThat(none.accounts()).isEmpty();
    }

    @Test
    void thePoolFollowsTheYears() {
        Ath year0 = RewardFormula.providerPool(0, PARAMETERS);
        // 24 % of 14.7 billion over 365 days of 6 epochs.
        assertThat(year0).isEqualTo(Ath.ofWhole(14_700_000_000L).share(24, 100L * 365 * 6));
        assertThat(RewardFormula.providerPool(EPOCHS_PER_YEAR - 1, PARAMETERS)).isEqualTo(year0);
        assertThat(RewardFormula.providerPool(EPOCHS_PER_YEAR, PARAMETERS))
                .isEqualTo(Ath.ofWhole(14_700_000_000L).share(18, 100L * 365 * 6));
        assertThat(RewardFormula.providerPool(10 * EPOCHS_PER_YEAR, PARAMETERS)).isEqualTo(Ath.ZERO);
    }

    @Test
    void checkersShareTheBaseByCorrectRounds() {
        List<CheckerMarks> marks =
                List.of(new CheckerMarks(provider, 3), new CheckerMarks(other, 1), new CheckerMarks(client, 0));
        RewardStatement s = compute(new EpochFacts(0, List.of(), List.of(), marks, PLENTY, PLENTY));
        Ath base = Ath.ofWhole(2_874_743).share(1, 6);
        assertThat(of(s, provider).earned()).isEqualTo(base.share(3, 4));
        assertThat(of(s, other).earned()).isEqualTo(base.share(1, 4));
        assertThat(of(s, client).earnings()).isEmpty();
        assertThat(s.checkerEmission()).isLessThanOrEqualTo(base);
    }

    @Test
    void theCheckersBaseEndsAfterItsDays() {
        long last = RewardFormula.CHECKER_BASE_DAYS * 6 - 1;
        assertThat(RewardFormula.checkerBase(last, PARAMETERS))
                .isEqualTo(Ath.ofWhole(2_874_743).share(1, 6));
        assertThat(RewardFormula.checkerBase(last + 1, PARAMETERS)).isEqualTo(Ath.ZERO);
    }

    /** 20 % commission; delegators with half of the stake get 40 % of both kinds of emission, and none of the fee. */
    @Test
    void aProvidersEmissionIsSharedWithItsDelegatorsWhereTheRulesSaySo() {
        PoolTerms terms = new PoolTerms(2_000, Ath.ofWhole(50), Ath.ofWhole(50));
        EpochFacts facts = new EpochFacts(
                0,
                List.of(SampleEpoch.task(
                        task, client, provider, Outcome.DELIVERED, Ath.ofWei(10_000), Ath.ofWei(20_000), 2_000)),
                List.of(machine(samples.machine(), provider, 1_000_000, 10, 1_000_000)),
                List.of(),
                Map.of(provider, terms),
                Ath.ofWei(20_000),
                PLENTY);
        RewardStatement s = RewardFormula.compute(facts, SampleParameters.sharing());
        assertThat(s.formulaVersion()).isEqualTo(RewardFormula.EARNINGS_VERSION);
        assertThat(s.providerEmission()).isEqualTo(Ath.ofWei(10_000 + 1_800));
        assertThat(s.pools())
                .containsExactly(new RewardStatement.PoolPart(PoolId.ofProvider(provider), Ath.ofWei(4_720)));
        assertThat(of(s, provider).emission()).isEqualTo(Ath.ofWei(7_080));
        assertThat(of(s, provider).earned()).isEqualTo(Ath.ofWei(7_080 + 8_000));
        assertThat(s.balanced()).isTrue();
        RewardStatement before = compute(facts);
        assertThat(before.pools()).isEmpty();
        assertThat(before.formulaVersion()).isEqualTo(RewardFormula.FORMULA_VERSION);
    }

    @Test
    void checkersThatMissedFewRoundsShareABonus() {
        List<CheckerMarks> marks =
                List.of(new CheckerMarks(provider, 20, 20, 3, null), new CheckerMarks(other, 20, 19, 1, null));
        EpochFacts facts = new EpochFacts(0, List.of(), List.of(), marks, PLENTY, PLENTY);
        RewardStatement s = RewardFormula.compute(facts, SampleParameters.sharing());
        assertThat(of(s, provider).earnings())
                .extracting(line -> line.kind().name())
                .containsExactly("CHECKER_BASE", "CHECKER_BONUS");
        assertThat(of(s, provider).earnings().getLast().amount()).isEqualTo(Ath.ofWhole(1_000));
        assertThat(of(s, other).earnings())
                .as("95 % is not more than 95 %")
                .extracting(line -> line.kind().name())
                .containsExactly("CHECKER_BASE");
    }

    private static ProtocolParameters paying(Ath caseFee) {
        return SampleParameters.paying(new CheckerPay(caseFee, Ath.ofWhole(6_000), 2));
    }

    private static CheckerMarks marks(Wallet wallet, int correct, int cases, @Nullable QuarterMarks quarter) {
        return new CheckerMarks(wallet, correct + cases, correct + cases, correct, cases, null, quarter);
    }

    /** 95 % of 20 is 19: more than that are 20 alone. */
    @Test
    void aQuartersBonusIsSharedByThoseWhoMissedFewOfItsRounds() {
        List<CheckerMarks> marks = List.of(
                marks(provider, 0, 0, new QuarterMarks(20, 20, 10)),
                marks(other, 0, 0, new QuarterMarks(100, 96, 20)),
                marks(client, 1, 0, new QuarterMarks(20, 19, 19)));
        EpochFacts facts = new EpochFacts(11, List.of(), List.of(), marks, PLENTY, PLENTY);
        RewardStatement s = RewardFormula.compute(facts, paying(Ath.ZERO));
        assertThat(s.formulaVersion()).isEqualTo(RewardFormula.PAY_VERSION);
        assertThat(of(s, provider).earnings())
                .containsExactly(new EarningLine(
                        Kind.CHECKER_BONUS,
                        "10 rounds of the quarter",
                        Ath.ofWhole(2_000),
                        new Basis(Ath.ofWhole(6_000), BigInteger.TEN, BigInteger.valueOf(30))));
        assertThat(of(s, other).earned()).isEqualTo(Ath.ofWhole(4_000));
        assertThat(of(s, client).earnings()).extracting(EarningLine::kind).containsExactly(Kind.CHECKER_BASE);
        assertThat(s.balanced()).isTrue();
    }

    @Test
    void judgesOfCasesArePaidAlikeOutOfTheBase() {
        Ath base = RewardFormula.checkerBase(0, SampleParameters.sharing());
        Ath fee = Ath.ofWhole(5);
        List<CheckerMarks> marks = List.of(marks(provider, 3, 2, null), marks(other, 1, 1, null));
        EpochFacts facts = new EpochFacts(0, List.of(), List.of(), marks, PLENTY, PLENTY);
        RewardStatement s = RewardFormula.compute(facts, paying(fee));
        assertThat(of(s, provider).earnings())
                .extracting(EarningLine::kind, EarningLine::amount)
                .containsExactly(
                        tuple(Kind.CASE_COMMITTEE, fee.times(2)),
                        tuple(Kind.CHECKER_BASE, base.minus(fee.times(3)).share(3, 4)));
        assertThat(of(s, other).earnings().getFirst().amount()).isEqualTo(fee);
        assertThat(s.balanced()).isTrue();
        RewardStatement poor = RewardFormula.compute(facts, paying(base));
        assertThat(of(poor, provider).earnings())
                .extracting(EarningLine::kind, EarningLine::amount)
                .containsExactly(tuple(Kind.CASE_COMMITTEE, base.share(2, 3)));
        assertThat(poor.checkerEmission()).isLessThanOrEqualTo(base);
    }

    @Test
    void aQuarterEndsOnceAndSixteenArePaid() {
        CheckerPay pay = new CheckerPay(Ath.ZERO, Ath.ofWhole(6_000), 2);
        assertThat(LongStream.range(0, 36).filter(epoch -> pay.pays(epoch, 6))).containsExactly(11L, 23L, 35L);
        assertThat(LongStream.range(0, 1_000).filter(epoch -> pay.pays(epoch, 6)))
                .hasSize(CheckerPay.QUARTERS);
    }

    @Test
    void baseAndBonusTogetherNeverPassTheReserve() {
        List<CheckerMarks> marks = List.of(new CheckerMarks(provider, 1));
        Ath base = RewardFormula.checkerBase(0, SampleParameters.sharing());
        Ath left = base.plus(Ath.ofWhole(7));
        RewardStatement s = RewardFormula.compute(
                new EpochFacts(0, List.of(), List.of(), marks, PLENTY, left), SampleParameters.sharing());
        assertThat(s.checkerEmission()).isEqualTo(left);
        assertThat(s.balanced()).isTrue();
    }

    /** 10 % commission; of the rest, delegators with 300 of 400 ATH of stake get three quarters. */
    @Test
    void aCheckersPartIsSharedWithItsDelegators() {
        Wallet shared = new Samples(41).wallet();
        Wallet alone = new Samples(42).wallet();
        PoolTerms terms = new PoolTerms(1_000, Ath.ofWhole(100), Ath.ofWhole(300));
        Ath base = RewardFormula.checkerBase(0, SampleParameters.get());
        EpochFacts facts = new EpochFacts(
                0,
                List.of(),
                List.of(),
                List.of(new CheckerMarks(shared, 1, terms), new CheckerMarks(alone, 1)),
                Ath.ZERO,
                base);
        RewardStatement statement = RewardFormula.compute(facts, SampleParameters.get());
        Ath each = base.share(1, 2);
        Ath delegators = each.bps(9_000).share(3, 4);
        assertThat(statement.formulaVersion()).isEqualTo(RewardFormula.SHARED_VERSION);
        assertThat(statement.pools())
                .containsExactly(new RewardStatement.PoolPart(PoolId.ofChecker(shared), delegators));
        assertThat(statement.balanced()).isTrue();
        assertThat(statement.accounts())
                .extracting(RewardStatement.AccountLines::earned)
                .containsExactlyInAnyOrder(each.minus(delegators), each);
    }
}
