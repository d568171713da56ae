package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.checker.CheckerEvent.CheckerTombstoned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import io.athanor.domain.stake.StakePoolEvent.StakeUnfrozen;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Cases from the offence to the last wei, on a network in which nothing but the offence is wrong. */
class PenaltyTest {
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final Ath STAKE = Ath.ofWhole(100_000);

    private final SimNetwork network = new SimNetwork(6, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1, STAKE);
    private List<SimChecker> checkers = List.of();

    private SimMachine machine(int checkersCount) {
        network.send(new io.athanor.domain.account.AccountCommand.CreditDeposit(
                provider, 1, Ath.ofWhole(1_000), Samples.hash("deposit"), 5, network.now()));
        SimMachine machine = network.machine(1, provider, 2, true);
        checkers = network.checkers(checkersCount);
        checkers.forEach(checker -> checker.sees(machine));
        network.run(CERTIFIED);
        return machine;
    }

    /** A task that would run for a minute, and the machine away in the middle of it. */
    private void goAway(SimMachine machine, long millis) {
        machine.runFor(60_000, 1);
        network.submit(client, 1, Samples.spec(1, 1));
        network.run(Duration.ofSeconds(5));
        machine.down(millis);
    }

    private StakePool pool() {
        return CaseTerms.poolOf(network.live(), PoolId.ofProvider(provider));
    }

    private BigInteger balance(LedgerAccount account) {
        Balances balances = new Balances();
        network.log().events().forEach(event -> balances.apply(event.event()));
        return balances.balance(account);
    }

    private static Ath percent(Ath amount, long percent) {
        return amount.share(percent, 100);
    }

    @Test
    void nobodyMakesAnOutageDearerOrLonger() {
        SimMachine machine = machine(7);
        goAway(machine, 60_000);
        network.run(Duration.ofSeconds(100));
        assertThat(forged(outage -> outage)).isEmpty();
        Ath twice = Ath.ofWhole(20_000);
        assertThat(forged(o -> new Offence.Downtime(
                        o.accused(), o.machine(), o.since(), o.leases(), twice, o.rounds(), o.judges())))
                .anyMatch(what -> what.contains("of stake, not " + twice));
        Offence.LostLease invented = new Offence.LostLease(
                new JobId(new UUID(0, 9)).task(0).lease(1), client, 1, Ath.ofWhole(1), network.now());
        assertThat(forged(o -> new Offence.Downtime(
                        o.accused(), o.machine(), o.since(), List.of(invented), o.required(), o.rounds(), o.judges())))
                .anyMatch(what -> what.contains("no outage ended " + invented));
    }

    private List<String> forged(UnaryOperator<Offence.Downtime> forger) {
        return Invariants.problems(
                network.log(),
                event -> event instanceof CaseOpened e && e.offence() instanceof Offence.Downtime outage
                        ? new CaseOpened(
                                e.id(),
                                forger.apply(outage),
                                e.rateBps(),
                                e.amount(),
                                e.offenceDay(),
                                e.formulaVersion(),
                                e.authorization(),
                                e.at())
                        : event);
    }

    @Test
    void anOutageIsOneCaseWhoseHighestBandCounts() {
        SimMachine machine = machine(7);
        goAway(machine, 60_000);
        network.run(Duration.ofSeconds(100));
        List<CaseOpened> opened = network.all(CaseOpened.class);
        assertThat(opened).hasSize(1);
        Offence.Downtime offence = (Offence.Downtime) opened.getFirst().offence();
        assertThat(offence.leases()).hasSize(1);
        assertThat(offence.rounds()).hasSize(1);
        assertThat(network.all(StakeFrozen.class)).isNotEmpty();
        Ath expected = offence.required().bps(800);
        assertThat(network.all(PenaltyRaised.class).getLast().amount()).isEqualTo(expected);
        assertThat(network.all(StayBegun.class)).hasSize(1);
        assertThat(network.all(PoolSlashed.class)).as("the stay is not over").isEmpty();
        network.run(Duration.ofMillis(3 * DAY));
        PenaltyExecuted executed = network.all(PenaltyExecuted.class).getFirst();
        assertThat(executed.taken()).isEqualTo(expected);
        assertThat(network.all(VestingSlashed.class))
                .extracting(VestingSlashed::taken)
                .containsExactly(expected);
        assertThat(network.all(PoolSlashed.class)).as("rewards paid for it").isEmpty();
        assertThat(pool().selfBond()).isEqualTo(STAKE);
        assertThat(pool().risk().frozen()).isEmpty();
        assertThat(balance(LedgerAccount.penalty(executed.id()))).isEqualTo(BigInteger.ZERO);
        assertThat(executed.shares()).extracting(PenaltyShare::kind).contains(PenaltyShare.Kind.CLIENT);
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
    }

