package io.athanor.domain.attestation;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand.RecordCapacity;
import io.athanor.domain.machine.MachineCommand.RejectMachine;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.InspectionOpened;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.TestedCapacity;
import io.athanor.domain.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CapacityDayTest {
    private static final int DAY = 96;
    private static final int GROUPS = 1_000;
    private static final RoundId INSPECTION = new RoundId(3, RoundId.Kind.ONBOARDING, 0, 0);
    private static final RoundId TEST = new RoundId(100, RoundId.Kind.CAPACITY, 0, 0);

    private final Samples samples = new Samples(31);
    private final MachineId id = samples.machine();
    private final Wallet provider = samples.wallet();
    private final Machine certified = of(
            new MachineEnrolled(
                    id, provider, "0x" + "12".repeat(32), samples.inventory(2), samples.authorization(provider), at(0)),
            new MachineWentOnline(id, at(1)),
            new InspectionOpened(id, INSPECTION, at(2)),
            new MachineCertified(id, INSPECTION, 2_000_000, at(3)));

    private static Machine of(MachineEvent... events) {
        return after(Machine.EMPTY, events);
    }

    private static Machine after(Machine machine, MachineEvent... events) {
        Machine next = machine;
        for (MachineEvent event : events) {
            next = next.evolve(event);
        }
        return next;
    }

    private static final Map<Long, Hash32> SEEDS = new HashMap<>();

    private static Hash32 seed(long epoch) {
        return SEEDS.computeIfAbsent(
                epoch,
                number -> CapacityDay.seed(
                        Hash32.keccak(("block " + number).getBytes(StandardCharsets.UTF_8)), Hash32.ZERO, number));
    }

    /** The epoch of a day in which it is drawn first. */
    private static long firstOf(String group, long day) {
        return LongStream.range(day * DAY, (day + 1) * DAY)
                .filter(epoch -> CapacityDay.isDrawn(seed(epoch), group, epoch, DAY))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyOwnerIsDrawnOnceADayAndInEveryEpochAboutAsOften() {
        int[] counts = new int[DAY];
        for (int group = 0; group < GROUPS; group++) {
            counts[(int) (firstOf("owner-" + group, 7) % DAY)]++;
        }
        assertThat(Arrays.stream(counts).boxed())
                .as("about 10 of 1,000 in each of 96, the last one like the others")
                .allMatch(count -> count > 0 && count < 30);
    }

    @Test
    void theEpochOfOneDaySaysNothingOfTheNext() {
        long same = LongStream.range(0, GROUPS)
                .filter(group -> firstOf("owner-" + group, 7) % DAY == firstOf("owner-" + group, 8) % DAY)
                .count();
        assertThat(same).as("one in 96 by chance").isLessThan(30);
    }

    @Test
    void whoIsCertifiedOnlineAndFreeIsDueOnceADay() {
        assertThat(CapacityDay.isDue(certified, 100, DAY)).isTrue();
        assertThat(CapacityDay.isDue(certified, 95, DAY)).as("inspected today").isFalse();
        Machine tested = after(certified, new CapacityTested(id, TEST, 2_000_000, 2_000_000, at(4)));
        assertThat(CapacityDay.isDue(tested, 191, DAY)).as("tested today").isFalse();
        assertThat(CapacityDay.isDue(tested, 192, DAY)).isTrue();
        Machine leased = after(certified, new GpusReserved(id, lease(), List.of("a"), at(4)));
        assertThat(CapacityDay.isDue(leased, 100, DAY)).as("it works").isFalse();
        Machine away = after(certified, new MachineWentOffline(id, "silent", at(4)));
        assertThat(CapacityDay.isDue(away, 100, DAY)).isFalse();
    }

    private LeaseId lease() {
        return new LeaseId(samples.task(), 1);
    }

    private RoundOpened round() {
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 5, List.of(), Hash32.ZERO);
        List<Subject> subjects = new ArrayList<>(List.of(new MachineSubject(id, provider, "0x")));
        return new RoundOpened(TEST, 1, subjects, List.of(), 5, draw, at(11), at(12), at(13), at(10));
    }

    private OptionalLong found(Machine machine, Fact fact, long measure) {
        return CapacityDay.found(machine, round(), new Verdict(id.toString(), fact, Hash32.ZERO, measure, 5, 7));
    }

    @Test
    void aSilentMachineThatWasThereAndFreeShowedNothingAndOneThatMovedSaysNothing() {
        assertThat(found(certified, Fact.GENUINE, 1_700_000)).hasValue(1_700_000);
        assertThat(found(certified, Fact.COUNTERFEIT, 600_000)).hasValue(600_000);
        assertThat(found(certified, Fact.OFFLINE, 0)).hasValue(0);
        Machine came = after(certified, new MachineWentOffline(id, "silent", at(9)), new MachineWentOnline(id, at(12)));
        assertThat(found(came, Fact.OFFLINE, 0)).isEmpty();
        Machine leased = after(certified, new GpusReserved(id, lease(), List.of("a"), at(11)));
        assertThat(found(leased, Fact.OFFLINE, 0)).isEmpty();
        Machine tested = after(certified, new CapacityTested(id, TEST, 1_700_000, 2_000_000, at(14)));
        assertThat(found(tested, Fact.GENUINE, 1_700_000)).as("taken down").isEmpty();
    }

    @Test
    void aTestIsTakenDownOnceAndItsOffenceEndsTheCertificate() {
        RecordCapacity taken = new RecordCapacity(id, TEST, 1_200_000, at(14));
        List<MachineEvent> events = certified.decide(taken);
        assertThat(events).containsExactly(new CapacityTested(id, TEST, 1_200_000, 2_000_000, at(14)));
        Machine tested = certified.evolve(events.getFirst());
        assertThat(tested.decide(taken)).isEmpty();
        RejectMachine rejected = new RejectMachine(id, TEST, "other hardware", at(15));
        assertThat(certified.decide(rejected)).as("not tested in that round").isEmpty();
        assertThat(tested.decide(rejected)).containsExactly(new MachineRejected(id, TEST, "other hardware", at(15)));
        assertThatThrownBy(() -> certified.decide(new RecordCapacity(id, TEST, 2_000_001, at(14))))
                .isInstanceOf(Refused.class);
    }

    @Test
    void percentsAreOfTheCertificate() {
        TestedCapacity tested = new TestedCapacity(TEST, 1_599_999, 2_000_000);
        assertThat(tested.isBelow(90)).isTrue();
        assertThat(tested.isBelow(80)).isTrue();
        assertThat(new TestedCapacity(TEST, 1_600_000, 2_000_000).isBelow(80)).isFalse();
        assertThat(tested.percent()).isEqualTo(79);
    }
}
