package io.athanor.saga.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A capacity test a day, and what it says of it. */
class DailyCapacityTest {
    private static final int DAYS = 4;
    private static final int EPOCHS = Samples.DEVNET.timing().epochsPerDay();
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

    private Standing standing(SimMachine machine) {
        LiveMachine known = Objects.requireNonNull(network.live().machine(machine.id()));
        return known.machine().standing();
    }

    @Test
    void everyFreeMachineIsTestedOnceADayAtAnInstantThatChanges() {
        begin(6);
        run(DAYS);
        Set<Long> instants = new HashSet<>();
        for (SimMachine machine : machines) {
            List<Long> days = testsOf(machine).stream()
                    .map(test -> test.round().epoch() / EPOCHS)
                    .toList();
            assertThat(days).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(DAYS - 1);
            testsOf(machine).forEach(test -> instants.add(test.round().epoch() % EPOCHS));
            assertThat(standing(machine)).isEqualTo(Standing.CERTIFIED);
        }
        assertThat(instants)
                .as("epochs of the day in which somebody was tested")
                .hasSizeGreaterThan(EPOCHS / 2);
        assertThat(network.all(CaseOpened.class)).isEmpty();
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
    }

    /** The other's share grows, and what is missing is exactly a day of epochs. */
    @Test
    void whoShowsThreeQuartersEarnsNothingForADayAndNoStakeIsTaken() {
        begin(2);
        SimMachine weak = machines.getFirst();
        weak.shows(750_000);
        run(2);
        CapacityTested failed = testsOf(weak).getFirst();
        weak.shows(1_000_000);
        run(DAYS);
        CapacityTested passed = testsOf(weak).stream()
                .filter(test -> test.measured() == test.certified())
                .findFirst()
                .orElseThrow();
        assertThat(failed.measured()).isEqualTo(750_000);
        assertThat(failed.certified()).isEqualTo(1_000_000);
        List<Long> paid = paidEpochs(weak);
        assertThat(paid).anyMatch(epoch -> epoch < failed.round().epoch());
        // A test's verdict comes in the epoch after it.
        assertThat(paid)
                .noneMatch(epoch -> epoch > failed.round().epoch()
                        && epoch
                                < Math.min(
                                        failed.round().epoch() + EPOCHS,
                                        passed.round().epoch()));
        assertThat(paid).anyMatch(epoch -> epoch > passed.round().epoch());
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(standing(weak)).isEqualTo(Standing.CERTIFIED);
        Invariants.ofReplay(network.log());
    }

    @Test
    void whoShowsFourFifthsIsWarnedAndPaid() {
        begin(1);
        SimMachine weak = machines.getFirst();
        weak.shows(850_000);
        run(2);
        CapacityTested test = testsOf(weak).getFirst();
        assertThat(test.measured()).isEqualTo(850_000);
        assertThat(paidEpochs(weak)).contains(test.round().epoch() + 2);
    }

    @Test
    void whoShowsLessThanSevenTenthsLosesTheCertificateAndHasACase() {
        begin(2);
        SimMachine liar = machines.getFirst();
        liar.shows(600_000);
        run(2);
        CapacityTested test = testsOf(liar).getFirst();
        Counterfeit offence =
                (Counterfeit) network.all(CaseOpened.class).getFirst().offence();
        assertThat(offence.machine()).isEqualTo(liar.id());
        assertThat(offence.round()).isEqualTo(test.round());
        assertThat(standing(liar)).isEqualTo(Standing.REJECTED);
        assertThat(network.all(MachineRejected.class).getFirst().why()).contains("600000 ppm", "1000000 certified");
        run(DAYS);
        assertThat(network.all(PenaltyExecuted.class))
                .singleElement()
                .satisfies(penalty -> assertThat(penalty.taken().isZero()).isFalse());
        assertThat(network.all(CaseOpened.class)).hasSize(1);
        assertThat(testsOf(liar)).as("no more tests without a certificate").hasSize(1);
        assertThat(standing(machines.getLast())).isEqualTo(Standing.CERTIFIED);
        Invariants.ofReplay(network.log());
    }

    @Test
    void whoIsThereAndFreeAndDoesNotAnswerEarnsNothingAndWhoWasAwayMayMissIt() {
        begin(2);
        machines.getFirst().shows(0);
        run(2);
        CapacityTested silent = testsOf(machines.getFirst()).getFirst();
        assertThat(silent.measured()).isZero();
        assertThat(paidEpochs(machines.getFirst()))
                .doesNotContain(silent.round().epoch() + 2);
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(testsOf(machines.getLast()))
                .extracting(CapacityTested::measured)
                .containsOnly(1_000_000L);
    }

