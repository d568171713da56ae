package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import io.athanor.domain.machine.MachineCommand.RetireMachine;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.provider.ProviderEvent.MachineReadmitted;
import io.athanor.domain.query.Queries.FindObligation;
import io.athanor.domain.stake.StakePoolCommand.ReleaseCommitment;
import io.athanor.saga.fleet.FleetQueries;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimChecker.Manner;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Providers that would leave with their leases, and before their case. */
class EvasionTest {
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final Duration EPOCH =
            Duration.ofMillis(Samples.DEVNET.timing().epochMillis());

    private final SimNetwork network = new SimNetwork(6, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1, Ath.ofWhole(100_000));
    private final SimMachine machine = network.machine(1, provider, 2, true);

    private List<SimChecker> checkers = List.of();

    @BeforeEach
    void certify() {
        checkers = network.checkers(7);
        checkers.forEach(checker -> checker.sees(machine));
        network.run(CERTIFIED);
    }

    private void leased(int runMillis) {
        machine.runFor(runMillis, 1);
        network.submit(client, 1, Samples.spec(1, 1));
        network.run(Duration.ofSeconds(5));
    }

    private void report(int gpus) {
        network.send(new ReportHardware(machine.id(), Samples.inventory(1, gpus), network.now()));
    }

    private void changes(int epochs) {
        Duration step = Duration.ofSeconds(2);
        for (int i = 0; i < epochs * EPOCH.dividedBy(step); i++) {
            report(1 + i % 2);
            network.run(step);
        }
    }

    private Standing standing() {
        return Objects.requireNonNull(network.live().machine(machine.id()))
                .machine()
                .standing();
    }

    private Ath committed() {
        return CaseTerms.poolOf(network.live(), PoolId.ofProvider(provider))
                .own()
                .required();
    }

    private Optional<String> obligation() {
        return new FleetQueries(network::fleet).obligation(new FindObligation(machine.id(), network.now()));
    }

    /** Messages of its agent end the certificate before committees have given another, also when it has gone. */
    @Test
    void changedHardwareTakesNoMachineOutOfItsRounds() {
        leased(60_000);
        changes(2);
        machine.down(30 * DAY);
        changes(1);
        assertThat(network.all(JobLost.class)).hasSize(1);
        assertThat(standing()).isNotEqualTo(Standing.CERTIFIED);
        network.run(Duration.ofSeconds(100));

        assertThat(network.all(JobLost.class)).hasSize(1);
        assertThat(network.all(CaseOpened.class)).hasSize(1);
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(network.all(PenaltyExecuted.class)).hasSize(1);
        Invariants.ofReplay(network.log());
    }

    @Test
    void stakeBehindGpusThatAreLeasedStaysWhenTheyLeave() {
        leased(30_000);
        report(1);
        network.run(Duration.ofSeconds(5));
        assertThat(committed()).isEqualTo(Ath.ofWhole(20_000));
        network.run(Duration.ofSeconds(60));
        assertThat(committed()).as("when the lease has ended").isEqualTo(Ath.ofWhole(10_000));
        Invariants.ofReplay(network.log());
    }

    @Test
    void whoWentAwayWithLeasesAnswersForThemBeforeItRetires() {
        assertThat(obligation()).isEmpty();
        leased(60_000);
        machine.down(40_000);
        network.run(Duration.ofSeconds(8));
        assertThat(network.all(JobLost.class)).hasSize(1);
        assertThat(obligation()).get().asString().contains("outage since");
        network.run(Duration.ofSeconds(100));
        assertThat(obligation()).get().asString().contains("case ", " is open");
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(network.all(PenaltyExecuted.class)).hasSize(1);
        assertThat(obligation()).get().asString().contains("it is suspended until");
        network.run(Duration.ofMillis(10 * DAY));
        assertThat(network.all(MachineReadmitted.class)).hasSize(1);
        assertThat(obligation()).get().asString().contains("its suspension of", "counts until");
        network.run(Duration.ofMillis(24 * DAY));
        assertThat(obligation()).isEmpty();
        retire();
        network.run(EPOCH);
        assertThat(network.all(MachineRetired.class)).hasSize(1);
        Invariants.ofReplay(network.log());
    }

    private void retire() {
        network.send(
                new RetireMachine(machine.id(), Samples.signed(provider, 9), network.now()),
                new ReleaseCommitment(PoolId.ofProvider(provider), machine.id(), network.now()));
    }

    /** Whose first look had no quorum: the next one is another epoch's. */
    @Test
    void whoRetiresBeforeAnybodyLooksHasItsCaseAllTheSame() {
        leased(60_000);
        checkers.forEach(checker -> checker.be(Manner.ABSENT));
        machine.down(30 * DAY);
        network.run(Duration.ofSeconds(9));
        assertThat(network.all(JobLost.class)).hasSize(1);
        retire();
        network.run(EPOCH);
        assertThat(network.all(CaseOpened.class)).isEmpty();
        checkers.forEach(checker -> checker.be(Manner.HONEST));
        network.run(Duration.ofSeconds(60));
        assertThat(network.all(CaseOpened.class)).hasSize(1);
        Invariants.ofReplay(network.log());
    }

    @Test
    void aNodeThatAsksNobodyIsFound() {
        checkers.forEach(checker -> checker.be(Manner.ABSENT));
        leased(60_000);
        machine.down(30 * DAY);
        network.run(Duration.ofSeconds(60));
        assertThat(obligation()).isPresent();
        retire();
        assertThat(Invariants.problems(network.log(), UnaryOperator.identity()))
                .contains(
                        machine.id() + " retires while its outage is not settled",
                        machine.id() + " lets its stake go while its outage is not settled");
    }

    @Test
    void aNodeThatLooksAwayFromAnOpenCaseIsFound() {
        leased(60_000);
        machine.down(30 * DAY);
        network.run(Duration.ofSeconds(100));
        retire();
        CaseId open = network.all(CaseOpened.class).getFirst().id();
        assertThat(Invariants.problems(network.log(), UnaryOperator.identity()))
                .contains(machine.id() + " retires while case " + open + " is open");
    }
}
