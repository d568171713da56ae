package io.athanor.saga.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.Withheld;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.domain.placement.Offer;
import io.athanor.domain.provider.ProviderEvent.MachineReadmitted;
import io.athanor.domain.provider.ProviderEvent.ProviderReinstated;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.domain.provider.Suspension.LowQuality;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What committees found of a machine on its newest days weighs in its offer, until the days have passed. */
class QualityOfOffersTest {
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final long EPOCH = Samples.DEVNET.timing().epochMillis();

    private final SimNetwork network = new SimNetwork(5, Faults.NONE);

    private long qualityOf(SimMachine machine) {
        Offer offer = network.fleet().offer(machine.id());
        assertThat(offer).isNotNull();
        return offer.qualityPpm();
    }

    @Test
    void aMachineThatBlinksCountsHalfAndWholeAgainAfterCleanDays() {
        Wallet one = network.provider(1);
        Wallet two = network.provider(2);
        SimMachine blinks = network.machine(1, one, 1, true);
        SimMachine stays = network.machine(2, two, 1, true);
        List<SimChecker> checkers = network.checkers(7);
        checkers.forEach(checker -> {
            checker.sees(blinks);
            checker.sees(stays);
            checker.probe();
        });
        network.run(Duration.ofSeconds(40));
        assertThat(qualityOf(blinks)).isEqualTo(1_000_000);
        for (int epoch = 0; epoch < 6; epoch++) {
            blinks.down(6_000);
            network.run(Duration.ofMillis(EPOCH));
        }
        network.run(Duration.ofMillis(2 * EPOCH));
        assertThat(network.all(JobLost.class)).as("no lease was lost").isEmpty();
        assertThat(qualityOf(blinks)).isPositive().isLessThan(450_000);
        assertThat(qualityOf(stays)).isEqualTo(1_000_000);
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(qualityOf(blinks)).isEqualTo(1_000_000);
    }

