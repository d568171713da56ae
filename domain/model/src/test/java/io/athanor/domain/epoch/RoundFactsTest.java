package io.athanor.domain.epoch;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.QuarterMarks;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.epoch.RoundFacts.ClosedRound;
import io.athanor.domain.epoch.RoundFacts.MachineRecord;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoundFactsTest {
    private final Samples samples = new Samples(23);
    private final Wallet provider = samples.wallet();
    private final MachineId id = samples.machine();
    private final Wallet one = samples.wallet();
    private final Wallet two = samples.wallet();

    private ClosedRound round(RoundId.Kind kind, MachineId machine, @Nullable Fact fact, long answered, Mark... marks) {
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 5, List.of(), Hash32.ZERO);
        MachineSubject subject = new MachineSubject(machine, provider, "0x");
        RoundOpened opened = new RoundOpened(
                new RoundId(3, kind, 0, 0), 1, List.of(subject), List.of(), 2, draw, at(0), at(1), at(2), at(0));
        Verdict verdict = new Verdict(subject.key(), fact, Hash32.ZERO, answered, 3, 5);
        List<Wallet> checkers = List.of(one, two);
        List<Consistency> consistency = new ArrayList<>();
        for (int i = 0; i < marks.length; i++) {
            consistency.add(new Consistency(checkers.get(i), marks[i]));
        }
        return new ClosedRound(opened, List.of(verdict), consistency);
    }

    private ClosedRound online(long answered) {
        return round(RoundId.Kind.LIVENESS, id, Fact.ONLINE, answered);
    }

    private Machine machine(Standing standing, String model) {
        List<Inventory.Gpu> gpus =
                List.of(new Inventory.Gpu("A", model, 1, 90, "1"), new Inventory.Gpu("B", model, 1, 90, "1"));
        Inventory inventory = samples.inventory(gpus, false);
        return new Machine(
                standing, provider, "0x", inventory, null, 777, Ath.ofWei(1), true, Map.of(), null, null, null, null);
    }

    private List<LiveMachine> live(ClosedRound round, MachineRecord known) {
        return RoundFacts.machines(List.of(round), m -> m.equals(id) ? known : null, SampleParameters.get());
    }

    @Test
    void aMachineThatAnsweredEarnsForItsSlotsAtItsQuality() {
        MachineRecord idle = new MachineRecord(machine(Standing.CERTIFIED, "H100"), 0, 0);
        assertThat(live(online(3), idle)).containsExactly(new LiveMachine(id, provider, 2_000_000, 10, 1_000_000));
        assertThat(live(online(2), idle)).containsExactly(new LiveMachine(id, provider, 2_000_000, 6, 666_666));
        assertThat(live(online(99), idle)).containsExactly(new LiveMachine(id, provider, 2_000_000, 10, 1_000_000));
    }

    @Test
    void aNewMachineIsOnProbationForItsDays() {
        long days = 7 * SampleParameters.get().timing().dayMillis();
        assertThat(isOnProbation(at(0).minusMillis(days - 1), SampleParameters.probation()))
                .isTrue();
        assertThat(isOnProbation(at(0).minusMillis(days), SampleParameters.probation()))
                .isFalse();
        assertThat(isOnProbation(at(0), SampleParameters.get()))
                .as("no such rule")
                .isFalse();
    }

    private boolean isOnProbation(Instant certified, ProtocolParameters parameters) {
        Machine known = machine(Standing.INSPECTING, "H100")
                .evolve(new MachineCertified(id, new RoundId(1, RoundId.Kind.ONBOARDING, 0, 0), 777, certified));
        return RoundFacts.machines(List.of(online(3)), m -> new MachineRecord(known, 0, 0), parameters)
                .getFirst()
                .onProbation();
    }

    @Test
    void failedTasksLowerTheQuality() {
        MachineRecord half = new MachineRecord(machine(Standing.CERTIFIED, "H100"), 2, 2);
        assertThat(live(online(3), half)).extracting(LiveMachine::qualityPpm).containsExactly(500_000L);
    }

    @Test
    void anUnknownModelCountsByItsCertifiedScore() {
        MachineRecord rare = new MachineRecord(machine(Standing.CERTIFIED, "B300"), 0, 0);
        assertThat(live(online(3), rare)).extracting(LiveMachine::weightPpm).containsExactly(777L);
    }

    @Test
    void withoutAnOnlineVerdictOrACertificateThereIsNothing() {
        MachineRecord idle = new MachineRecord(machine(Standing.CERTIFIED, "H100"), 0, 0);
        assertThat(live(round(RoundId.Kind.LIVENESS, id, Fact.OFFLINE, 0), idle))
                .isEmpty();
        assertThat(live(round(RoundId.Kind.LIVENESS, id, null, 0), idle)).isEmpty();
        assertThat(live(round(RoundId.Kind.ONBOARDING, id, Fact.ONLINE, 3), idle))
                .isEmpty();
        assertThat(live(round(RoundId.Kind.LIVENESS, samples.machine(), Fact.ONLINE, 3), idle))
                .isEmpty();
        assertThat(live(online(3), new MachineRecord(machine(Standing.REJECTED, "H100"), 0, 0)))
                .isEmpty();
    }

    /** The round is of epoch 3, and a day has two epochs here. */
    private List<LiveMachine> tested(long epoch, long measured) {
        RoundId test = new RoundId(epoch, RoundId.Kind.CAPACITY, 0, 0);
        Machine machine =
                machine(Standing.CERTIFIED, "H100").evolve(new CapacityTested(id, test, measured, 100, at(0)));
        return RoundFacts.machines(
                List.of(online(3)), m -> new MachineRecord(machine, 0, 0), SampleParameters.testedDaily(2));
    }

    @Test
    void aMachineThatShowedLessThanFourFifthsEarnsNothingForADay() {
        assertThat(tested(3, 80)).hasSize(1);
        assertThat(tested(3, 79)).isEmpty();
        assertThat(tested(2, 79)).as("the day's other epoch").isEmpty();
        assertThat(tested(1, 79)).as("the day is over").hasSize(1);
    }

    /** Whoever judged with the majority earns no more than who did not. */
    @Test
    void casesCountApartAndTheQuarterComesInItsLastEpoch() {
        ProtocolParameters paying = SampleParameters.paying(new CheckerPay(Ath.ofWei(1), Ath.ofWei(2), 1));
        List<ClosedRound> rounds = List.of(
                round(RoundId.Kind.LIVENESS, id, Fact.ONLINE, 3, Mark.CORRECT, Mark.WRONG),
                round(RoundId.Kind.SLASH, id, Fact.ONLINE, 3, Mark.CORRECT, Mark.WRONG),
                round(RoundId.Kind.APPEAL, id, Fact.ONLINE, 3, Mark.UNREVEALED));
        assertThat(RoundFacts.checkers(4, rounds, Map.of(), paying, quarter -> Map.of()))
                .containsExactlyInAnyOrder(
                        new CheckerMarks(one, 3, 2, 1, 1, null, null), new CheckerMarks(two, 2, 2, 0, 1, null, null));
        Wallet absent = samples.wallet();
        QuarterMarks marks = new QuarterMarks(9, 8, 7);
        assertThat(RoundFacts.checkers(5, rounds, Map.of(), paying, quarter -> Map.of(absent, marks)))
                .hasSize(3)
                .contains(new CheckerMarks(absent, 0, 0, 0, 0, null, marks));
        assertThat(RoundFacts.checkers(4, rounds, Map.of(), SampleParameters.sharing(), quarter -> Map.of()))
                .isEqualTo(RoundFacts.checkers(rounds));
    }

    @Test
    void checkersAreCountedByTheRoundsTheySatInTookAndGotRight() {
        List<ClosedRound> rounds = List.of(
                round(RoundId.Kind.LIVENESS, id, Fact.ONLINE, 3, Mark.CORRECT, Mark.WRONG),
                round(RoundId.Kind.DELIVERY, id, Fact.ONLINE, 3, Mark.CORRECT, Mark.UNREVEALED),
                round(RoundId.Kind.ONBOARDING, id, Fact.ONLINE, 3, Mark.ABSENT));
        assertThat(RoundFacts.checkers(rounds))
                .containsExactlyInAnyOrder(new CheckerMarks(one, 3, 2, 2, null), new CheckerMarks(two, 2, 1, 0, null))
                .isSortedAccordingTo((a, b) -> a.checker().compareTo(b.checker()));
        assertThat(RoundFacts.checkers(rounds.reversed())).isEqualTo(RoundFacts.checkers(rounds));
    }
}
