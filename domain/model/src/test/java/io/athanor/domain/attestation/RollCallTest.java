package io.athanor.domain.attestation;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.Withheld;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RollCall.Present;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.machine.MachineEvent.InspectionOpened;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RollCallTest {
    private static final int DAY = 2;
    /** The last epoch of its day: everybody who was not seen is drawn. */
    private static final long LAST = 101;

    private static final ProtocolParameters RULES = SampleParameters.provenEvery(DAY, 3);

    private final Samples samples = new Samples(41);
    private final MachineId id = samples.machine();
    private final Wallet provider = samples.wallet();

    private Machine machine(MachineId machine, long inspectedIn, MachineEvent... events) {
        RoundId inspection = new RoundId(inspectedIn, RoundId.Kind.ONBOARDING, 0, 0);
        List<MachineEvent> all = new ArrayList<>(List.of(
                new MachineEnrolled(
                        machine,
                        provider,
                        "0x" + "12".repeat(32),
                        samples.inventory(2),
                        samples.authorization(provider),
                        at(0)),
                new MachineWentOnline(machine, at(1)),
                new InspectionOpened(machine, inspection, at(2)),
                new MachineCertified(machine, inspection, 2_000_000, at(3))));
        all.addAll(List.of(events));
        Machine next = Machine.EMPTY;
        for (MachineEvent event : all) {
            next = next.evolve(event);
        }
        return next;
    }

    private Attendance after(long epoch, Machine machine, Attendance attendance, boolean forItself, Present... others) {
        List<Present> all = new ArrayList<>(List.of(others));
        all.add(new Present(id, machine, attendance, "owner", forItself));
        Map<MachineId, Attendance> changed = RollCall.missing(epoch, Hash32.ZERO, RULES, all);
        return changed.getOrDefault(id, attendance);
    }

    @Test
    void whoIsThereAndFreeMissesNothingAndWhoIsAwayDoes() {
        Machine there = machine(id, 3);
        assertThat(after(LAST, there, Attendance.NONE, false)).isEqualTo(Attendance.NONE);
        Machine away = machine(id, 3, new MachineWentOffline(id, "silent", at(9)));
        Attendance gone = Attendance.NONE.gone(90L, at(9));
        Attendance missed = after(LAST, away, gone, false);
        assertThat(missed.missed()).containsExactly(LAST);
        assertThat(missed.shunned()).as("it went before it was drawn").isEmpty();
        Machine seen = machine(id, LAST, new MachineWentOffline(id, "silent", at(9)));
        assertThat(after(LAST, seen, gone, false)).as("inspected today").isEqualTo(gone);
        assertThat(after(LAST, away, gone.called(LAST - 1), false).missed())
                .as("a round tests it")
                .isEmpty();
    }

    @Test
    void whoMovesOnceItIsDrawnShunsTheTest() {
        Machine there = machine(id, 3);
        Attendance back = Attendance.NONE.gone(LAST, at(9)).came(LAST);
        assertThat(after(LAST, there, back, false).shunned()).containsExactly(LAST);
        assertThat(after(LAST, there, back, false).missed()).containsExactly(LAST);
        assertThat(after(LAST, there, back.called(LAST), false).shunned())
                .as("drawn, and silent in its round")
                .containsExactly(LAST);
        Attendance before = Attendance.NONE.gone(LAST - 1, at(9)).came(LAST - 1);
        assertThat(after(LAST, there, before, false)).as("an epoch before").isEqualTo(before);
    }

    @Test
    void whoWorksForItselfMissesItAndWhoBeganOrEndedThatRightThenShunsIt() {
        Machine there = machine(id, 3);
        assertThat(after(LAST, there, Attendance.NONE, true).missed()).containsExactly(LAST);
        assertThat(after(LAST, there, Attendance.NONE, true).shunned()).isEmpty();
        Attendance job = Attendance.NONE.workedForItself(LAST);
        assertThat(after(LAST, there, job, false).shunned()).containsExactly(LAST);
        assertThat(after(LAST, there, Attendance.NONE.workedForItself(LAST - 1), false)
                        .missed())
                .isEmpty();
    }

    @Test
    void whatDroppedTogetherIsNobodysMiss() {
        Machine there = machine(id, 3);
        Attendance back = Attendance.NONE.gone(LAST, at(9)).came(LAST);
        Present[] others = new Present[4];
        for (int i = 0; i < others.length; i++) {
            MachineId other = samples.machine();
            others[i] = new Present(
                    other, machine(other, LAST), Attendance.NONE.gone(LAST, at(9 + i)), "owner-" + i, false);
        }
        assertThat(after(LAST, there, back, false, others)).isEqualTo(back);
        Present[] own = new Present[4];
        for (int i = 0; i < own.length; i++) {
            own[i] = new Present(others[i].id(), others[i].machine(), others[i].attendance(), "owner", false);
        }
        assertThat(after(LAST, there, back, false, own).missed())
                .as("an owner's own machines excuse nobody")
                .containsExactly(LAST);
        assertThat(after(LAST, there, back.workedForItself(LAST), false, others).missed())
                .as("its own job is not the network's doing")
                .containsExactly(LAST);
    }

    @Test
    void oneMissADayIsRememberedAndTheListsAreBounded() {
        Machine away = machine(id, 3, new MachineWentOffline(id, "silent", at(9)));
        Attendance attendance = Attendance.NONE;
        for (long epoch = 11; epoch < 11 + 1_000; epoch++) {
            attendance = attendance.gone(epoch, Instant.ofEpochSecond(epoch));
            attendance = after(epoch, away, attendance, false);
        }
        assertThat(attendance.missed()).hasSize(64);
        assertThat(attendance.missed().stream().map(epoch -> epoch / DAY)).doesNotHaveDuplicates();
        assertThat(attendance.shunned()).hasSize(64);
        assertThat(attendance.drops()).hasSize(8);
    }

    private @Nullable Withheld withheld(Machine machine, Attendance attendance, long epoch) {
        return CapacityDay.withheld(machine.forBooks(), attendance, epoch, null, RULES);
    }

    @Test
    void aProofAgesWhereADrawWasMissedAndOtherwiseNot() {
        Machine machine = machine(id, 3);
        assertThat(withheld(machine, Attendance.NONE, LAST))
                .as("never drawn away, and never tested: the network's doing")
                .isNull();
        Attendance missed = Attendance.NONE.missing(LAST - DAY, false, DAY);
        assertThat(withheld(machine, missed, LAST - DAY)).isEqualTo(Withheld.PROOF_TOO_OLD);
        assertThat(withheld(machine, missed, LAST + 2 * DAY)).isEqualTo(Withheld.PROOF_TOO_OLD);
        assertThat(withheld(machine, missed, LAST + 3 * DAY))
                .as("three days at every draw of which it was there, or worked for clients")
                .isNull();
        assertThat(withheld(machine, missed, LAST - DAY - 1))
                .as("books of before")
                .isNull();
        Machine recent = machine(id, LAST - 3 * DAY);
        assertThat(withheld(recent, missed, LAST))
                .as("inspected three days ago")
                .isNull();
        assertThat(withheld(recent, missed, LAST + 1)).isEqualTo(Withheld.PROOF_TOO_OLD);
        RoundId test = new RoundId(LAST - 1, RoundId.Kind.CAPACITY, 0, 0);
        Machine whole = machine(id, 3, new CapacityTested(id, test, 2_000_000, 2_000_000, at(9)));
        assertThat(withheld(whole, missed, LAST))
                .as("a test found it whole since")
                .isNull();
        Machine weak = machine(id, 3, new CapacityTested(id, test, 1_000_000, 2_000_000, at(9)));
        assertThat(withheld(weak, missed, LAST)).isEqualTo(Withheld.TEST_FAILED);
        assertThat(withheld(weak, missed, LAST + DAY)).isEqualTo(Withheld.PROOF_TOO_OLD);
        assertThat(withheld(weak, Attendance.NONE, LAST + DAY)).isNull();
    }

    private CapacityDay.Test test(Fact fact, long measure) {
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 5, List.of(), Hash32.ZERO);
        RoundId round = new RoundId(LAST, RoundId.Kind.CAPACITY, 0, 0);
        List<Subject> subjects = new ArrayList<>(List.of(new MachineSubject(id, provider, "0x")));
        RoundOpened opened = new RoundOpened(round, 1, subjects, List.of(), 5, draw, at(11), at(12), at(13), at(10));
        return new CapacityDay.Test(opened, new Verdict(id.toString(), fact, Hash32.ZERO, measure, 5, 7));
    }

    @Test
    void whoShunsATestEarnsNothingInItsEpochUnlessTheTestFoundItWhole() {
        Machine machine = machine(id, LAST - DAY).forBooks();
        Attendance shunned = Attendance.NONE.missing(LAST, true, DAY);
        assertThat(withheld(machine, shunned, LAST)).isEqualTo(Withheld.TEST_SHUNNED);
        assertThat(withheld(machine, shunned, LAST + 1)).as("that epoch alone").isNull();
        assertThat(CapacityDay.withheld(machine, shunned, LAST, test(Fact.GENUINE, 2_000_000), RULES))
                .as("tested before it moved")
                .isNull();
        assertThat(CapacityDay.withheld(machine, shunned, LAST, test(Fact.GENUINE, 1_500_000), RULES))
                .isEqualTo(Withheld.TEST_FAILED);
        assertThat(CapacityDay.withheld(machine, Attendance.NONE, LAST, test(Fact.OFFLINE, 0), RULES))
                .as("there, free, and silent")
                .isEqualTo(Withheld.TEST_FAILED);
        assertThat(CapacityDay.withheld(
                        machine, shunned, LAST, test(Fact.GENUINE, 1_500_000), SampleParameters.testedDaily(DAY)))
                .as("where no proof is asked for, the round is taken down later")
                .isNull();
    }
}
