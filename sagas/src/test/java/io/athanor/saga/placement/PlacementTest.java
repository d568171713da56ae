package io.athanor.saga.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobRequeued;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import io.athanor.domain.machine.MachineCommand.RetireMachine;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.protocol.ProtocolCommand.PauseNetwork;
import io.athanor.domain.query.Queries.EstimateJob;
import io.athanor.domain.query.Queries.ExplainMachineNow;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.view.EstimateView;
import io.athanor.saga.fleet.FleetIndex;
import io.athanor.saga.fleet.FleetQueries;
import io.athanor.saga.fleet.WrittenFleet;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.WrittenSet;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** From queued to leased, and every way in which a lease goes wrong, on a network in which nothing else fails. */
class PlacementTest {
    private static final Duration OFFLINE =
            Duration.ofMillis(Samples.DEVNET.liveness().offlineMillis());
    private static final Duration CERTIFIED = Duration.ofSeconds(40);

    private final SimNetwork network = new SimNetwork(1, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1);

    private SimMachine certified(int number, int gpus) {
        SimMachine machine = network.machine(number, provider, gpus, true);
        network.checkers(7).forEach(checker -> checker.sees(machine));
        network.run(CERTIFIED);
        machine.runFor(1_000, 1);
        return machine;
    }

    private void run(long millis) {
        network.run(Duration.ofMillis(millis));
    }

    @Test
    void aJobArrayIsPlacedAtOnceAsFarAsTheGpusGo() {
        certified(1, 4);
        network.submit(client, 1, Samples.spec(6, 1));
        run(100);
        List<Lease> leases =
                network.all(JobAssigned.class).stream().map(JobAssigned::lease).toList();
        assertThat(leases).hasSize(4);
        assertThat(leases.stream().flatMap(lease -> lease.gpus().stream())).doesNotHaveDuplicates();
        assertThat(leases).allSatisfy(lease -> {
            assertThat(lease.price()).isEqualTo(Samples.PRICE);
            assertThat(lease.simulated()).isTrue();
            assertThat(lease.startBy())
                    .isEqualTo(network.now().plusMillis(Samples.DEVNET.market().startTtlMillis()));
        });
        assertThat(network.all(GpusReserved.class)).hasSize(4);
        run(3_000);
        assertThat(network.all(JobAssigned.class)).hasSize(6);
    }

    @Test
    void aMaintainedMachineRunsWhatItHasAndGetsNothingNewUntilItsTimeIsOver() {
        SimMachine machine = certified(1, 2);
        machine.runFor(20_000, 1);
        machine.maintain(5_000, 60_000);
        JobId before = network.submit(client, 1, Samples.spec(1, 1));
        run(6_000);
        JobId during = network.submit(client, 2, Samples.spec(1, 1));
        run(30_000);
        assertThat(network.task(before, 0)).isNotInstanceOf(Job.Leased.class);
        assertThat(network.all(JobLost.class)).isEmpty();
        assertThat(network.all(JobAssigned.class)).hasSize(1);
        run(30_000);
        assertThat(network.all(JobAssigned.class))
                .hasSize(2)
                .last()
                .satisfies(assigned -> assertThat(assigned.task().job()).isEqualTo(during));
    }

    @Test
    void aMachineThatFallsSilentLosesItsLeasesAndTheTaskRunsElsewhere() {
        SimMachine first = certified(1, 1);
        SimMachine second = certified(2, 1);
        second.price(Samples.PRICE.times(2));
        second.runFor(3_600_000, 1);
        first.runFor(3_600_000, 1);
        JobId job = network.submit(client, 1, Samples.spec(1, 1));
        run(1_000);
        assertThat(machineOf(job)).isEqualTo(first.id());
        first.down(60_000);
        run(OFFLINE.toMillis() + 1_500);
        assertThat(network.all(MachineWentOffline.class))
                .extracting(MachineWentOffline::machine)
                .containsExactly(first.id());
        assertThat(network.all(JobLost.class)).extracting(JobLost::ending).containsExactly(Ending.MACHINE_OFFLINE);
        assertThat(network.all(JobRequeued.class)).hasSize(1);
        assertThat(machineOf(job)).isEqualTo(second.id());
        run(60_000);
        assertThat(network.all(MachineWentOnline.class))
                .filteredOn(e -> e.machine().equals(first.id()))
                .hasSize(2);
    }

