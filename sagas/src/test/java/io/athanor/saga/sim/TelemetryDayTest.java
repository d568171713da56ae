package io.athanor.saga.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a day without work leaves in the history, by the routers that run it: 96 epochs of 15 slots, as on a main network,
 * with the development network's slot of a second in place of the minute.
 */
@Tag("sim")
class TelemetryDayTest {
    private static final int MACHINES = 32;
    private static final int GPUS = 8;
    private static final int EPOCHS = 96;
    private static final long SLOT = Samples.DEVNET.timing().slotMillis();
    private static final int MOST_A_GPU = 30;

    /** Event names and how many of each. */
    private static Map<String, Integer> day(int beatsASlot) {
        SimNetwork network = new SimNetwork(7, Faults.NONE);
        List<SimMachine> machines = new ArrayList<>();
        Wallet provider = network.provider(1);
        for (int i = 0; i < MACHINES; i++) {
            machines.add(network.machine(i, provider, GPUS, true));
        }
        network.checkers(7).forEach(checker -> machines.forEach(checker::sees));
        machines.forEach(machine -> machine.beatEvery(SLOT / beatsASlot));
        network.run(Duration.ofSeconds(60));
        assertThat(network.all(MachineCertified.class)).hasSize(MACHINES);
        int before = network.all(Event.class).size();
        network.run(Duration.ofMillis(EPOCHS * Samples.DEVNET.timing().epochMillis()));
        Map<String, Integer> counts = new TreeMap<>();
        List<Event> all = network.all(Event.class);
        all.subList(before, all.size())
                .forEach(event -> counts.merge(event.getClass().getSimpleName(), 1, Integer::sum));
        return counts;
    }

    private static double aGpu(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum() / (double) (MACHINES * GPUS);
    }

    @Test
    void aDayLeavesFewEventsAGpuHoweverOftenItsMachineBeats() {
        Map<String, Integer> one = day(1);
        Map<String, Integer> ten = day(10);
        System.out.printf(
                Locale.ROOT,
                "events a GPU and day at one heartbeat a slot: %.1f, at ten: %.1f: %s%n",
                aGpu(one),
                aGpu(ten),
                one);
        assertThat(one).containsKeys("RoundFinalized", "RewardsComputed");
        assertThat(aGpu(one)).isLessThanOrEqualTo(MOST_A_GPU);
        assertThat(ten).isEqualTo(one);
    }
}
