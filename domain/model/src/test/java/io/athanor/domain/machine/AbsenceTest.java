package io.athanor.domain.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.MachineEvent.HardwareChanged;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.MachineEvent.MaintenanceAnnounced;
import io.athanor.domain.machine.MachineEvent.MaintenanceEnded;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbsenceTest {
    private static final ProtocolParameters RULES = SampleParameters.probation();
    private static final long EPOCH = RULES.timing().epochMillis();

    private final Samples samples = new Samples(1);
    private final MachineId id = samples.machine();
    private final Machine there = certified(id);
    private final Machine gone = there.evolve(new MachineWentOffline(id, "silent", at(5 * EPOCH - 1)));

    private static Instant at(long millis) {
        return Samples.at(millis);
    }

    private Machine certified(MachineId machine) {
        Authorization signed = samples.authorization(samples.wallet());
        RoundId round = new RoundId(1, RoundId.Kind.ONBOARDING, 0, 0);
        return Machine.EMPTY
                .evolve(new MachineEnrolled(machine, signed.wallet(), "key", samples.inventory(2), signed, at(0)))
                .evolve(new OfferListed(machine, Ath.ofWhole(1), signed, at(0)))
                .evolve(new MachineWentOnline(machine, at(0)))
                .evolve(new MachineCertified(machine, round, 1, at(1)));
    }

    private static EpochOpened opened(long epoch, long late) {
        Instant from = at(epoch * EPOCH);
        return new EpochOpened(
                epoch, from, from.plusMillis(EPOCH), 1, Hash32.ZERO, List.of(), Hash32.ZERO, from.plusMillis(late));
    }

    /** Epoch 5, as epoch 7 opens, of a network in which two others are there. */
    private List<MachineId> unanswered(Machine machine, boolean suspended) {
        Map<MachineId, Machine> machines = new LinkedHashMap<>(Map.of(id, machine));
        machines.put(samples.machine(), there);
        machines.put(samples.machine(), there);
        return Absence.unanswered(
                machines, (which, state) -> suspended && which.equals(id), opened(5, 0), opened(7, 0));
    }

    @Test
    void whoOffersWorkAndIsGoneLeavesItsProbesUnanswered() {
        assertThat(unanswered(gone, false)).containsExactly(id);
        assertThat(unanswered(there, false)).isEmpty();
        assertThat(unanswered(gone.evolve(new MachineWentOnline(id, at(6 * EPOCH))), false))
                .as("back")
                .isEmpty();
        assertThat(unanswered(there.evolve(new MachineWentOffline(id, "silent", at(5 * EPOCH))), false))
                .as("there when the epoch opened")
                .isEmpty();
    }

    @Test
    void whoOwesNoWorkOwesNoAnswer() {
        assertThat(unanswered(gone, true)).as("suspended").isEmpty();
        assertThat(unanswered(gone.evolve(new HardwareChanged(id, samples.inventory(1), at(3))), false))
                .as("no certificate")
                .isEmpty();
        Machine maintained = gone.evolve(new MaintenanceAnnounced(id, at(5 * EPOCH), null, at(3)));
        assertThat(unanswered(maintained, false)).as("announced").isEmpty();
        assertThat(unanswered(maintained.evolve(new MaintenanceEnded(id, at(6 * EPOCH))), false))
                .containsExactly(id);
        Machine past = gone.evolve(new MaintenanceAnnounced(id, at(0), at(5 * EPOCH), at(0)));
        assertThat(unanswered(past, false)).as("announced for before").containsExactly(id);
    }

    @Test
    void whereMoreThanHalfAreGoneTheNetworkHeardNobody() {
        Map<MachineId, Machine> machines = new LinkedHashMap<>(Map.of(id, gone, samples.machine(), there));
        assertThat(Absence.unanswered(machines, (which, state) -> false, opened(5, 0), opened(7, 0)))
                .containsExactly(id);
        machines.put(samples.machine(), gone);
        assertThat(Absence.unanswered(machines, (which, state) -> false, opened(5, 0), opened(7, 0)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, true", "3999, 3999, 3999, true", "4000, 0, 0, false", "0, 4000, 0, false", "0, 0, 4000, false"
    })
    void anEpochThatOpenedLateIsNobodys(long away, long over, long now, boolean known) {
        assertThat(Absence.isKnown(opened(5, away), opened(6, over), opened(7, now), RULES))
                .isEqualTo(known);
    }

    @Test
    void threeEpochsFollowEachOther() {
        assertThat(Absence.isKnown(opened(4, 0), opened(6, 0), opened(7, 0), RULES))
                .isFalse();
        assertThat(Absence.isKnown(opened(5, 0), opened(6, 0), opened(8, 0), RULES))
                .isFalse();
        assertThat(Absence.isKnown(null, opened(6, 0), opened(7, 0), RULES)).isFalse();
        assertThat(Absence.isKnown(opened(5, 0), opened(6, 0), opened(7, 0), SampleParameters.sharing()))
                .as("a network of the first version")
                .isFalse();
    }
}