    @Test
    void stakeThatItsGpusDoNotRequireAnyMoreIsLetGo() {
        SimMachine machine = certified(1, 4);
        assertThat(committed()).isEqualTo(Ath.ofWhole(40_000));
        network.send(new ReportHardware(machine.id(), Samples.inventory(1, 1), network.now()));
        run(2_000);
        assertThat(committed()).isEqualTo(Ath.ofWhole(10_000));
        network.send(new RetireMachine(machine.id(), Samples.signed(provider, 9), network.now()));
        run(2_000);
        assertThat(committed()).isEqualTo(Ath.ZERO);
    }

    @Test
    void gpusThatAreAddedTakeNoWorkBeforeTheirStakeIsBonded() {
        Wallet poor = network.provider(2, Ath.ofWhole(10_000));
        SimMachine machine = network.machine(1, poor, 1, true);
        network.checkers(7).forEach(checker -> checker.sees(machine));
        network.run(CERTIFIED);
        assertThat(network.all(MachineCertified.class)).hasSize(1);
        network.send(new ReportHardware(machine.id(), Samples.inventory(1, 2), network.now()));
        network.run(CERTIFIED);
        assertThat(network.all(MachineCertified.class)).hasSize(1);
        String why = queries().explain(new ExplainMachineNow(machine.id(), Samples.spec(1, 1)));
        assertThat(why).contains("INSPECTING", "bond more");
        PoolId pool = PoolId.ofProvider(poor);
        network.send(new CreditBond(pool, 99, Ath.ofWhole(10_000), Samples.hash("more"), 9, network.now()));
        network.run(CERTIFIED);
        assertThat(network.all(MachineCertified.class)).hasSize(2);
        assertThat(Objects.requireNonNull(network.live().pool(pool)).own().required())
                .isEqualTo(Ath.ofWhole(20_000));
        Invariants.ofReplay(network.log());
    }

    @Test
    void aPauseStopsNewLeasesWhatRunsGoesOnAndItEndsByItself() {
        SimMachine machine = certified(1, 2);
        machine.runFor(10_000, 1);
        JobId before = network.submit(client, 1, Samples.spec(1, 1));
        run(1_000);
        Wallet guardian =
                Objects.requireNonNull(Samples.DEVNET.economics().emergency()).guardian();
        network.send(new PauseNetwork("a leak", 30_000, Samples.signed(guardian, 8), network.now()));
        network.submit(client, 2, Samples.spec(1, 1));
        run(29_000);
        assertThat(network.all(JobAssigned.class)).hasSize(1);
        assertThat(network.task(before, 0)).isNotInstanceOf(Job.Leased.class);
        run(3_000);
        assertThat(network.all(JobAssigned.class)).hasSize(2);
    }

    private Ath committed() {
        StakePool pool = Objects.requireNonNull(network.live().pool(PoolId.ofProvider(provider)));
        return pool.own().required();
    }

    private MachineId machineOf(JobId job) {
        return network.all(JobAssigned.class).stream()
                .filter(e -> e.task().job().equals(job))
                .reduce((a, b) -> b)
                .orElseThrow()
                .lease()
                .machine();
    }

    @Test
    void afterAStartNobodyIsOfflineBeforeItsFullTime() {
        SimMachine machine = certified(1, 1);
        machine.down(600_000);
        run(OFFLINE.toMillis() - 1_000);
        network.crash();
        run(OFFLINE.toMillis() - 200);
        assertThat(network.all(MachineWentOffline.class)).isEmpty();
        run(1_000);
        assertThat(network.all(MachineWentOffline.class)).hasSize(1);
    }

    @Test
    void aLeaseThatDoesNotStartIsLostAndTheTaskIsQueuedAgain() {
        SimMachine machine = certified(1, 1);
        machine.deafFor(1);
        JobId job = network.submit(client, 1, Samples.spec(1, 1));
        run(Samples.DEVNET.market().startTtlMillis() + 10_000);
        assertThat(network.all(JobLost.class)).extracting(JobLost::ending).containsExactly(Ending.START_DEADLINE);
        // The only machine is avoided for a while, and then taken again: there is no other.
        assertThat(network.all(JobAssigned.class)).hasSize(2);
        assertThat(network.task(job, 0)).isInstanceOf(Job.Ended.class);
    }

    @Test
    void aTaskFailsWhenItsAttemptsAreUsedUp() {
        SimMachine machine = certified(1, 1);
        int attempts = Samples.DEVNET.sla().maxAttempts();
        machine.deafFor(attempts);
        network.submit(client, 1, Samples.spec(1, 1));
        run(attempts * (Samples.DEVNET.market().startTtlMillis() + 10_000));
        assertThat(network.all(JobLost.class)).hasSize(attempts);
        assertThat(network.all(JobFailed.class)).hasSize(1);
    }

