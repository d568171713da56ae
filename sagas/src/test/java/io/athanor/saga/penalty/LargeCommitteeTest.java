package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId.Kind;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.provider.ProviderEvent.ProviderExpelled;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine that is not what it claims: the case that its inspection opens, and who may take all of its stake. */
class LargeCommitteeTest {
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final Ath STAKE = Ath.ofWhole(20_000);

    private final SimNetwork network = new SimNetwork(11, Faults.NONE);
    private final Wallet provider = network.provider(1, STAKE);

    private Counterfeit inspected(int checkersCount, boolean genuine, boolean refuted) {
        SimMachine machine = network.machine(1, provider, 2, genuine);
        List<SimChecker> checkers = network.checkers(checkersCount);
        checkers.forEach(checker -> {
            checker.sees(machine);
            checker.finds(refuted);
        });
        network.run(Duration.ofSeconds(40));
        return network.all(CaseOpened.class).isEmpty()
                ? new Counterfeit(
                        PoolId.ofProvider(provider),
                        machine.id(),
                        network.all(RoundOpened.class).getFirst().round(),
                        Ath.ZERO,
                        List.of(),
                        network.now())
                : (Counterfeit) network.all(CaseOpened.class).getFirst().offence();
    }

    private RoundOpened judging() {
        return network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == Kind.SLASH)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFalseClaimOpensACaseAndALargeCommitteeTakesAllThatItsClaimRequires() {
        Counterfeit offence = inspected(20, false, false);
        assertThat(network.all(MachineRejected.class)).hasSize(1);
        assertThat(offence.required().covers(STAKE)).as("all that is bonded").isTrue();
        network.run(Duration.ofMillis(3 * DAY));
        assertThat(network.all(CaseJudged.class).getFirst().ruling()).isEqualTo(Ruling.UPHELD);
        assertThat(network.all(PenaltyExecuted.class).getFirst().taken()).isEqualTo(STAKE);
        assertThat(network.all(ProviderExpelled.class))
                .singleElement()
                .satisfies(e -> assertThat(e.penaltyCase()).isEqualTo(offence.caseId()));
        assertThat(judging().committee()).extracting(Seat::voice).doesNotContainAnyElementsOf(offence.judges());
        Draw.Terms terms = judging().draw().terms();
        assertThat(terms).isNotNull();
        int seats = judging().committee().stream().mapToInt(Seat::seats).sum();
        assertThat(terms.reduced(seats)).as("a small network says so").isTrue();
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
    }

    @Test
    void whereNoLargeCommitteeCanBeDrawnATenthIsTaken() {
        inspected(7, false, false);
        network.run(Duration.ofMillis(3 * DAY));
        assertThat(network.all(CaseJudged.class)).isEmpty();
        assertThat(network.all(PenaltyExecuted.class).getFirst().taken()).isEqualTo(STAKE.bps(1_000));
        Invariants.ofReplay(network.log());
    }

    @Test
    void whatALargeCommitteeRefusesCostsNothing() {
        inspected(20, false, true);
        network.run(Duration.ofMillis(3 * DAY));
        assertThat(network.all(CaseJudged.class).getFirst().ruling()).isEqualTo(Ruling.REVERSED);
        assertThat(network.all(CaseDismissed.class)).hasSize(1);
        assertThat(network.all(PoolSlashed.class)).isEmpty();
        assertThat(network.all(ProviderExpelled.class)).isEmpty();
        Invariants.ofReplay(network.log());
    }

    @Test
    void whatIsAsItClaimsOpensNone() {
        inspected(20, true, false);
        network.run(Duration.ofMillis(3 * DAY));
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(network.all(MachineRejected.class)).isEmpty();
    }
}