    @Test
    void aMachineThatWorksForAClientAllDayIsNotTested() {
        begin(1);
        SimMachine busy = machines.getFirst();
        busy.runFor(3 * DAY_MILLIS, 1);
        Wallet client = network.client(1);
        network.submit(client, 1, Samples.lasting(1, 1, 3 * DAY_MILLIS));
        network.run(Duration.ofSeconds(10));
        assertThat(network.all(GpusReserved.class)).hasSize(1);
        long before = testsOf(busy).size();
        run(2);
        assertThat(testsOf(busy)).hasSize((int) before);
    }

    private List<String> forged(UnaryOperator<Event> forger) {
        return Invariants.problems(network.log(), forger);
    }

    @Test
    void nobodysTestIsInventedOrMadeBetter() {
        begin(2);
        machines.getFirst().shows(750_000);
        run(2);
        assertThat(forged(event -> event)).isEmpty();
        assertThat(forged(event -> event instanceof CapacityTested e && e.measured() < e.certified()
                        ? new CapacityTested(e.machine(), e.round(), e.certified(), e.certified(), e.at())
                        : event))
                .anyMatch(what -> what.contains("the capacity test"));
        RoundOpened first = network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == RoundId.Kind.CAPACITY
                        && round.subjects().size() == 1
                        && round.round().epoch() % EPOCHS < EPOCHS - 1)
                .findFirst()
                .orElseThrow();
        SimMachine other = machines.stream()
                .filter(machine -> !machine.id()
                        .toString()
                        .equals(first.subjects().getFirst().key()))
                .findFirst()
                .orElseThrow();
        assertThat(forged(event -> event.equals(first) ? withSubject(first, other) : event))
                .anyMatch(what -> what.contains("were not drawn for a capacity test"));
    }

    @Test
    void whoIsDrawnAndLeftOutIsFoundByTheReplay() {
        Wallet owner = network.provider(1);
        machines.add(network.machine(1, owner, 2, true));
        SimMachine second = network.machine(2, owner, 2, true);
        machines.add(second);
        watch();
        run(3);
        RoundOpened both = network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == RoundId.Kind.CAPACITY
                        && round.subjects().size() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(forged(event -> event)).isEmpty();
        SimMachine first = machines.getFirst();
        // Its test is told as one of the day before, since nothing can be left out of a chained history here.
        RoundId earlier = new RoundId(0, RoundId.Kind.CAPACITY, 0, 0);
        assertThat(forged(event -> event.equals(both)
                        ? withSubject(both, first)
                        : event instanceof CapacityTested e
                                        && e.machine().equals(second.id())
                                        && e.round().equals(both.round())
                                ? new CapacityTested(e.machine(), earlier, e.measured(), e.certified(), e.at())
                                : event))
                .anyMatch(what -> what.contains(second.id() + " was drawn for a capacity test"));
    }

    private RoundOpened withSubject(RoundOpened e, SimMachine other) {
        LiveMachine known = Objects.requireNonNull(network.live().machine(other.id()));
        Subject subject = new MachineSubject(
                other.id(),
                Objects.requireNonNull(known.machine().provider()),
                Objects.requireNonNull(known.machine().agentKey()));
        List<Seat> committee = e.committee();
        return new RoundOpened(
                e.round(),
                e.chainId(),
                List.of(subject),
                committee,
                e.quorum(),
                e.draw(),
                e.commitFrom(),
                e.commitUntil(),
                e.revealUntil(),
                e.at());
    }

    /** What is drawn follows from the seed: who knows neither block nor salts knows nothing. */
    @Test
    void anEpochsSeedIsThatOfItsDraw() {
        begin(1);
        run(1);
        RoundOpened test = network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == RoundId.Kind.CAPACITY)
                .findFirst()
                .orElseThrow();
        Hash32 seed = CapacityDay.seed(
                test.draw().blockHash(), test.draw().salts(), test.round().epoch());
        assertThat(CapacityDay.isDrawn(
                        seed,
                        test.draw().excludedGroups().getFirst(),
                        test.round().epoch(),
                        EPOCHS))
                .isTrue();
    }
}
