package io.athanor.audit;

import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Draws every capacity test again: nobody is tested who was not drawn, or twice a day, or while it works; and holds what was
 * taken down of a machine against the committee's verdict.
 */
final class CapacityCheck implements Check {
    private final Map<RoundId, Map<String, Verdict>> verdicts = new HashMap<>();
    private final Map<Long, Integer> tested = new HashMap<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case RoundOpened e when e.round().kind() == RoundId.Kind.CAPACITY -> opened(before, e, problem);
            case RoundFinalized e when e.round().kind() == RoundId.Kind.CAPACITY -> keep(e);
            case CapacityTested e -> taken(before, e, problem);
            default -> {
                // No capacity test.
            }
        }
    }

    private void opened(World before, RoundOpened e, Consumer<String> problem) {
        long epoch = e.round().epoch();
        ProtocolParameters parameters = before.parametersOf(epoch);
        CapacityTests rules = parameters.admission().capacity();
        int days = parameters.timing().epochsPerDay();
        int all = tested.merge(epoch, e.subjects().size(), Integer::sum);
        tested.keySet().removeIf(old -> old < epoch - days);
        if (rules == null || all > rules.mostMachines()) {
            problem.accept("the parameters do not allow " + all + " capacity tests in an epoch");
        }
        Hash32 seed = CapacityDay.seed(e.draw().blockHash(), e.draw().salts(), epoch);
        for (Subject subject : e.subjects()) {
            if (subject instanceof MachineSubject machine) {
                drawn(before, machine, seed, epoch, days, problem);
            }
        }
    }

    private static void drawn(
            World before, MachineSubject subject, Hash32 seed, long epoch, int days, Consumer<String> problem) {
        String group = RoundCheck.groupOf(before, PoolId.ofProvider(subject.provider()));
        if (!CapacityDay.isDrawn(seed, group, epoch, days)) {
            problem.accept("the machines of " + group + " were not drawn for a capacity test in epoch " + epoch);
        }
        Machine machine = before.machine(subject.machine());
        if (!CapacityDay.isDue(machine, epoch, days) && !hasMoved(machine)) {
            problem.accept(subject.machine() + " was tested already on this day, or is not certified");
        }
    }

    /** A lease may have come between the draw and its record, or the machine gone: then the test says nothing. */
    private static boolean hasMoved(Machine machine) {
        return !machine.online() || !machine.reserved().isEmpty();
    }

    private void keep(RoundFinalized e) {
        Map<String, Verdict> bySubject = new HashMap<>();
        e.verdicts().forEach(verdict -> bySubject.put(verdict.subject(), verdict));
        verdicts.put(e.round(), bySubject);
    }

    private void taken(World before, CapacityTested e, Consumer<String> problem) {
        MachineId id = e.machine();
        Verdict verdict = verdicts.getOrDefault(e.round(), Map.of()).get(id.toString());
        Machine machine = before.machine(id);
        OptionalLong found = verdict == null
                ? OptionalLong.empty()
                : CapacityDay.found(machine, before.round(e.round()).known(), verdict);
        boolean moved = verdict != null && verdict.fact() == Fact.OFFLINE && hasMoved(machine) && e.measured() == 0;
        if (!moved && !found.equals(OptionalLong.of(e.measured()))) {
            problem.accept("the capacity test " + e.round() + " came to " + verdict);
        }
    }
}