    /** Its machine stays away, so nothing is vesting any more when the stay is over. */
    @Test
    void whoHasNothingVestingPaysWithStake() {
        SimMachine machine = machine(7);
        goAway(machine, 30 * DAY);
        network.run(Duration.ofMillis(6 * DAY));
        PenaltyExecuted executed = network.all(PenaltyExecuted.class).getFirst();
        assertThat(executed.taken().isZero()).isFalse();
        assertThat(network.all(VestingSlashed.class))
                .extracting(VestingSlashed::taken)
                .containsExactly(Ath.ZERO);
        assertThat(network.all(PoolSlashed.class))
                .extracting(PoolSlashed::taken)
                .containsExactly(executed.taken());
        assertThat(pool().selfBond()).isEqualTo(STAKE.minus(executed.taken()));
        Invariants.ofReplay(network.log());
    }

    @Test
    void nobodySlashesStakeBeforeRewards() {
        SimMachine machine = machine(7);
        goAway(machine, 60_000);
        network.run(Duration.ofMillis(5 * DAY));
        assertThat(network.all(VestingSlashed.class)).isNotEmpty();
        Ath less = Ath.ofWei(1);
        List<String> problems = Invariants.problems(
                network.log(),
                event -> event instanceof VestingSlashed e
                        ? new VestingSlashed(e.wallet(), e.penaltyCase(), less, e.day(), less, e.at())
                        : event);
        assertThat(problems)
                .anyMatch(what -> what.startsWith("the penalty is"))
                .anyMatch(what -> what.startsWith("rewards and pools lost"));
    }

    @Test
    void aShortOutageCostsNothing() {
        SimMachine machine = machine(7);
        goAway(machine, 9_500);
        network.run(Duration.ofSeconds(60));
        assertThat(network.all(CaseOpened.class)).isEmpty();
    }

    @Test
    void whatOnlyTheControlPlaneSawCostsNothing() {
        SimMachine machine = machine(7);
        // The checkers still reach it: only its heartbeats are lost.
        machine.runFor(60_000, 1);
        network.submit(client, 1, Samples.spec(1, 1));
        network.run(Duration.ofSeconds(5));
        machine.mute(60_000);
        network.run(Duration.ofMinutes(2));
        assertThat(network.all(io.athanor.domain.machine.MachineEvent.MachineWentOffline.class))
                .isNotEmpty();
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(network.all(PoolSlashed.class)).isEmpty();
    }

    @Test
    void machinesOfManyOwnersThatGoTogetherAreExcused() {
        SimMachine first = machine(7);
        List<SimMachine> others = new ArrayList<>();
        for (int i = 2; i < 6; i++) {
            SimMachine other = network.machine(i, network.provider(i), 1, true);
            checkers.forEach(checker -> checker.sees(other));
            others.add(other);
        }
        network.run(CERTIFIED);
        goAway(first, 60_000);
        others.forEach(machine -> machine.down(60_000));
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(network.all(PoolSlashed.class)).isEmpty();
    }

    private CaseId caseInItsStay() {
        SimMachine machine = machine(9);
        goAway(machine, 40_000);
        network.run(Duration.ofSeconds(80));
        assertThat(network.all(StayBegun.class)).hasSize(1);
        return network.all(CaseOpened.class).getFirst().id();
    }

    private void appeal(CaseId id) {
        Ath bond = Ath.ofWhole(100);
        var signed = Samples.signed(provider, 77);
        network.send(
                new HoldCaseBond(provider, id, bond, signed, network.now()),
                new LodgeAppeal(
                        id, bond, "it was the network", network.now().plusMillis(7 * DAY), signed, network.now()));
    }

    @Test
    void anAppealIsJudgedByOthersAndAReversalGivesEverythingBack() {
        CaseId id = caseInItsStay();
        checkers.forEach(checker -> checker.finds(true));
        BigInteger before = balance(LedgerAccount.available(provider));
        appeal(id);
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(network.all(AppealDecided.class).getFirst().ruling()).isEqualTo(Ruling.REVERSED);
        assertThat(network.all(CaseDismissed.class)).hasSize(1);
        assertThat(network.all(StakeUnfrozen.class)).hasSize(1);
        assertThat(network.all(PoolSlashed.class)).isEmpty();
        assertThat(pool().selfBond()).isEqualTo(STAKE);
        assertThat(balance(LedgerAccount.penalty(id))).isEqualTo(BigInteger.ZERO);
        assertThat(balance(LedgerAccount.available(provider))).isGreaterThanOrEqualTo(before);
        disjoint(id);
        Invariants.ofReplay(network.log());
    }

