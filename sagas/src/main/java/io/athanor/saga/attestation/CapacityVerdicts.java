package io.athanor.saga.attestation;

import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand.RecordCapacity;
import io.athanor.domain.machine.MachineCommand.RejectMachine;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveRound;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What follows when a round of daily capacity tests has closed: each machine's figure is taken down, and one that a quorum found
 * to be other hardware loses its certificate and has its case. The case comes first in the order, while the certificate
 * that it denies is still there.
 */
final class CapacityVerdicts {
    /** Of one machine. */
    private static final int COMMANDS_MOST = 3;

    private final LiveSet live;
    private final Accusation accusation;

    CapacityVerdicts(LiveSet live, Accusation accusation) {
        this.live = live;
        this.accusation = accusation;
    }

    List<Command> of(LiveRound round, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (Subject subject : round.opened().subjects()) {
            if (subject instanceof MachineSubject machine && commands.size() <= Limits.CHUNK_LINES - COMMANDS_MOST) {
                commands.addAll(of(round, machine, now));
            }
        }
        return commands;
    }

    private List<Command> of(LiveRound round, MachineSubject subject, Instant now) {
        LiveMachine known = live.machine(subject.machine());
        Verdict verdict = round.verdictOf(subject.key());
        if (known == null || verdict == null) {
            return List.of();
        }
        Machine machine = known.machine();
        RoundId id = round.opened().round();
        OptionalLong found = CapacityDay.found(machine, round.opened(), verdict);
        if (found.isEmpty()) {
            return List.of();
        }
        RecordCapacity taken = new RecordCapacity(subject.machine(), id, found.getAsLong(), now);
        return verdict.fact() == Fact.COUNTERFEIT
                ? List.of(
                        accusation.of(round, machine, subject, now),
                        taken,
                        new RejectMachine(subject.machine(), id, why(machine, verdict), now))
                : List.of(taken);
    }

    private static String why(Machine machine, Verdict verdict) {
        return verdict.agreeing() + " of " + verdict.seats()
                + " seats found other hardware than is certified: capacity "
                + verdict.measure() + " ppm of an H100 measured, " + machine.score()
                + " certified; let the machine report the GPUs that it has, and it is inspected again";
    }
}
