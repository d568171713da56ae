package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Promise;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.Accountability.Band;
import io.athanor.domain.protocol.Accountability.Penalties;
import io.athanor.domain.protocol.ProtocolCommand.ScheduleParameters;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
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

/** What a lost lease costs is what its agreement said, whatever has changed since. */
class AgreedTermsTest {
    private static final Duration LONG = Duration.ofMinutes(40);
    /** The tests change the parameters by hand, which is all that is wrong. */
    private static final String NO_VOTE = "no executed proposal has these parameters";
    /** One H100 of a machine of two. */
    private static final Ath STAKE = Ath.ofWhole(10_000);

    private final SimNetwork network = new SimNetwork(6, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1, Ath.ofWhole(1_000_000));

    private SimMachine begin() {
        network.send(new CreditDeposit(provider, 1, Ath.ofWhole(1_000), Samples.hash("deposit"), 5, network.now()));
        SimMachine machine = network.machine(1, provider, 2, true);
        List<SimChecker> checkers = network.checkers(7);
        checkers.forEach(checker -> checker.sees(machine));
        network.run(Duration.ofSeconds(40));
        machine.runFor(LONG.toMillis(), 1);
        return machine;
    }

    private void lease() {
        network.submit(client, 1, Samples.lasting(1, 1, LONG.toMillis()));
        network.run(Duration.ofSeconds(5));
        assertThat(network.all(JobAssigned.class)).hasSize(1);
    }

    /** Twice the stake a GPU, and everything from the first band on. */
    private static ProtocolParameters harsher() {
        ProtocolParameters p = Samples.DEVNET;
        Accountability a = p.accountable();
        Penalties n = a.penalties();
        Penalties harsh = new Penalties(
                n.schedule(),
                List.of(new Band(n.downtime().getFirst().from(), 10_000)),
                n.flatBps(),
                n.committee(),
                n.stayDays(),
                n.appealDays(),
                n.deposits(),
                n.checkers(),
                n.uncommitteed(),
                n.shares(),
                n.outage());
        ProtocolParameters.Stake s = p.stake();
        return new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                new ProtocolParameters.Stake(
                        s.checkerUnit(), s.providerPerGpu().times(2), s.selfBondBps(), s.offerBps()),
                p.market(),
                new Accountability(a.jail(), a.standing(), a.credits(), harsh, a.canaries()),
                p.economy());
    }

    private void changeParameters() {
        long newest = Objects.requireNonNull(network.live().newestEpoch());
        network.send(new ScheduleParameters(harsher(), newest + 1, network.now()));
        while (network.all(ParametersActivated.class).size() < 2) {
            network.run(SimNetwork.TICK);
        }
    }

    private CaseOpened afterAnOutage(SimMachine machine) {
        machine.down(60_000);
        network.run(Duration.ofSeconds(100));
        return network.all(CaseOpened.class).getFirst();
    }

    private Ath most() {
        return network.all(PenaltyRaised.class).isEmpty()
                ? network.all(CaseOpened.class).getFirst().amount()
                : network.all(PenaltyRaised.class).getLast().amount();
    }

    @Test
    void harsherParametersDoNotReachALeaseThatStands() {
        SimMachine machine = begin();
        lease();
        changeParameters();
        CaseOpened opened = afterAnOutage(machine);
        assertThat(((Offence.Downtime) opened.offence()).required()).isEqualTo(STAKE);
        assertThat(opened.rateBps()).isEqualTo(400);
        assertThat(opened.formulaVersion()).isEqualTo(PenaltyPolicy.AGREED_REWARDS_FIRST);
        assertThat(most()).as("the second band of version 1").isEqualTo(STAKE.bps(800));
        assertThat(Invariants.problems(network.log(), event -> event)).containsExactly(NO_VOTE);
    }

    @Test
    void theyDoReachALeaseThatIsAgreedUnderThem() {
        SimMachine machine = begin();
        changeParameters();
        lease();
        CaseOpened opened = afterAnOutage(machine);
        assertThat(((Offence.Downtime) opened.offence()).required()).isEqualTo(STAKE.times(2));
        assertThat(opened.rateBps()).isEqualTo(10_000);
        assertThat(most()).isEqualTo(STAKE.times(2));
        assertThat(Invariants.problems(network.log(), event -> event)).containsExactly(NO_VOTE);
    }

    @Test
    void otherHardwareAfterwardsChangesNothing() {
        SimMachine machine = begin();
        lease();
        machine.down(60_000);
        network.run(Duration.ofSeconds(2));
        network.send(new ReportHardware(machine.id(), weaker(), network.now()));
        network.run(Duration.ofSeconds(100));
        CaseOpened opened = network.all(CaseOpened.class).getFirst();
        var now = Objects.requireNonNull(network.live().machine(machine.id())).machine();
        assertThat(PenaltyPolicy.required(now, 1, Samples.DEVNET)).isEqualTo(STAKE.share(22, 100));
        assertThat(((Offence.Downtime) opened.offence()).required()).isEqualTo(STAKE);
        Invariants.ofReplay(network.log());
    }

    private static Inventory weaker() {
        Inventory had = Samples.inventory(1, 2);
        return new Inventory(
                had.fingerprint(),
                had.region(),
                had.gpus().stream()
                        .map(gpu -> new Inventory.Gpu(
                                gpu.uuid(), "RTX 3090", gpu.memoryMib(), gpu.computeCapability(), gpu.driver()))
                        .toList(),
                had.cpuThreads(),
                had.memoryMib(),
                had.diskGib(),
                had.downMbit(),
                had.upMbit(),
                had.engineVersion(),
                had.simulated());
    }

    @Test
    void whoReplaysTheHistoryFindsAnotherStakeInAnAgreement() {
        begin();
        lease();
        assertThat(Invariants.problems(network.log(), event -> event)).isEmpty();
        assertThat(forged(promise -> promise(promise, promise.parameters(), STAKE.bps(5_000))))
                .anyMatch(what -> what.contains("of the parameters promises"));
        assertThat(forged(promise -> promise(promise, 9, STAKE)))
                .anyMatch(what -> what.contains("of the parameters promises"));
    }

    private static Promise promise(Promise p, int version, Ath stake) {
        return new Promise(version, p.finishMillis(), p.startFreeMillis(), p.finishBps(), stake);
    }

    private List<String> forged(UnaryOperator<Promise> forger) {
        return Invariants.problems(network.log(), event -> event instanceof JobAssigned e ? with(e, forger) : event);
    }

    private static Event with(JobAssigned e, UnaryOperator<Promise> forger) {
        Lease l = e.lease();
        Lease.Agreement a = l.agreement();
        Lease.Agreement other = new Lease.Agreement(
                a.tier(),
                a.startDeadlineMillis(),
                a.formulaVersion(),
                forger.apply(Objects.requireNonNull(a.promise())));
        Lease lease =
                new Lease(l.id(), l.machine(), l.provider(), l.gpus(), l.price(), l.startBy(), other, l.simulated());
        return new JobAssigned(e.task(), lease, e.at());
    }
}
