package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimChecker.Manner;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong with the control plane and with reports costs no provider anything, and stops nothing. */
@Tag("sim")
class NobodysFaultProperties {
    private static final long FIRST_SEED = Long.getLong("athanor.seed", 31);
    private static final long SEEDS = Long.getLong("athanor.seeds", 3);
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final long EPOCH = Samples.DEVNET.timing().epochMillis();
    private static final int CHECKERS = 7;

    private static final class Busy {
        final SimNetwork network;
        final Random random;
        final Wallet client;
        final List<SimMachine> machines = new ArrayList<>();
        final List<SimChecker> checkers;
        private long jobs;

        Busy(long seed) {
            network = new SimNetwork(seed, Faults.NONE);
            random = new Random(seed);
            client = network.client(1);
            checkers = network.checkers(CHECKERS);
            for (int i = 0; i < 4; i++) {
                SimMachine machine = network.machine(i, network.provider(i, Ath.ofWhole(100_000)), 2, true);
                machine.runFor(10_000, 30_000);
                checkers.forEach(checker -> checker.sees(machine));
                machines.add(machine);
            }
            network.run(Duration.ofSeconds(40));
        }

        /** Work for every machine, for a while. */
        void work(Duration time) {
            for (long second = 0; second < time.toSeconds(); second++) {
                if (second % 4 == 0) {
                    network.submit(client, ++jobs, Samples.spec(2, 1));
                }
                network.run(Duration.ofSeconds(1));
            }
        }

        /** Until the last task is settled. */
        void rest() {
            network.run(Duration.ofMillis(5 * DAY));
            Invariants.ofHistory(network.log());
            Invariants.ofReplay(network.log());
        }

        void outage(long millis) {
            machines.getFirst().down(millis);
        }
    }

    /** From shorter than an epoch to longer than any bound of liveness. */
    private static Duration outage(Random random) {
        return Duration.ofMillis(2_000 + random.nextInt((int) (3 * DAY)));
    }

    @Test
    void anOutageOfTheControlPlaneCostsNobodyAnything() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Busy busy = new Busy(seed);
            for (int i = 0; i < 3; i++) {
                busy.work(Duration.ofSeconds(10 + busy.random.nextInt(20)));
                busy.network.blackout(outage(busy.random));
            }
            busy.rest();
            assertThat(busy.network.all(CaseOpened.class)).as("seed %s", seed).isEmpty();
            assertThat(busy.network.all(PoolSlashed.class)).isEmpty();
            assertThat(busy.network.all(VestingSlashed.class)).isEmpty();
            assertThat(busy.network.all(JobLost.class))
                    .as("seed %s", seed)
                    .noneMatch(e -> e.ending() == Ending.MACHINE_OFFLINE);
        }
    }

    /** The twin: a machine that is away as long, while the control plane listens, has a case. */
    @Test
    void anOutageOfAMachineIsItsOwners() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Busy busy = new Busy(seed);
            busy.work(Duration.ofSeconds(20));
            busy.outage(DAY);
            busy.rest();
            assertThat(busy.network.all(CaseOpened.class)).as("seed %s", seed).hasSize(1);
        }
    }

    @Test
    void withheldRevealsNeverBlock() {
        long inconclusive = 0;
        for (int silent = 0; silent <= CHECKERS; silent++) {
            Busy busy = new Busy(FIRST_SEED + silent);
            busy.checkers.subList(0, silent).forEach(checker -> checker.be(Manner.NEVER_REVEALS));
            busy.work(Duration.ofSeconds(60));
            busy.rest();
            Invariants.ofTheEnd(busy.network);
            epochsCloseInTime(busy.network);
            assertThat(busy.network.all(PoolSlashed.class)).isEmpty();
            inconclusive += busy.network.all(RoundInconclusive.class).size();
        }
        assertThat(inconclusive).as("rounds that nobody could decide").isPositive();
    }

    /** Two epochs after its end at the latest. */
    private static void epochsCloseInTime(SimNetwork network) {
        Map<Long, Instant> latest = new HashMap<>();
        network.all(EpochOpened.class)
                .forEach(e -> latest.put(e.epoch(), e.endsAt().plusMillis(2 * EPOCH + 1_000)));
        List<EpochClosed> closed = network.all(EpochClosed.class);
        assertThat(closed).isNotEmpty();
        closed.forEach(e -> assertThat(e.at()).isBeforeOrEqualTo(latest.remove(e.epoch())));
        assertThat(latest.values()).as("epochs that may still be open").allMatch(network.now()::isBefore);
    }
}
