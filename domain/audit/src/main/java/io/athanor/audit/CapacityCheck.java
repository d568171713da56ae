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
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Draws every capacity test again: nobody is tested who was not drawn, or twice a day, or while it works; nobody is left out
 * who was drawn, online and free all the epoch, and looked at by a liveness committee; and what was taken down of a machine
 * is the committee's verdict.
 */
final class CapacityCheck implements Check {
    /** A test's round may be open for so many epochs; nobody is drawn into a second one meanwhile. */
    private static final long ROUND_EPOCHS = 3;

    /** Of rounds that a test may still be taken down of: with an epoch's books its rounds go, and what was on its way comes. */
    private final Map<RoundId, Map<String, Verdict>> verdicts = new HashMap<>();

    private final Map<Long, Integer> tested = new HashMap<>();
    /** The epoch of the newest test of each machine. */
    private final Map<String, Long> newest = new HashMap<>();
    /** Machines of the liveness rounds of the epoch that is open. */
    private final Set<MachineSubject> probed = new LinkedHashSet<>();

    /** The newest salts, and what they were when the open epoch began: what it draws by. */
    private Hash32 salts = Hash32.ZERO;

    private Hash32 frozen = Hash32.ZERO;
    private @Nullable EpochOpened open;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case RoundOpened e when e.round().kind() == RoundId.Kind.CAPACITY -> opened(before, e, problem);
            case RoundOpened e when e.round().kind() == RoundId.Kind.LIVENESS -> probed(e);
            case RoundFinalized e -> {
                salts = e.salts();
                keep(e);
            }
            case EpochOpened e -> {
                over(before, problem);
                open = e;
                frozen = salts;
                probed.clear();
            }
            case EpochClosed e -> verdicts.keySet().removeIf(round -> round.epoch() <= e.epoch() - ROUND_EPOCHS);
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
            newest.put(subject.key(), epoch);
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

    private void probed(RoundOpened e) {
        EpochOpened now = open;
        for (Subject subject : e.subjects()) {
            if (now != null && e.round().epoch() == now.epoch() && subject instanceof MachineSubject machine) {
                probed.add(machine);
            }
        }
    }

    /** The epoch gives way to the next: who of it was drawn and is in no round? */
    private void over(World before, Consumer<String> problem) {
        EpochOpened epoch = open;
        CapacityTests rules = epoch == null
                ? null
                : before.parametersOf(epoch.epoch()).admission().capacity();
        if (epoch == null || rules == null || tested.getOrDefault(epoch.epoch(), 0) >= rules.mostMachines()) {
            return;
        }
        Hash32 seed = CapacityDay.seed(epoch.blockHash(), frozen, epoch.epoch());
        int days = before.parametersOf(epoch.epoch()).timing().epochsPerDay();
        for (MachineSubject subject : probed) {
            String group = RoundCheck.groupOf(before, PoolId.ofProvider(subject.provider()));
            boolean recent = newest.getOrDefault(subject.key(), -ROUND_EPOCHS) > epoch.epoch() - ROUND_EPOCHS;
            if (!recent
                    && wasFree(before.machine(subject.machine()), epoch, days)
                    && CapacityDay.isDrawn(seed, group, epoch.epoch(), days)) {
                problem.accept(subject.machine() + " was drawn for a capacity test in epoch " + epoch.epoch()
                        + " and left out");
            }
        }
    }

    private static boolean wasFree(Machine machine, EpochOpened epoch, int days) {
        Instant since = machine.steadySince();
        return CapacityDay.isDue(machine, epoch.epoch(), days) && since != null && since.isBefore(epoch.at());
    }

    private void keep(RoundFinalized e) {
        if (e.round().kind() != RoundId.Kind.CAPACITY) {
            return;
        }
        Map<String, Verdict> bySubject = new HashMap<>();
        e.verdicts().forEach(verdict -> bySubject.put(verdict.subject(), verdict));
        verdicts.put(e.round(), bySubject);
    }

    /** How many rounds are remembered. */
    int kept() {
        return verdicts.size();
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
