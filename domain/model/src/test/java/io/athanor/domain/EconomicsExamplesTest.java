package io.athanor.domain;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.AccountCommand.SettleAccount;
import io.athanor.domain.account.AccountCommand.VestEarnings;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.Withheld;
import io.athanor.domain.attestation.QuarterMarks;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.epoch.PoolTerms;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.epoch.RewardTerm;
import io.athanor.domain.governance.PowerLine;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalEvent.VoteCast;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.governance.Tally;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolCommand.RewardPool;
import io.athanor.domain.stake.StakePoolCommand.SlashPool;
import io.athanor.domain.stake.StakePoolCommand.StartUnbonding;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.StakeLocked;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked examples of docs/economics.md, by their numbers there. */
class EconomicsExamplesTest {
    private static final Samples SAMPLES = new Samples(50);
    private static final Wallet OPERATOR = SAMPLES.wallet();
    private static final Wallet ANNA = SAMPLES.wallet();
    private static final Wallet BERT = SAMPLES.wallet();
    private static final PoolId POOL = PoolId.ofChecker(OPERATOR);
    private static final StakeRules RULES = StakeRules.of(SampleParameters.get());

    private static StakePool after(StakePool start, StakePoolCommand... commands) {
        StakePool pool = start;
        for (StakePoolCommand command : commands) {
            for (StakePoolEvent event : pool.decide(command)) {
                pool = pool.evolve(event);
            }
        }
        return pool;
    }

    private static StakePool bonded(long whole) {
        return after(StakePool.EMPTY, new CreditBond(POOL, 1, Ath.ofWhole(whole), Hash32.ZERO, 1, at(0)));
    }

    private static Delegate delegate(Wallet who, long whole, long day) {
        return new Delegate(POOL, who, Ath.ofWhole(whole), RULES, day, SAMPLES.authorization(who), at(0));
    }

    @Test
    void one() {
        StakePool pool = after(
                bonded(100),
                delegate(ANNA, 60, 0),
                delegate(BERT, 40, 0),
                new StartUnbonding(POOL, BERT, Ath.ofWhole(40), RULES, 5, SAMPLES.authorization(BERT), at(0)));
        CaseId penalty = new CaseId(SAMPLES.uuid());
        StakePool five = after(pool, new SlashPool(POOL, penalty, Ath.ofWhole(150), 5, at(0)));
        assertThat(five.value(ANNA)).isEqualTo(Ath.ofWhole(30));
        assertThat(five.unbondingValue(POOL, BERT, 1)).isEqualTo(Ath.ofWhole(20));
        StakePool six = after(pool, new SlashPool(POOL, penalty, Ath.ofWhole(150), 6, at(0)));
        assertThat(six.value(ANNA)).isEqualTo(Ath.ofWhole(10));
        assertThat(six.unbondingValue(POOL, BERT, 1)).isEqualTo(Ath.ofWhole(40));
    }

    @Test
    void two() {
        StakePool pool = after(
                bonded(100),
                delegate(ANNA, 20, 0),
                delegate(BERT, 20, 1),
                new RewardPool(POOL, 1, 1, Ath.ofWhole(8), at(0)),
                new RewardPool(POOL, 2, 2, Ath.ofWhole(8), at(0)));
        assertThat(pool.pendingReward(ANNA)).isEqualTo(Ath.ofWhole(12));
        assertThat(pool.pendingReward(BERT)).isEqualTo(Ath.ofWhole(4));
    }

    @Test
    void three() {
        PoolTerms terms = new PoolTerms(1_000, Ath.ofWhole(100), Ath.ofWhole(300));
        List<CheckerMarks> marks = List.of(new CheckerMarks(OPERATOR, 1, terms));
        EpochFacts facts = new EpochFacts(0, List.of(), List.of(), marks, Ath.ZERO, Ath.ofWhole(1_000));
        RewardStatement statement = RewardFormula.compute(facts, SampleParameters.get());
        assertThat(statement.pools().getFirst().amount()).isEqualTo(Ath.ofWhole(675));
        assertThat(statement.accounts().getFirst().earned()).isEqualTo(Ath.ofWhole(325));
    }

    @Test
    void six() {
        PoolTerms terms = new PoolTerms(2_000, Ath.ofWhole(50), Ath.ofWhole(50));
        var job = SampleEpoch.task(
                SAMPLES.task(), BERT, OPERATOR, Outcome.DELIVERED, Ath.ofWei(10_000), Ath.ofWei(10_000), 2_000);
        EpochFacts facts = new EpochFacts(
                0,
                List.of(job),
                List.of(new LiveMachine(SAMPLES.machine(), OPERATOR, 1_000_000, 10, 1_000_000)),
                List.of(),
                Map.of(OPERATOR, terms),
                Ath.ofWei(20_000),
                Ath.ZERO);
        RewardStatement statement = RewardFormula.compute(facts, SampleParameters.sharing());
        assertThat(statement.pools().getFirst().amount()).isEqualTo(Ath.ofWei(4_720));
        RewardStatement.AccountLines operator = statement.accounts().stream()
                .filter(account -> account.wallet().equals(OPERATOR))
                .findFirst()
                .orElseThrow();
        assertThat(operator.emission()).isEqualTo(Ath.ofWei(7_080));
        assertThat(operator.earned()).isEqualTo(Ath.ofWei(7_080 + 8_000));
    }

