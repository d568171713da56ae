package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId.Kind;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand.DisputeJob;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Clients' disputes from the deposit to the last wei. */
class DisputeTest {
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final long WINDOW = Samples.DEVNET.sla().disputeWindowMillis();
    private static final Ath STAKE = Ath.ofWhole(100_000);
    private static final Ath DEPOSIT = Ath.ofWhole(1);
    private static final Ath BOND = Ath.ofWhole(100);

    private final SimNetwork network = new SimNetwork(9, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1, STAKE);
    private List<SimChecker> checkers = List.of();
    private JobId job = new JobId(new UUID(0, 0));

    private Dispute settledTask(int checkersCount) {
        network.send(new io.athanor.domain.account.AccountCommand.CreditDeposit(
                provider, 1, Ath.ofWhole(1_000), Samples.hash("deposit"), 5, network.now()));
        SimMachine machine = network.machine(1, provider, 2, true);
        checkers = network.checkers(checkersCount);
        checkers.forEach(checker -> checker.sees(machine));
        network.run(Duration.ofSeconds(40));
        job = network.submit(client, 1, Samples.spec(1, 1));
        network.run(Duration.ofSeconds(60));
        assertThat(network.all(JobSettled.class)).hasSize(1);
        return dispute(DEPOSIT);
    }

    private Dispute dispute(Ath deposit) {
        Job.Settled settled = (Job.Settled) network.task(job, 0);
        RoundOpened judged = network.all(RoundOpened.class).stream()
                .filter(round -> round.round().equals(settled.assessment().round()))
                .findFirst()
                .orElseThrow();
        return new Dispute(
                PoolId.ofProvider(provider),
                (DeliverySubject) judged.subjects().getFirst(),
                client,
                settled.assessment().cost(),
                deposit,
                "the output is empty",
                judged.committee().stream().map(Seat::voice).distinct().sorted().toList(),
                settled.endedAt());
    }

    private void send(Dispute dispute, Authorization by) {
        network.send(
                new OpenCase(dispute.caseId(), dispute, 10_000, Ath.ZERO, 0, 2, by, network.now()),
                new HoldCaseBond(by.wallet(), dispute.caseId(), dispute.deposit(), by, network.now()),
                new DisputeJob(dispute.delivery().lease().task(), dispute.caseId(), WINDOW, by, network.now()));
    }

    private BigInteger balance(LedgerAccount account) {
        Balances balances = new Balances();
        network.log().events().forEach(event -> balances.apply(event.event()));
        return balances.balance(account);
    }

