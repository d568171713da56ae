package io.athanor.saga.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.Subject;
import io.athanor.domain.job.JobCommand.CancelJob;
import io.athanor.domain.job.JobEvent.JobExpired;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.saga.sim.SimChecker.Manner;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole network on one thread, with seeded faults; the invariants hold after every history. */
@Tag("sim")
class SimulationTest {
    private static final Duration WORK = Duration.ofMinutes(2);
    /** Enough for the longest way: a lease lost at its deadline, again, redrawn, and the next epochs. */
    private static final Duration REST = Duration.ofMinutes(8);
    /** Until machines that did too little for days have done well for a week, and another inspection. */
    private static final Duration BACK =
            Duration.ofMillis(10 * Samples.DEVNET.timing().dayMillis());

    private static final long FIRST_SEED = Long.getLong("athanor.seed", 11);
    private static final long SEEDS = Long.getLong("athanor.seeds", 16);

    /** Other parameters are voted on in it: three days, and they are in force a day later, in the middle of the work. */
    private static final Duration VOTE =
            Duration.ofMillis(3 * Samples.DEVNET.timing().dayMillis());

    private final Set<String> seen = new TreeSet<>();

    @Test
    void aQuietNetworkSettlesEveryTask() {
        SimNetwork network = play(1, Faults.NONE, false);
        assertThat(network.crashes()).isZero();
        assertThat(seen)
                .contains(
                        "JobSettled",
                        "MachineCertified",
                        "MachineRejected",
                        "ProviderActivated",
                        "CheckerActivated",
                        "SettlementBatched",
                        "EpochClosed",
                        "EarningsCredited");
    }

    @Test
    void nothingIsLostOrPaidTwiceWhateverFails() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            assertThat(play(seed, Faults.MANY, true).crashes()).isPositive();
        }
        // What went wrong did happen, or these histories prove nothing.
        assertThat(seen)
                .contains(
                        "JobLost START_DEADLINE",
                        "JobLost MACHINE_OFFLINE",
                        "JobLost CONTAINER_LOST",
                        "JobLost LEASE_EXPIRED",
                        "ParametersActivated 2",
                        "JobRequeued",
                        "JobCancelled",
                        "JobFailed",
                        "MachineWentOffline",
                        "RoundInconclusive",
                        "RoundOpened redraw",
                        "SlaAssessed DELIVERED",
                        "SlaAssessed ENDED_BY_CLIENT",
                        "SlaAssessed EXCLUDED");
    }

    private SimNetwork play(long seed, Faults faults, boolean unruly) {
        SimNetwork network = new SimNetwork(seed, faults);
        Random random = new Random(seed);
        List<SimChecker> checkers = network.checkers(7);
        List<SimMachine> machines = machines(network);
        checkers.forEach(checker -> machines.forEach(checker::sees));
        SimVote.on(network, seed, new ChangeParameters(Subject.REWARDS, 1, Samples.CHEAPER, Samples.REPORT));
        network.run(VOTE);
        Wallet client = network.client(1);
        long job = 0;
        for (long second = 0; second < WORK.toSeconds(); second++) {
            if (second % 3 == 0) {
                JobId id = network.submit(client, ++job, Samples.spec(1 + random.nextInt(6), 1 + random.nextInt(2)));
                if (random.nextInt(8) == 0) {
                    network.in(random.nextInt(5_000), () -> cancel(network, client, id));
                }
            }
            if (unruly && random.nextInt(15) == 0) {
                machines.get(random.nextInt(machines.size())).down(2_000 + random.nextInt(20_000));
            }
            if (unruly && random.nextInt(20) == 0) {
                machines.get(random.nextInt(machines.size())).deafFor(1);
            }
            if (unruly && second % 20 == 0) {
                moods(checkers, random);
            }
            network.run(Duration.ofSeconds(1));
        }
        network.heal();
        checkers.forEach(checker -> checker.be(Manner.HONEST));
        network.run(REST);
        if (!network.all(SuspendedForQuality.class).isEmpty()) {
            network.run(BACK);
        }
        network.log.events().forEach(event -> seen.add(name(event)));
        try {
            Invariants.ofHistory(network.log);
            Invariants.ofReplay(network.log);
            Invariants.ofTheEnd(network);
            Invariants.ofRows(network);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
        return network;
    }

    /** Most checkers honest at times, hardly any at others; never enough alike to agree on a lie. */
    private static void moods(List<SimChecker> checkers, Random random) {
        int bad = random.nextInt(7);
        List<Manner> manners = List.of(Manner.LIES, Manner.NEVER_REVEALS, Manner.ABSENT, Manner.ABSENT);
        for (int i = 0; i < checkers.size(); i++) {
            checkers.get(i).be(i < bad ? manners.get(i % manners.size()) : Manner.HONEST);
        }
    }

    private static String name(Committed event) {
        Event payload = event.event();
        String name = payload.getClass().getSimpleName();
        return switch (payload) {
            case ParametersActivated e -> name + " " + e.version();
            case JobLost e -> name + " " + e.ending();
            case SlaAssessed e -> name + " " + e.assessment().outcome();
            case RoundOpened e -> e.round().attempt() > 0 ? name + " redraw" : name;
            default -> name;
        };
    }

    private static void cancel(SimNetwork network, Wallet client, JobId job) {
        try {
            network.send(new CancelJob(job.task(0), "changed my mind", Samples.signed(client, 9_999), network.now()));
        } catch (Refused e) {
            // It had ended before.
            assertThat(e.detail()).contains(job.toString());
        }
    }

    private static List<SimMachine> machines(SimNetwork network) {
        Wallet first = network.provider(1);
        Wallet second = network.provider(2);
        List<SimMachine> machines = new ArrayList<>();
        machines.add(network.machine(1, first, 4, true));
        machines.add(network.machine(2, first, 2, true));
        machines.add(network.machine(3, second, 4, true));
        machines.add(network.machine(4, second, 8, false));
        return machines;
    }

    @Test
    void aTaskThatNoMachineTakesExpiresAndIsFree() {
        SimNetwork network = new SimNetwork(3, Faults.NONE);
        network.checkers(7);
        Wallet client = network.client(1);
        network.submit(client, 1, Samples.spec(2, 1));
        network.run(Duration.ofMillis(Samples.DEVNET.sla().queueTtlMillis()).plusSeconds(60));
        assertThat(network.log.events().stream().filter(e -> e.event() instanceof JobExpired))
                .hasSize(2);
        Invariants.ofHistory(network.log);
        Invariants.ofTheEnd(network);
    }
}