    private static RewardTerm of(Wallet wallet, List<RewardTerm> terms) {
        return terms.stream()
                .filter(term -> term.wallet().equals(wallet))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void ten() {
        EpochFacts facts = new EpochFacts(
                0,
                List.of(),
                List.of(
                        new LiveMachine(SAMPLES.machine(), ANNA, 1_000_000, 10, 1_000_000),
                        new LiveMachine(SAMPLES.machine(), BERT, 400_000, 8, 900_000)),
                List.of(),
                Ath.ofWei(20_000),
                Ath.ZERO);
        List<RewardTerm> terms = new ArrayList<>();
        RewardFormula.compute(facts, SampleParameters.get(), terms::add);
        RewardTerm anna = of(ANNA, terms);
        RewardTerm bert = of(BERT, terms);
        BigInteger sum = BigInteger.valueOf(12_880_000_000_000L);
        assertThat(anna.basis())
                .isEqualTo(new Basis(Ath.ofWei(10_000), BigInteger.valueOf(10_000_000_000_000L), sum, null));
        assertThat(bert.basis())
                .isEqualTo(new Basis(Ath.ofWei(10_000), BigInteger.valueOf(2_880_000_000_000L), sum, null));
        assertThat(anna.amount()).isEqualTo(Ath.ofWei(7_763));
        assertThat(bert.amount()).isEqualTo(Ath.ofWei(2_236));
    }

    @Test
    void fourteen() {
        EpochFacts facts = new EpochFacts(
                0,
                List.of(),
                List.of(
                        new LiveMachine(SAMPLES.machine(), ANNA, 1_000_000, 10, 1_000_000),
                        new LiveMachine(SAMPLES.machine(), BERT, 400_000, 8, 900_000, true)),
                List.of(),
                Ath.ofWei(20_000),
                Ath.ZERO);
        List<RewardTerm> terms = new ArrayList<>();
        RewardStatement statement = RewardFormula.compute(facts, SampleParameters.probation(), terms::add);
        assertThat(statement.formulaVersion()).isEqualTo(RewardFormula.PROBATION_VERSION);
        assertThat(of(ANNA, terms).amount()).isEqualTo(Ath.ofWei(7_763));
        assertThat(of(BERT, terms).amount()).isEqualTo(Ath.ofWei(1_118));
        assertThat(statement.providerEmission()).isEqualTo(Ath.ofWei(8_881));
        RewardStatement before = RewardFormula.compute(facts, SampleParameters.sharing());
        assertThat(before.formulaVersion()).isEqualTo(RewardFormula.EARNINGS_VERSION);
        assertThat(before.providerEmission()).isEqualTo(Ath.ofWei(7_763 + 2_236));
    }

    @Test
    void fifteen() {
        EpochFacts facts = new EpochFacts(
                0,
                List.of(),
                List.of(
                        new LiveMachine(SAMPLES.machine(), ANNA, 1_000_000, 10, 1_000_000),
                        new LiveMachine(SAMPLES.machine(), BERT, 400_000, 8, 900_000, false, Withheld.PROOF_TOO_OLD)),
                List.of(),
                Ath.ofWei(20_000),
                Ath.ZERO);
        List<RewardTerm> terms = new ArrayList<>();
        RewardStatement statement = RewardFormula.compute(facts, SampleParameters.provenEvery(6, 3), terms::add);
        assertThat(statement.formulaVersion()).isEqualTo(RewardFormula.PROOF_VERSION);
        assertThat(of(ANNA, terms).amount()).isEqualTo(Ath.ofWei(10_000));
        assertThat(of(BERT, terms).amount()).isEqualTo(Ath.ZERO);
        assertThat(of(BERT, terms).basis().withheld()).isEqualTo(Withheld.PROOF_TOO_OLD);
        assertThat(statement.providerEmission()).isEqualTo(Ath.ofWei(10_000));
        assertThat(RewardFormula.compute(facts, SampleParameters.testedDaily(6)).formulaVersion())
                .as("where no proof is asked for")
                .isEqualTo(RewardFormula.FORMULA_VERSION);
    }

    @Test
    void seven() {
        EarningLine line = new EarningLine(EarningLine.Kind.CHECKER_BASE, "rounds", Ath.ofWei(1_001));
        Account account = Account.EMPTY;
        for (AccountCommand command : List.of(
                new SettleAccount(ANNA, 1, List.of(), List.of(line), at(0)),
                new VestEarnings(ANNA, 1, Ath.ofWei(1_001), 180, 10, at(0)))) {
            for (AccountEvent event : account.decide(command)) {
                account = account.evolve(event);
            }
        }
        assertThat(account.available()).isEqualTo(Ath.ofWei(300));
        assertThat(account.vesting().due(99)).isEqualTo(Ath.ZERO);
        assertThat(account.vesting().due(100)).isEqualTo(Ath.ofWei(300));
        assertThat(account.vesting().due(190)).isEqualTo(Ath.ofWei(701));
    }

    @Test
    void four() {
        ProposalId id = new ProposalId(SAMPLES.uuid());
        PoolId annas = PoolId.ofChecker(ANNA);
        PowerLine anna = new PowerLine(annas, Ath.ofWhole(100), Ath.ofWhole(400));
        PowerLine bert = new PowerLine(annas, Ath.ofWhole(150), Ath.ZERO);
        var signed = SAMPLES.authorization(ANNA);
        Tally tally = Proposal.EMPTY
                .evolve(new VoteCast(id, BERT, Tally.Choice.AGAINST, List.of(bert), signed, at(0)))
                .evolve(new VoteCast(id, ANNA, Tally.Choice.FOR, List.of(anna), signed, at(0)))
                .tally();
        assertThat(tally.inFavour()).isEqualTo(Ath.ofWhole(350));
        assertThat(tally.against()).isEqualTo(Ath.ofWhole(150));
    }

    private static List<EarningLine> earned(Wallet who, long epoch, List<CheckerMarks> marks, ProtocolParameters p) {
        EpochFacts facts = new EpochFacts(epoch, List.of(), List.of(), marks, Ath.ZERO, Ath.SUPPLY);
        return RewardFormula.compute(facts, p).accounts().stream()
                .filter(account -> account.wallet().equals(who))
                .flatMap(account -> account.earnings().stream())
                .toList();
    }

    @Test
    void twelve() {
        List<CheckerMarks> marks = List.of(
                new CheckerMarks(ANNA, 3, 3, 3, 0, null, new QuarterMarks(100, 96, 60)),
                new CheckerMarks(BERT, 3, 3, 0, 0, null, new QuarterMarks(200, 200, 180)),
                new CheckerMarks(OPERATOR, 3, 3, 0, 0, null, new QuarterMarks(100, 95, 95)));
        ProtocolParameters p = SampleParameters.paying(new CheckerPay(Ath.ZERO, Ath.ofWhole(131_250_000), 91));
        long last = 91L * p.timing().epochsPerDay() - 1;
        assertThat(earned(ANNA, last, marks, p).getLast().amount()).isEqualTo(Ath.ofWhole(32_812_500));
        assertThat(earned(BERT, last, marks, p).getLast().amount()).isEqualTo(Ath.ofWhole(98_437_500));
        assertThat(earned(OPERATOR, last, marks, p)).isEmpty();
    }

    @Test
    void thirteen() {
        List<CheckerMarks> marks =
                List.of(new CheckerMarks(ANNA, 5, 5, 3, 2, null, null), new CheckerMarks(BERT, 2, 2, 1, 1, null, null));
        ProtocolParameters p = SampleParameters.paying(new CheckerPay(Ath.ofWhole(10), Ath.ZERO, 91));
        Ath rest = RewardFormula.checkerBase(0, p).minus(Ath.ofWhole(30));
        assertThat(earned(ANNA, 0, marks, p))
                .extracting(EarningLine::kind, EarningLine::amount)
                .containsExactly(
                        tuple(EarningLine.Kind.CASE_COMMITTEE, Ath.ofWhole(20)),
                        tuple(EarningLine.Kind.CHECKER_BASE, rest.share(3, 4)));
        assertThat(earned(BERT, 0, marks, p).getFirst().amount()).isEqualTo(Ath.ofWhole(10));
    }

    @Test
    void eleven() {
        Readiness readiness = new Readiness(1_250_000, 2_500_000, Ath.ofWhole(50_000), Ath.ofWhole(70_000));
        assertThat(readiness.capacityBps()).isEqualTo(5_000);
        assertThat(readiness.stakeBps()).isEqualTo(7_142);
        assertThat(readiness.reaches(6_667)).isFalse();
        assertThat(readiness.reaches(5_000)).isTrue();
    }

    @Test
    void five() {
        StakePool open = after(bonded(1_000), delegate(ANNA, 1_461, 0));
        StakePool locked = open.evolve(new StakeLocked(POOL, ANNA, 740, SAMPLES.authorization(ANNA), at(0)));
        assertThat(PowerSnapshot.of(Map.of(POOL, locked), 10, 1_461).powerOf(ANNA))
                .isEqualTo(Ath.ofWhole(2_191));
        assertThat(PowerSnapshot.of(Map.of(POOL, open), 10, 1_461).powerOf(ANNA))
                .isEqualTo(Ath.ofWhole(1_461));
    }
}
