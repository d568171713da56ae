package io.athanor.saga.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.account.Withheld;
import io.athanor.domain.attestation.Attendance;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who is not there for its capacity tests, and what it earns. */
class ShunnedTestsTest {
    private static final int EPOCHS = Samples.DEVNET.timing().epochsPerDay();
    private static final long STEP = 250;
    private static final long DAY_MILLIS = Samples.DEVNET.timing().dayMillis();

    private final SimNetwork network = new SimNetwork(11, Faults.NONE);
    private final List<SimMachine> machines = new ArrayList<>();

    /** One owner each, all judged by nine checkers. */
    private void begin(int owners) {
        for (int i = 1; i <= owners; i++) {
            machines.add(network.machine(i, network.provider(i), 2, true));
        }
        watch();
    }

    private void watch() {
        List<SimChecker> checkers = network.checkers(9);
        checkers.forEach(checker -> machines.forEach(checker::sees));
        run(1);
    }

    private void run(int days) {
        network.run(Duration.ofMillis(days * DAY_MILLIS));
    }

    private List<CapacityTested> testsOf(SimMachine machine) {
        return network.all(CapacityTested.class).stream()
                .filter(test -> test.machine().equals(machine.id()))
                .toList();
    }

    private List<Long> paidEpochs(SimMachine machine) {
        return network.all(EarningsCredited.class).stream()
                .filter(credited -> credited.lines().stream().anyMatch(line -> isOf(machine, line)))
                .map(EarningsCredited::epoch)
                .toList();
    }

    private static boolean isOf(SimMachine machine, EarningLine line) {
        return line.kind() == Kind.PROOF_OF_CAPACITY
                && !line.amount().isZero()
                && line.source().equals(machine.id().toString());
    }

    private List<String> forged(UnaryOperator<Event> forger) {
        return Invariants.problems(network.log(), forger);
    }

    /** Whenever a test of the machine begins, a short job of this client comes, and takes it from the committee. */
    private void dodge(SimMachine machine, Wallet client, int days) {
        int seen = roundsOf(machine);
        for (long step = 0; step < days * DAY_MILLIS / STEP; step++) {
            int now = roundsOf(machine);
            if (now > seen) {
                machine.shows(0);
                network.submit(client, 100 + now, Samples.lasting(1, 1, 60_000));
            }
            seen = now;
            network.run(Duration.ofMillis(STEP));
        }
    }

