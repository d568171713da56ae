package io.athanor.saga.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.CommitteeDraw;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.RoundId.Kind;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimChecker.Manner;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rounds from the draw to the verdict, on a network in which nothing but the checkers' manners changes. */
class AttestationTest {
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final long EPOCH_MILLIS = Samples.DEVNET.timing().epochMillis();

    private final SimNetwork network = new SimNetwork(2, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1);

    private void runEpochs(int count) {
        network.run(Duration.ofMillis(count * EPOCH_MILLIS));
    }

    private List<SimChecker> checkersOf(int count, SimMachine machine) {
        List<SimChecker> checkers = network.checkers(count);
        checkers.forEach(checker -> checker.sees(machine));
        return checkers;
    }

    private List<RoundOpened> rounds(Kind kind) {
        return network.all(RoundOpened.class).stream()
                .filter(round -> round.round().kind() == kind)
                .toList();
    }

    @Test
    void aGenuineMachineIsCertifiedWithTheMeasuredScoreAndItsProviderActivated() {
        SimMachine machine = network.machine(1, provider, 2, true);
        checkersOf(7, machine);
        network.run(CERTIFIED);
        assertThat(network.all(MachineCertified.class)).hasSize(1);
        assertThat(network.all(MachineCertified.class).getFirst().score()).isEqualTo(1_000_000);
        assertThat(network.all(ProviderActivated.class)).hasSize(1);
        RoundOpened round = rounds(Kind.ONBOARDING).getFirst();
        assertThat(round.quorum()).isEqualTo(Samples.DEVNET.committee().onboardingQuorum());
        assertThat(round.commitFrom())
                .as("a turn of 800 ms a seat")
                .isEqualTo(round.at().plusMillis(5_600));
    }

    @Test
    void aCounterfeitMachineIsRejectedWithTheReason() {
        SimMachine machine = network.machine(1, provider, 2, false);
        checkersOf(7, machine);
        network.run(CERTIFIED);
        assertThat(network.all(MachineCertified.class)).isEmpty();
        assertThat(network.all(MachineRejected.class)).hasSize(1);
        assertThat(network.all(MachineRejected.class).getFirst().why()).contains("other hardware");
    }

    /** Two members are nearer to it: nobody is wrong for that, and the others' figures have one median. */
    @Test
    void aMachineWhoseLineIsTooSlowIsRejectedWithWhatItCarries() {
        SimMachine machine = network.machine(1, provider, 2, true);
        List<SimChecker> checkers = network.checkers(7);
        for (int i = 0; i < 7; i++) {
            checkers.get(i).sees(machine);
            checkers.get(i).linesCarry(i < 2 ? 1_000_000 : 400_000 + i * 10_000);
        }
        network.run(CERTIFIED);
        assertThat(network.all(MachineCertified.class)).isEmpty();
        String why = network.all(MachineRejected.class).getFirst().why();
        assertThat(why).contains("5 of 7 seats", "carries 44 %", "Mbit/s down", "inspected again");
        RoundFinalized round = network.all(RoundFinalized.class).stream()
                .filter(closed -> closed.round().kind() == Kind.ONBOARDING)
                .findFirst()
                .orElseThrow();
        assertThat(round.consistency()).extracting(Consistency::mark).doesNotContain(Mark.WRONG, Mark.OUTLIER);
        Invariants.ofReplay(network.log());
    }

    @Test
    void aCommitteeIsDrawnFromTheCandidatesFrozenBeforeItsEpochsBlock() {
        SimMachine machine = network.machine(1, provider, 2, true);
        checkersOf(7, machine);
        runEpochs(8);
        assertThat(rounds(Kind.LIVENESS)).isNotEmpty();
        for (RoundOpened round : rounds(Kind.LIVENESS)) {
            EpochOpened own = epoch(round.round().epoch());
            assertThat(round.draw().blockHash()).isEqualTo(own.blockHash());
            assertThat(round.draw().candidates())
                    .isEqualTo(epoch(round.round().epoch() - 1).eligibleDigest());
            assertThat(round.draw().excludedGroups()).containsExactly("owner-1");
            assertThat(round.commitFrom()).isEqualTo(own.endsAt());
            assertThat(round.revealUntil())
                    .isEqualTo(own.endsAt()
                            .plusMillis(Samples.DEVNET.timing().commitWindowMillis())
                            .plusMillis(Samples.DEVNET.timing().revealWindowMillis()));
        }
        // The newest salts go into later draws.
        assertThat(rounds(Kind.LIVENESS).getLast().draw().saltsRound()).isNotNull();
    }

