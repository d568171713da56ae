package io.athanor.saga.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobCommand.CancelJob;
import io.athanor.domain.job.JobEvent.JobExpired;
import io.athanor.domain.port.CommittedEvents.Committed;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole network on one thread, with seeded faults; the invariants hold after every history. */
@Tag("sim")
class SimulationTest {
    private static final Duration WORK = Duration.ofMinutes(2);
    /** Enough for the longest way: a lease lost at its deadline, again, redrawn, and the next epochs. */
    private static final Duration REST = Duration.ofMinutes(8);

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

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void nothingIsLostOrPaidTwiceWhateverFails(long seed) {
        SimNetwork network = play(seed, Faults.MANY, true);
        assertThat(network.crashes()).isPositive();
    }

    private SimNetwork play(long seed, Faults faults, boolean unruly) {
        SimNetwork network = new SimNetwork(seed, faults);
        Random random = new Random(seed);
        List<SimChecker> checkers = network.checkers(7);
        if (unruly) {
            checkers.get(0).be(Manner.LIES);
            checkers.get(1).be(Manner.NEVER_REVEALS);
        }
        List<SimMachine> machines = machines(network);
        checkers.forEach(checker -> machines.forEach(checker::sees));
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
            network.run(Duration.ofSeconds(1));
        }
        network.heal();
        network.run(REST);
        network.log.events().forEach(event -> seen.add(name(event)));
        try {
            Invariants.ofHistory(network.log);
            Invariants.ofTheEnd(network);
            Invariants.ofRows(network);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
        assertThat(network.storage.booksKept()).isLessThanOrEqualTo(2);
        return network;
    }

    private static String name(Committed event) {
        Event payload = event.event();
        return payload.getClass().getSimpleName();
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