    private int roundsOf(SimMachine machine) {
        return (int) network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == RoundId.Kind.CAPACITY
                        && round.subjects().getFirst().key().equals(machine.id().toString()))
                .count();
    }

    private Set<Withheld> withheldFrom(SimMachine machine, long epoch) {
        return network.all(EarningsCredited.class).stream()
                .filter(credited -> credited.epoch() >= epoch)
                .flatMap(credited -> credited.lines().stream())
                .filter(line -> line.source().equals(machine.id().toString()) && line.basis() != null)
                .map(line -> Objects.requireNonNull(line.basis()).withheld())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    @Test
    void whoHasAJobOfItsOwnAtEachTestEarnsNothingOnceItsProofIsOldUntilATestFindsItWhole() {
        begin(1);
        SimMachine dodger = machines.getFirst();
        dodger.runFor(8_000, 1);
        Wallet owner =
                Objects.requireNonNull(Objects.requireNonNull(network.live().machine(dodger.id()))
                        .machine()
                        .provider());
        network.send(new CreditDeposit(owner, 1, Ath.ofWhole(1_000), Samples.hash("own"), 3, network.now()));
        long first = Objects.requireNonNull(network.live().newestEpoch());
        dodge(dodger, owner, 6);
        assertThat(testsOf(dodger)).as("every test said nothing").isEmpty();
        assertThat(paidEpochs(dodger)).anyMatch(epoch -> epoch < first + 2L * EPOCHS);
        assertThat(withheldFrom(dodger, 0)).contains(Withheld.TEST_SHUNNED, Withheld.PROOF_TOO_OLD);
        assertThat(paidEpochs(dodger)).noneMatch(epoch -> epoch >= first + 4L * EPOCHS);
        long honest = Objects.requireNonNull(network.live().newestEpoch());
        dodger.shows(1_000_000);
        run(3);
        assertThat(testsOf(dodger)).isNotEmpty();
        assertThat(paidEpochs(dodger)).anyMatch(epoch -> epoch > honest);
        assertThat(network.all(CaseOpened.class)).as("never an offence").isEmpty();
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
        assertThat(forged(event -> event instanceof EarningsCredited e && withheld(e) ? paying(e) : event))
                .isNotEmpty();
    }

    private static boolean withheld(EarningsCredited e) {
        return e.lines().stream()
                .anyMatch(line -> line.basis() != null && line.basis().withheld() != null);
    }

    private static EarningsCredited paying(EarningsCredited e) {
        List<EarningLine> lines = e.lines().stream()
                .map(line -> new EarningLine(line.kind(), line.source(), line.amount()))
                .toList();
        return new EarningsCredited(e.wallet(), e.epoch(), lines, e.at());
    }

    @Test
    void whoNeverGetsAQuorumOfItsCommitteeHasNoProofEither() {
        begin(2);
        SimMachine choosy = machines.getFirst();
        choosy.answersEveryThird();
        long first = Objects.requireNonNull(network.live().newestEpoch());
        run(6);
        assertThat(testsOf(choosy)).as("nobody agrees").isEmpty();
        assertThat(withheldFrom(choosy, 0)).containsExactly(Withheld.PROOF_TOO_OLD);
        assertThat(paidEpochs(choosy)).noneMatch(epoch -> epoch >= first + 5L * EPOCHS);
        assertThat(withheldFrom(machines.getLast(), 0)).isEmpty();
        assertThat(network.all(CaseOpened.class)).isEmpty();
        Invariants.ofReplay(network.log());
    }

    @Test
    void whoWorksForAClientAtEachTestIsPaidAllTheTime() {
        begin(1);
        SimMachine wanted = machines.getFirst();
        wanted.runFor(8_000, 1);
        Wallet client = network.client(1);
        dodge(wanted, client, 6);
        assertThat(testsOf(wanted)).isEmpty();
        assertThat(withheldFrom(wanted, 0)).isEmpty();
        Invariants.ofReplay(network.log());
    }

    /** A machine alone in its network has nobody to drop together with: it is its own doing. */
    @Test
    void whoIsAwayWhenItIsDrawnEarnsNothingInThatEpochAndWhoDropsWithAllOthersDoes() {
        begin(5);
        SimMachine away = machines.getFirst();
        // Every other epoch, the last of each day among them, in which whoever was not tested is drawn.
        network.run(Duration.ofMillis(DAY_MILLIS + DAY_MILLIS / EPOCHS));
        for (int each = 0; each < 12; each++) {
            away.down(9_500);
            network.run(Duration.ofSeconds(20));
        }
        Attendance alone = attendance(away);
        assertThat(alone.shunned()).isNotEmpty();
        List<Long> whole =
                testsOf(away).stream().map(test -> test.round().epoch()).toList();
        assertThat(paidEpochs(away)).noneMatch(epoch -> alone.shunned().contains(epoch) && !whole.contains(epoch));
        assertThat(attendance(machines.getLast()).missed()).isEmpty();
        network.run(Duration.ofMillis(2 * DAY_MILLIS));
        Attendance before = attendance(machines.getLast());
        for (int each = 0; each < 6; each++) {
            machines.forEach(machine -> machine.down(9_500));
            network.run(Duration.ofSeconds(20));
        }
        assertThat(attendance(machines.getLast()).drops())
                .hasSizeGreaterThan(before.drops().size());
        assertThat(attendance(machines.getLast()).missed()).isEqualTo(before.missed());
        Invariants.ofReplay(network.log());
    }

    private Attendance attendance(SimMachine machine) {
        return Objects.requireNonNull(network.live().machine(machine.id())).attendance();
    }
}
