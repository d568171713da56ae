package io.athanor.saga.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.checker.CheckerEvent.CheckerJailed;
import io.athanor.domain.checker.CheckerEvent.CheckerReleased;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimChecker.Manner;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is wrong too often sits in no round for a time. */
class JailTest {
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final long EPOCH_MILLIS = Samples.DEVNET.timing().epochMillis();

    private final SimNetwork network = new SimNetwork(4, Faults.NONE);

    private List<SimChecker> checkers(int count) {
        SimMachine machine = network.machine(1, network.provider(1), 2, true);
        List<SimChecker> checkers = network.checkers(count);
        checkers.forEach(checker -> checker.sees(machine));
        network.run(CERTIFIED);
        return checkers;
    }

    private List<RoundOpened> roundsSince(Instant from) {
        return network.all(RoundOpened.class).stream()
                .filter(round -> round.at().isAfter(from))
                .toList();
    }

    @Test
    void aLiarIsJailedSitsInNoLaterDrawAndComesBack() {
        List<SimChecker> checkers = checkers(8);
        checkers.get(3).be(Manner.LIES);
        network.run(Duration.ofMillis(12 * EPOCH_MILLIS));
        List<CheckerJailed> jailed = network.all(CheckerJailed.class);
        assertThat(jailed).hasSize(1);
        Wallet liar = Samples.wallet(103);
        assertThat(jailed.getFirst().checker()).isEqualTo(liar);
        assertThat(jailed.getFirst().wrong()).isGreaterThanOrEqualTo(2);
        // Candidates are frozen one epoch ahead.
        List<RoundOpened> later = roundsSince(jailed.getFirst().at().plusMillis(2 * EPOCH_MILLIS));
        assertThat(later).isNotEmpty();
        assertThat(later)
                .noneMatch(
                        round -> round.committee().stream().map(Seat::checker).anyMatch(liar::equals));
        checkers.get(3).be(Manner.HONEST);
        network.run(Duration.ofMillis(30 * Samples.DEVNET.timing().dayMillis()));
        assertThat(network.all(CheckerReleased.class)).hasSize(1);
        assertThat(network.all(CheckerJailed.class))
                .as("served rounds do not count twice")
                .hasSize(1);
    }

    @Test
    void nobodyIsJailedWhereTooFewWouldBeLeft() {
        List<SimChecker> checkers = checkers(5);
        checkers.get(3).be(Manner.LIES);
        network.run(Duration.ofMillis(12 * EPOCH_MILLIS));
        assertThat(network.all(CheckerJailed.class)).isEmpty();
        assertThat(network.live().recordOf(Samples.wallet(103)).inWindow().wrong())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void everyDrawStatesWhatItRestsOnAndWeighsByRecord() {
        checkers(7);
        network.run(Duration.ofMillis(20 * EPOCH_MILLIS));
        RoundOpened last = network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == RoundId.Kind.LIVENESS)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        var terms = last.draw().terms();
        assertThat(terms).isNotNull();
        assertThat(terms.wantedSeats()).isEqualTo(5);
        assertThat(terms.units()).isEqualTo(7);
        // Two of seven units are fewer than the quorum of three.
        assertThat(terms.captureBoundPpm()).isZero();
        assertThat(last.committee()).allMatch(seat -> seat.medianWeight() > 2);
    }
}