    @Test
    void whatIsRevealedAfterAnEpochOpenedMovesNoDrawOfIt() {
        SimMachine machine = network.machine(1, provider, 2, true);
        checkersOf(7, machine);
        runEpochs(8);
        Map<Long, Draw> salts = new HashMap<>();
        for (RoundOpened round : network.all(RoundOpened.class)) {
            Draw first = salts.computeIfAbsent(round.round().epoch(), epoch -> round.draw());
            assertThat(round.draw().saltsRound()).isEqualTo(first.saltsRound());
            assertThat(round.committee())
                    .allSatisfy(seat -> assertThat(seat.ownerGroup()).startsWith("checkers-"));
        }
        Invariants.ofReplay(network.log());
        RoundFinalized newest = network.all(RoundFinalized.class).getLast();
        RoundOpened last = network.all(RoundOpened.class).getLast();
        assertThat(Invariants.problems(network.log(), event -> event.equals(last) ? drawnWith(last, newest) : event))
                .anyMatch(what -> what.contains("salts are not those"));
    }

    /** As somebody would draw who waits for a committee that suits it. */
    private static RoundOpened drawnWith(RoundOpened round, RoundFinalized later) {
        Draw draw = round.draw();
        Hash32 seed = CommitteeDraw.seed(draw.blockHash(), later.salts(), round.round());
        Draw other = new Draw(
                draw.blockHash(),
                later.round(),
                later.salts(),
                draw.candidates(),
                draw.eligible(),
                draw.excludedGroups(),
                seed,
                draw.terms());
        return new RoundOpened(
                round.round(),
                round.chainId(),
                round.subjects(),
                round.committee(),
                round.quorum(),
                other,
                round.commitFrom(),
                round.commitUntil(),
                round.revealUntil(),
                round.at());
    }