    private void disjoint(CaseId id) {
        Offence.Downtime offence =
                (Offence.Downtime) network.all(CaseOpened.class).getFirst().offence();
        RoundOpened judged = opened(offence.rounds().getFirst());
        RoundOpened appealed = network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == RoundId.Kind.APPEAL)
                .findFirst()
                .orElseThrow();
        assertThat(appealed.subjects().getFirst().key()).isEqualTo(id.toString());
        assertThat(appealed.committee())
                .extracting(io.athanor.domain.attestation.Seat::checker)
                .doesNotContainAnyElementsOf(judged.committee().stream()
                        .map(io.athanor.domain.attestation.Seat::checker)
                        .toList());
    }

    private RoundOpened opened(RoundId id) {
        return network.all(RoundOpened.class).stream()
                .filter(round -> round.round().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAppealThatIsRefusedCostsThePenaltyAndTheBond() {
        CaseId id = caseInItsStay();
        appeal(id);
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(network.all(AppealDecided.class).getFirst().ruling()).isEqualTo(Ruling.UPHELD);
        PenaltyExecuted executed = network.all(PenaltyExecuted.class).getFirst();
        assertThat(Ath.sum(executed.shares().stream().map(PenaltyShare::amount).toList()))
                .isEqualTo(executed.taken().plus(Ath.ofWhole(100)));
        assertThat(balance(LedgerAccount.penalty(id))).isEqualTo(BigInteger.ZERO);
        Invariants.ofReplay(network.log());
    }

    @Test
    void aCaseThatNoDisjointCommitteeCanJudgeStaysFrozen() {
        SimMachine machine = machine(6);
        goAway(machine, 40_000);
        network.run(Duration.ofSeconds(80));
        CaseId id = network.all(CaseOpened.class).getFirst().id();
        appeal(id);
        network.run(Duration.ofMillis(10 * DAY));
        assertThat(network.all(AppealDecided.class)).isEmpty();
        assertThat(network.all(PoolSlashed.class)).isEmpty();
        assertThat(pool().risk().frozen()).containsKey(id);
    }

    @Test
    void twoSignedReportsCostTheLicenceAtOnceAndTheStakeAfterTheStay() {
        machine(7);
        network.run(Duration.ofSeconds(30));
        Wallet accused = Samples.wallet(102);
        Wallet reporter = client;
        RoundOpened round = network.all(RoundOpened.class).stream()
                .filter(r -> r.committee().stream().anyMatch(s -> s.checker().equals(accused)))
                .findFirst()
                .orElseThrow();
        Offence offence = new Offence.Equivocation(
                PoolId.ofChecker(accused),
                Samples.wallet(202),
                report(round, accused, Finding.Fact.ONLINE),
                report(round, accused, Finding.Fact.OFFLINE),
                round.commitUntil());
        OpenCase open = new OpenCase(
                offence.caseId(), offence, 500, Ath.ZERO, 0, 2, Samples.signed(reporter, 88), network.now());
        network.send(open);
        network.send(open);
        network.run(Duration.ofSeconds(5));
        assertThat(network.all(CheckerTombstoned.class)).hasSize(1);
        assertThat(network.all(PenaltyRaised.class)).hasSize(1);
        assertThatThrownBy(() -> delegatedTo(accused))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.POOL_CLOSED));
        assertThat(delegatedTo(Samples.wallet(103))).hasSize(1);
        network.run(Duration.ofMillis(3 * DAY));
        PenaltyExecuted executed = network.all(PenaltyExecuted.class).getFirst();
        Ath unit = Samples.DEVNET.stake().checkerUnit();
        assertThat(executed.taken()).isEqualTo(percent(unit, 5));
        assertThat(executed.shares())
                .contains(new PenaltyShare(PenaltyShare.Kind.REPORTER, reporter, percent(percent(unit, 5), 5)));
        assertThat(Ath.sum(network.all(VestingSlashed.class).stream()
                                .map(VestingSlashed::taken)
                                .toList())
                        .plus(Ath.sum(network.all(PoolSlashed.class).stream()
                                .map(PoolSlashed::taken)
                                .toList())))
                .isEqualTo(executed.taken());
        List<RoundOpened> later = network.all(RoundOpened.class).stream()
                .filter(r -> r.at().isAfter(network.now().minusMillis(2 * DAY)))
                .toList();
        assertThat(later)
                .isNotEmpty()
                .noneMatch(r -> r.committee().stream().anyMatch(s -> s.checker().equals(accused)));
        assertThat(balance(LedgerAccount.penalty(executed.id()))).isEqualTo(BigInteger.ZERO);
    }

    /** What the checker's pool says to a delegation now. */
    private List<StakePoolEvent> delegatedTo(Wallet checker) {
        PoolId pool = PoolId.ofChecker(checker);
        Delegate order = new Delegate(
                pool,
                client,
                Ath.ofWhole(10),
                StakeRules.of(Samples.DEVNET),
                1,
                Samples.signed(client, 89),
                network.now());
        return CaseTerms.poolOf(network.live(), pool).decide(order);
    }

    private static SignedReport report(RoundOpened round, Wallet checker, Finding.Fact fact) {
        List<Finding> findings = round.subjects().stream()
                .map(subject -> new Finding(subject.key(), fact, Hash32.ZERO, 0, 0))
                .toList();
        Sha256 evidence = Sha256.of(new byte[] {1});
        return new SignedReport(new Report(round.round(), checker, findings, evidence), "0x" + "11".repeat(65));
    }
}