    @Test
    void aTaskThatWaitsIsToldWhyOnceAndIsPlacedWhenThereIsAMachine() {
        network.run(CERTIFIED);
        JobId job = network.submit(client, 1, Samples.spec(1, 1));
        run(20_000);
        assertThat(network.all(PlacementDecided.class)).hasSize(1);
        assertThat(network.all(PlacementDecided.class).getFirst().decision().chosen())
                .isNull();
        certified(1, 1);
        run(5_000);
        assertThat(machineOf(job)).isEqualTo(Samples.machine(1));
    }

    @Test
    void aTaskThatCostsMoreThanItsClientPaysWaitsForALowerPrice() {
        SimMachine machine = certified(1, 1);
        machine.price(Samples.PRICE.times(3));
        JobId job = network.submit(client, 1, Samples.spec(1, 1));
        run(3_000);
        assertThat(network.task(job, 0)).isInstanceOf(Job.Queued.class);
        assertThat(network.all(PlacementDecided.class).getLast().decision().rejected())
                .containsEntry("PRICE", 1);
        machine.price(Samples.PRICE);
        run(100);
        assertThat(machineOf(job)).isEqualTo(machine.id());
    }

    @Test
    void aQueuedTaskIsPlacedAfterARestart() {
        SimMachine machine = certified(1, 1);
        machine.runFor(4_000, 1);
        network.submit(client, 1, Samples.spec(2, 1));
        run(1_000);
        network.crash();
        run(8_000);
        assertThat(network.all(JobAssigned.class)).hasSize(2);
    }

    private FleetQueries queries() {
        WrittenSet sets = new WrittenSet(network.live(), network.rows(), () -> Long.MAX_VALUE);
        return new FleetQueries(new WrittenFleet(sets, network.fleet(), network::now));
    }

    @Test
    void estimateAndExplanationComeFromTheFleetAsItIsNow() {
        FleetQueries queries = queries();
        assertThatThrownBy(() -> queries.estimate(new EstimateJob(Samples.spec(2, 1))))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
        run(100);
        EstimateView empty = queries.estimate(new EstimateJob(Samples.spec(2, 1)));
        assertThat(empty.decision().chosen()).isNull();
        assertThat(empty.expectedCost()).isEqualTo(Ath.ZERO);
        assertThatThrownBy(() -> queries.explain(new ExplainMachineNow(Samples.machine(1), Samples.spec(1, 1))))
                .isInstanceOf(Refused.class);

        SimMachine machine = certified(1, 2);
        EstimateView full = queries.estimate(new EstimateJob(Samples.spec(2, 1)));
        assertThat(full.decision().chosen()).isEqualTo(machine.id());
        assertThat(full.maxHold()).isEqualTo(Samples.spec(2, 1).cap());
        assertThat(full.expectedCost()).isEqualTo(Samples.PRICE.times(60).times(2));
        assertThat(queries.explain(new ExplainMachineNow(machine.id(), Samples.spec(1, 1))))
                .isEqualTo("It would take the task now.");
        assertThat(queries.explain(new ExplainMachineNow(machine.id(), Samples.spec(1, 3))))
                .startsWith("GPU_COUNT");
    }

    /** A node that does not run the routers reads what the other one wrote, and does not touch its own set. */
    @Test
    void anotherNodeAnswersFromTheRowsThatWereWritten() {
        run(100);
        SimMachine machine = certified(1, 2);
        network.catchUp();
        LiveSet own = new LiveSet(network.rows());
        own.load();
        FleetIndex hears = new FleetIndex(own, network.now());
        FleetQueries queries = new FleetQueries(
                new WrittenFleet(new WrittenSet(own, network.rows(), network.log()::head), hears, network::now));
        assertThat(own.ready()).isFalse();
        EstimateView estimate = queries.estimate(new EstimateJob(Samples.spec(2, 1)));
        assertThat(estimate.decision().chosen()).isEqualTo(machine.id());
        assertThat(estimate.expectedCost()).isEqualTo(Samples.PRICE.times(60).times(2));
        assertThat(queries.explain(new ExplainMachineNow(machine.id(), Samples.spec(1, 3))))
                .startsWith("GPU_COUNT");
        assertThat(own.ready()).isFalse();
    }
}
