package io.athanor.saga.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.machine.Quality;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as the completion of a machine without work for others. */
class IdleQualityTest {
    private static final Duration DAY =
            Duration.ofMillis(Samples.DEVNET.timing().dayMillis());
    private static final int BUSY = 11;

    private final SimNetwork network = new SimNetwork(5, Faults.NONE);
    private final List<SimMachine> machines = new ArrayList<>();

    private void begin(int owners) {
        for (int i = 1; i <= owners; i++) {
            machines.add(network.machine(i, network.provider(i), 2, true));
        }
        network.checkers(9).forEach(checker -> machines.forEach(checker::sees));
        network.run(DAY);
    }

    private List<Scored> daysOf(SimMachine machine) {
        return network.all(QualityScored.class).stream()
                .filter(e -> e.machine().equals(machine.id()))
                .map(QualityScored::scored)
                .toList();
    }

    @Test
    void aMachineThatNobodyWantsIsAsGoodAsTheMedianOfThoseWithWork() {
        begin(BUSY + 1);
        SimMachine idle = machines.getLast();
        idle.price(Samples.PRICE.times(3));
        machines.forEach(machine -> machine.runFor(12_000, 1));
        network.submit(network.client(1), 1, Samples.spec(BUSY, 2));
        network.run(Duration.ofSeconds(5));
        machines.subList(0, BUSY * 2 / 3).forEach(machine -> machine.down(30_000));
        network.run(DAY.multipliedBy(3));
        assertThat(network.all(JobLost.class)).hasSizeGreaterThan(BUSY / 2);
        List<Scored> days = daysOf(idle);
        assertThat(days)
                .extracting(day -> day.figures().kept()
                        + day.figures().failed()
                        + day.figures().lost())
                .containsOnly(0);
        assertThat(days.getFirst().parts().completion())
                .as("before anybody had work")
                .isEqualTo(1_000_000);
        assertThat(days).anyMatch(day -> day.parts().completion() < 1_000_000);
        assertThat(days).noneMatch(Scored::throttled);
        assertThat(daysOf(machines.get(BUSY - 1)).stream()
                        .filter(day -> day.figures().kept() > 0))
                .as("a record of its own")
                .isNotEmpty()
                .allMatch(day -> day.parts().completion() == 1_000_000);
        Invariants.ofReplay(network.log());
        assertThat(Invariants.problems(
                        network.log(),
                        event -> event instanceof QualityScored e && e.machine().equals(idle.id())
                                ? new QualityScored(e.machine(), whole(e.scored()), e.at())
                                : event))
                .anyMatch(what -> what.contains("give Scored"));
    }

    private static Scored whole(Scored day) {
        Quality.Parts parts = new Quality.Parts(
                day.parts().uptime(),
                1_000_000,
                day.parts().latency(),
                day.parts().response());
        return new Scored(day.day(), day.figures(), parts, day.ofDay(), day.ppm(), day.throttled());
    }

    private List<Scored> losesAJobOf(boolean own) {
        begin(1);
        SimMachine machine = machines.getFirst();
        machine.runFor(20_000, 1);
        Wallet client = own ? Samples.wallet(301) : network.client(1);
        if (own) {
            network.send(new CreditDeposit(client, 1, Ath.ofWhole(1_000), Samples.hash("own"), 3, network.now()));
        }
        network.submit(client, 1, Samples.spec(1, 2));
        network.run(Duration.ofSeconds(5));
        machine.down(30_000);
        network.run(DAY.multipliedBy(3));
        assertThat(network.all(JobLost.class)).isNotEmpty();
        Invariants.ofReplay(network.log());
        return daysOf(machine);
    }

    @Test
    void aJobForItsOwnOwnerSaysNothingOfAMachine() {
        assertThat(losesAJobOf(true))
                .allMatch(day -> day.figures().lost() + day.figures().failed() == 0
                        && day.figures().kept() == 0
                        && day.figures().starts() == null);
    }

    @Test
    void aJobForAClientDoes() {
        assertThat(losesAJobOf(false))
                .anyMatch(day -> day.figures().lost() + day.figures().failed() > 0)
                .anyMatch(day -> day.figures().starts() != null);
    }
}