    @Test
    void threeBadDaysSuspendUntilCleanDaysAndAnotherInspection() {
        SimMachine blinks = network.machine(1, network.provider(1), 1, true);
        network.checkers(7).forEach(checker -> {
            checker.sees(blinks);
            checker.probe();
        });
        network.run(Duration.ofSeconds(40));
        while (network.all(SuspendedForQuality.class).isEmpty()) {
            assertThat(new Standings(network.live()).closedDay())
                    .as("suspended by now")
                    .isLessThan(5);
            blinks.down(6_000);
            network.run(Duration.ofMillis(EPOCH));
        }
        SuspendedForQuality suspended = network.all(SuspendedForQuality.class).getFirst();
        assertThat(network.all(JobLost.class)).as("no lease was lost").isEmpty();
        assertThat(suspended.quality().ppm()).isLessThan(700_000);
        assertThat(suspended.until()).isEqualTo(suspended.at().plusMillis(7 * DAY));
        assertThat(network.fleet().offer(blinks.id())).isNull();

        network.run(Duration.ofMillis(DAY));
        for (int epoch = 0; epoch < 6; epoch++) {
            blinks.down(6_000);
            network.run(Duration.ofMillis(EPOCH));
        }
        network.run(Duration.ofMillis(6 * DAY));
        assertThat(network.all(MachineReadmitted.class))
                .as("one of the seven days was bad")
                .isEmpty();
        network.run(Duration.ofMillis(4 * DAY));
        MachineReadmitted back = network.all(MachineReadmitted.class).getFirst();
        assertThat(network.all(MachineCertified.class))
                .extracting(MachineCertified::round)
                .hasSize(2)
                .endsWith(back.inspection());
        assertThat(network.fleet().offer(blinks.id())).isNotNull();
        assertThat(network.all(QualityScored.class))
                .extracting(e -> e.scored().day())
                .doesNotHaveDuplicates();
        assertThat(network.all(EarningsCredited.class).stream()
                        .filter(credited ->
                                !credited.at().isBefore(suspended.at().plusMillis(DAY))
                                        && credited.at().isBefore(back.at()))
                        .flatMap(credited -> credited.lines().stream())
                        .filter(line -> line.kind() == EarningLine.Kind.PROOF_OF_CAPACITY))
                .as("capacity of a machine that takes no work")
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(Objects.requireNonNull(line.basis()).withheld())
                                .isEqualTo(Withheld.SUSPENDED));
        assertThat(Invariants.problems(network.log(), event -> event)).isEmpty();
        forgeriesAreFound();
    }

    /** It is there for half a day, then away for two, and nobody has a case, since no lease was lost. */
    @Test
    void aMachineThatIsAwayForDaysIsSuspendedAndNotBackByBeingAway() {
        SimMachine away = network.machine(1, network.provider(1), 1, true);
        SimMachine announced = network.machine(2, network.provider(2), 1, true);
        SimMachine stays = network.machine(3, network.provider(3), 1, true);
        SimMachine other = network.machine(4, network.provider(4), 1, true);
        network.checkers(7).forEach(checker -> {
            List.of(away, announced, stays, other).forEach(checker::sees);
            checker.probe();
        });
        network.run(Duration.ofSeconds(40));
        announced.maintain(1, 8 * DAY);
        announced.down(8 * DAY);
        while (network.all(SuspendedForQuality.class).isEmpty()) {
            assertThat(closedDay()).as("suspended by now").isLessThan(8);
            away.down(2 * DAY);
            network.run(Duration.ofMillis(2 * DAY + DAY / 2));
        }
        assertThat(network.all(JobLost.class)).as("no lease was lost").isEmpty();
        SuspendedForQuality suspended = network.all(SuspendedForQuality.class).getFirst();
        assertThat(suspended.machine()).isEqualTo(away.id());

        away.down(9 * DAY);
        network.run(Duration.ofMillis(9 * DAY));
        assertThat(network.now()).isAfter(suspended.until());
        network.run(Duration.ofMillis(6 * DAY));
        assertThat(network.all(MachineReadmitted.class)).as("six days").isEmpty();
        network.run(Duration.ofMillis(3 * DAY));
        assertThat(network.all(MachineReadmitted.class)).hasSize(1);
        assertThat(network.all(SuspendedForQuality.class))
                .as("who announced it")
                .hasSize(1);
        assertThat(Invariants.problems(network.log(), event -> event)).isEmpty();
    }

    /** The twin: a control plane that hears nobody, for longer than a machine may be away. */
    @Test
    void aNetworkThatIsSilentMostOfTheDayIsNobodysAbsence() {
        List<SimMachine> machines = List.of(
                network.machine(1, network.provider(1), 1, true), network.machine(2, network.provider(2), 1, true));
        network.checkers(7).forEach(checker -> {
            machines.forEach(checker::sees);
            checker.probe();
        });
        network.run(Duration.ofSeconds(40));
        machines.getFirst().down(DAY / 2);
        network.run(Duration.ofSeconds(12));
        for (int day = 0; day < 5; day++) {
            network.blackout(Duration.ofMillis(DAY - 15_000));
            network.run(Duration.ofSeconds(15));
        }
        network.run(Duration.ofMillis(2 * DAY));
        assertThat(network.all(SuspendedForQuality.class)).isEmpty();
        assertThat(network.all(QualityScored.class))
                .filteredOn(e -> e.machine().equals(machines.getLast().id()))
                .isNotEmpty()
                .allMatch(e -> e.scored().ofDay() >= 700_000);
        assertThat(Invariants.problems(network.log(), event -> event)).isEmpty();
    }

    private long closedDay() {
        return new Standings(network.live()).closedDay();
    }

    private void forgeriesAreFound() {
        assertThat(forged(e ->
                        e instanceof QualityScored q ? new QualityScored(q.machine(), better(q.scored()), q.at()) : e))
                .anyMatch(what -> what.contains("give Scored"));
        assertThat(forged(e -> e instanceof SuspendedForQuality s
                        ? new SuspendedForQuality(
                                s.provider(),
                                s.machine(),
                                new LowQuality(s.quality().day(), 1),
                                s.until(),
                                s.at())
                        : e))
                .anyMatch(what -> what.contains("suspend below 700000"));
        assertThat(forged(e -> e instanceof MachineReadmitted r
                        ? new MachineReadmitted(r.provider(), r.machine(), r.inspection(), r.day() - 3, r.at())
                        : e))
                .anyMatch(what -> what.contains("were not clean"));
        assertThat(forged(e -> e instanceof MachineReadmitted r
                        ? new ProviderReinstated(r.provider(), r.machine(), r.at())
                        : e))
                .anyMatch(what -> what.contains("without clean days and an inspection"));
    }

    private static Scored better(Scored told) {
        return new Scored(told.day(), told.figures(), told.parts(), told.ofDay(), 999_999, told.throttled());
    }

    private List<String> forged(UnaryOperator<Event> forger) {
        return Invariants.problems(network.log(), forger);
    }
}