    private RoundOpened round(Kind kind) {
        return network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anUpheldDisputeReturnsTheBillAndTheDeposit() {
        Dispute dispute = settledTask(14);
        BigInteger before = balance(LedgerAccount.available(client));
        send(dispute, Samples.signed(client, 70));
        network.run(Duration.ofMillis(4 * DAY));
        CaseJudged judged = network.all(CaseJudged.class).getFirst();
        assertThat(judged.ruling()).isEqualTo(Ruling.UPHELD);
        PenaltyExecuted executed = network.all(PenaltyExecuted.class).getFirst();
        assertThat(executed.taken()).isEqualTo(dispute.bill());
        assertThat(executed.shares())
                .containsExactly(
                        new PenaltyShare(PenaltyShare.Kind.CLIENT, client, dispute.bill()),
                        new PenaltyShare(PenaltyShare.Kind.DEPOSIT, client, DEPOSIT));
        assertThat(balance(LedgerAccount.available(client)))
                .isEqualTo(before.add(dispute.bill().wei()));
        assertThat(balance(LedgerAccount.penalty(dispute.caseId()))).isEqualTo(BigInteger.ZERO);
        Draw.Terms terms = round(Kind.SLASH).draw().terms();
        assertThat(terms).isNotNull();
        assertThat(terms.wantedSeats()).as("stated, however small the network").isEqualTo(15);
        assertThat(round(Kind.SLASH).committee()).extracting(Seat::voice).doesNotContainAnyElementsOf(dispute.judges());
        eachJudgeGotItsFee();
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
    }

    @Test
    void aRefusedDisputeCostsTheDeposit() {
        Dispute dispute = settledTask(14);
        checkers.forEach(checker -> checker.finds(true));
        BigInteger before = balance(LedgerAccount.available(client));
        send(dispute, Samples.signed(client, 70));
        network.run(Duration.ofMillis(2 * DAY));
        assertThat(network.all(CaseJudged.class).getFirst().ruling()).isEqualTo(Ruling.REVERSED);
        assertThat(network.all(CaseDismissed.class)).hasSize(1);
        assertThat(balance(LedgerAccount.available(client))).isEqualTo(before.subtract(DEPOSIT.wei()));
        assertThat(balance(LedgerAccount.penalty(dispute.caseId()))).isEqualTo(BigInteger.ZERO);
        assertThat(CaseTerms.poolOf(network.live(), dispute.accused()).selfBond())
                .isEqualTo(STAKE);
        eachJudgeGotItsFee();
        Invariants.ofReplay(network.log());
    }

    /** The same, whatever they found. */
    private void eachJudgeGotItsFee() {
        List<EarningLine> fees = network.all(EarningsCredited.class).stream()
                .flatMap(e -> e.lines().stream())
                .filter(line -> line.kind() == EarningLine.Kind.CASE_COMMITTEE)
                .toList();
        assertThat(fees)
                .hasSameSizeAs(round(Kind.SLASH).committee())
                .extracting(EarningLine::amount)
                .containsOnly(Ath.ofWhole(10));
    }

    @Test
    void theProviderAppealsToACommitteeOfOthers() {
        Dispute dispute = settledTask(20);
        send(dispute, Samples.signed(client, 70));
        network.run(Duration.ofMillis(DAY));
        assertThat(network.all(CaseJudged.class)).hasSize(1);
        checkers.forEach(checker -> checker.finds(true));
        Authorization signed = Samples.signed(provider, 71);
        network.send(
                new HoldCaseBond(provider, dispute.caseId(), BOND, signed, network.now()),
                new LodgeAppeal(
                        dispute.caseId(),
                        BOND,
                        "it was delivered",
                        network.now().plusMillis(7 * DAY),
                        signed,
                        network.now()));
        network.run(Duration.ofMillis(3 * DAY));
        assertThat(network.all(AppealDecided.class).getFirst().ruling()).isEqualTo(Ruling.REVERSED);
        assertThat(network.all(CaseDismissed.class)).hasSize(1);
        List<String> first = network.all(CaseJudged.class).getFirst().judges();
        assertThat(round(Kind.APPEAL).committee()).extracting(Seat::voice).doesNotContainAnyElementsOf(first);
        assertThat(balance(LedgerAccount.penalty(dispute.caseId()))).isEqualTo(BigInteger.ZERO);
        Invariants.ofReplay(network.log());
    }

    @Test
    void whereNobodyElseCanJudgeTheDepositComesBack() {
        Dispute dispute = settledTask(5);
        BigInteger before = balance(LedgerAccount.available(client));
        send(dispute, Samples.signed(client, 70));
        network.run(Duration.ofMillis(9 * DAY));
        CaseJudged judged = network.all(CaseJudged.class).getFirst();
        assertThat(judged.round()).isNull();
        assertThat(judged.ruling()).isEqualTo(Ruling.HUNG);
        assertThat(balance(LedgerAccount.available(client))).isEqualTo(before);
        Invariants.ofReplay(network.log());
    }

    @Test
    void aDisputeIsTheClientsOnceAndInItsWindow() {
        Dispute dispute = settledTask(14);
        refused(dispute, Samples.signed(provider, 72), Reason.NOT_ALLOWED);
        send(dispute, Samples.signed(client, 70));
        refused(dispute(Ath.ofWhole(2)), Samples.signed(client, 73), Reason.WRONG_STATE);
        network.run(Duration.ofMillis(WINDOW));
        job = network.submit(client, 2, Samples.spec(1, 1));
        network.run(Duration.ofSeconds(60));
        Dispute late = dispute(DEPOSIT);
        network.run(Duration.ofMillis(WINDOW));
        refused(late, Samples.signed(client, 74), Reason.WINDOW_CLOSED);
    }

    private void refused(Dispute dispute, Authorization by, Reason reason) {
        BigInteger held = balance(LedgerAccount.penalty(dispute.caseId()));
        assertThatThrownBy(() -> send(dispute, by))
                .isInstanceOfSatisfying(
                        Refused.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
        assertThat(balance(LedgerAccount.penalty(dispute.caseId()))).isEqualTo(held);
    }

    @Test
    void nobodyTellsADisputeOtherwiseThanItWas() {
        Dispute dispute = settledTask(14);
        send(dispute, Samples.signed(client, 70));
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(forged(told -> told)).isEmpty();
        Ath dearer = dispute.bill().plus(Ath.ofWei(1));
        assertThat(forged(told -> new Dispute(
                        told.accused(),
                        told.delivery(),
                        told.client(),
                        dearer,
                        told.deposit(),
                        told.why(),
                        told.judges(),
                        told.since())))
                .anyMatch(what -> what.contains("not of a settled delivery"));
        assertThat(forged(told -> new Dispute(
                        told.accused(),
                        told.delivery(),
                        told.client(),
                        told.bill(),
                        Ath.ofWei(1),
                        told.why(),
                        told.judges(),
                        told.since())))
                .anyMatch(what -> what.contains("deposit"));
    }

    private List<String> forged(UnaryOperator<Dispute> forger) {
        return Invariants.problems(
                network.log(),
                event -> event instanceof CaseOpened e && e.offence() instanceof Dispute dispute
                        ? new CaseOpened(
                                e.id(),
                                forger.apply(dispute),
                                e.rateBps(),
                                e.amount(),
                                e.offenceDay(),
                                e.formulaVersion(),
                                e.authorization(),
                                e.at())
                        : event);
    }
}