    private EpochOpened epoch(long number) {
        return network.all(EpochOpened.class).stream()
                .filter(epoch -> epoch.epoch() == number)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRoundClosesAsSoonAsEverybodyHasRevealed() {
        SimMachine machine = network.machine(1, provider, 2, true);
        checkersOf(7, machine);
        runEpochs(6);
        RoundFinalized closed = network.all(RoundFinalized.class).getLast();
        RoundOpened opened = network.all(RoundOpened.class).stream()
                .filter(round -> round.round().equals(closed.round()))
                .findFirst()
                .orElseThrow();
        assertThat(closed.at()).isBefore(opened.revealUntil()).isAfter(opened.commitUntil());
    }

    @Test
    void oneCheckerIsNoCommitteeSoNothingIsAttestedAndNothingSettled() {
        SimMachine machine = network.machine(1, provider, 1, true);
        List<SimChecker> checkers = checkersOf(7, machine);
        network.run(CERTIFIED);
        assertThat(checkers).hasSize(7);

        SimNetwork small = new SimNetwork(2, Faults.NONE);
        SimMachine lonely = small.machine(1, small.provider(1), 1, true);
        small.checkers(1).forEach(checker -> checker.sees(lonely));
        small.run(Duration.ofMillis(10 * EPOCH_MILLIS));
        assertThat(small.all(RoundOpened.class)).isEmpty();
        assertThat(small.all(MachineCertified.class)).isEmpty();
        assertThat(small.waiting().roundsNotOpened()).isPositive();
        // Empty books still close: nothing is owed to anybody.
        assertThat(small.all(EpochClosed.class)).isNotEmpty();
    }

    @Test
    void aDeliveryIsPaidByWhatTheQuorumSawWhateverAMinoritySays() {
        SimMachine machine = network.machine(1, provider, 2, true);
        List<SimChecker> checkers = checkersOf(7, machine);
        network.run(CERTIFIED);
        checkers.get(0).be(Manner.LIES);
        checkers.get(1).be(Manner.LIES);
        network.submit(client, 1, Samples.spec(4, 1));
        runEpochs(5);
        assertThat(network.all(SlaAssessed.class))
                .hasSize(4)
                .allSatisfy(e -> assertThat(e.assessment().outcome()).isIn(Outcome.DELIVERED, Outcome.ENDED_BY_CLIENT));
        assertThat(network.all(JobSettled.class)).hasSize(4);
    }

    @Test
    void whatNobodyCouldJudgeIsDrawnOnceMoreAndThenExcluded() {
        SimMachine machine = network.machine(1, provider, 1, true);
        List<SimChecker> checkers = checkersOf(7, machine);
        network.run(CERTIFIED);
        checkers.forEach(checker -> checker.be(Manner.ABSENT));
        JobId job = network.submit(client, 1, Samples.spec(1, 1));
        runEpochs(6);
        List<RoundId> deliveries =
                rounds(Kind.DELIVERY).stream().map(RoundOpened::round).toList();
        assertThat(deliveries).hasSize(2);
        assertThat(deliveries.get(1)).isEqualTo(deliveries.get(0).redraw());
        assertThat(network.all(RoundInconclusive.class))
                .extracting(RoundInconclusive::round)
                .containsAll(deliveries);
        SlaAssessed assessed = network.all(SlaAssessed.class).getFirst();
        assertThat(assessed.assessment().outcome()).isEqualTo(Outcome.EXCLUDED);
        assertThat(assessed.assessment().round()).isEqualTo(deliveries.get(1));
        assertThat(network.task(job, 0)).isInstanceOf(Job.Settled.class);
        assertThat(network.all(JobSettled.class).getFirst().epoch())
                .isEqualTo(deliveries.getFirst().epoch());
    }

    @Test
    void whatFillsARoundIsJudgedWhileItsEpochRunsAndTheRestAfterIt() {
        SimMachine machine = network.machine(1, provider, 24, true);
        checkersOf(7, machine);
        network.run(CERTIFIED);
        runToTheNextEpoch();
        machine.runFor(100, 1);
        int tasks = Limits.SHARD_SUBJECTS + 30;
        network.submit(client, 1, Samples.spec(tasks, 1));
        runEpochs(5);
        List<RoundOpened> early = rounds(Kind.DELIVERY).stream()
                .filter(round ->
                        round.at().isBefore(epoch(round.round().epoch()).endsAt()))
                .toList();
        List<RoundOpened> late = new ArrayList<>(rounds(Kind.DELIVERY));
        late.removeAll(early);
        assertThat(early).hasSize(1).allSatisfy(round -> {
            assertThat(round.subjects()).hasSize(Limits.SHARD_SUBJECTS);
            assertThat(round.commitFrom()).isEqualTo(round.at());
        });
        assertThat(late)
                .isNotEmpty()
                .allSatisfy(round -> assertThat(round.subjects()).hasSizeLessThan(Limits.SHARD_SUBJECTS));
        assertThat(network.all(JobSettled.class)).hasSize(tasks);
    }

    private void runToTheNextEpoch() {
        int opened = network.all(EpochOpened.class).size();
        while (network.all(EpochOpened.class).size() == opened) {
            network.run(SimNetwork.TICK);
        }
    }

    @Test
    void aTaskIsAttestedInTheEpochInWhichItEnded() {
        SimMachine machine = network.machine(1, provider, 1, true);
        checkersOf(7, machine);
        network.run(CERTIFIED);
        machine.runFor(1_000, 1);
        network.submit(client, 1, Samples.spec(1, 1));
        runEpochs(4);
        List<JobCompleted> completed = network.all(JobCompleted.class);
        if (!completed.isEmpty()) {
            EpochOpened epoch = epoch(network.all(JobSettled.class).getFirst().epoch());
            assertThat(completed.getFirst().at()).isBetween(epoch.startsAt(), epoch.endsAt());
        }
        assertThat(network.all(JobSettled.class)).hasSize(1);
    }
}
