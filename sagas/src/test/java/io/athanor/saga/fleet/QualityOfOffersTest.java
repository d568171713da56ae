package io.athanor.saga.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.placement.Offer;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
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
}
