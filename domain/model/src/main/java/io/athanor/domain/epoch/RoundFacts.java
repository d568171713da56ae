package io.athanor.domain.epoch;

import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.ModelWeight;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an epoch's closed rounds say of machines and checkers: the one way from rounds to {@link EpochFacts}.
 *
 * <p>Invariant: a pure function, whatever the order of the rounds; a machine without a conclusive liveness verdict, and
 * one that is not certified when the books are made, earns nothing; nor does one that a capacity test found wanting.
 */
public final class RoundFacts {
    private static final long PPM = 1_000_000;

    private RoundFacts() {}

    /** A round that closed; without verdicts where it was inconclusive as a whole. */
    public record ClosedRound(RoundOpened opened, List<Verdict> verdicts, List<Consistency> consistency) {
        public ClosedRound {
            verdicts = List.copyOf(verdicts);
            consistency = List.copyOf(consistency);
        }
    }

    /**
     * A machine when the books are made.
     *
     * @param kept tasks of these books that it brought to an end by nobody's or the client's cause
     * @param failed tasks of these books that it did not deliver, and leases it lost while the epoch was the newest
     */
    public record MachineRecord(Machine machine, int kept, int failed) {}

    /** In machine order. */
    public static List<LiveMachine> machines(
            Collection<ClosedRound> rounds,
            Function<MachineId, @Nullable MachineRecord> records,
            ProtocolParameters parameters) {
        Map<MachineId, LiveMachine> machines = new TreeMap<>();
        for (ClosedRound round : rounds) {
            if (round.opened.round().kind() == RoundId.Kind.LIVENESS) {
                for (Verdict verdict : round.verdicts) {
                    LiveMachine machine = machine(round, verdict, records, parameters);
                    if (machine != null) {
                        machines.put(machine.machine(), machine);
                    }
                }
            }
        }
        return List.copyOf(machines.values());
    }

    private static @Nullable LiveMachine machine(
            ClosedRound round,
            Verdict verdict,
            Function<MachineId, @Nullable MachineRecord> records,
            ProtocolParameters parameters) {
        if (verdict.fact() != Finding.Fact.ONLINE) {
            return null;
        }
        for (Subject subject : round.opened.subjects()) {
            if (subject instanceof Subject.MachineSubject m && subject.key().equals(verdict.subject())) {
                MachineRecord known = records.apply(m.machine());
                boolean certified = known != null && known.machine.standing() == Machine.Standing.CERTIFIED;
                return certified
                                && CapacityDay.isPaid(
                                        known.machine, round.opened.round().epoch(), parameters)
                        ? machine(m, verdict, known, parameters)
                        : null;
            }
        }
        return null;
    }

    private static LiveMachine machine(
            Subject.MachineSubject subject, Verdict verdict, MachineRecord known, ProtocolParameters parameters) {
        long probes = parameters.liveness().probesPerEpoch();
        long answered = Math.min(verdict.measure(), probes);
        long uptimePpm = answered * PPM / probes;
        return new LiveMachine(
                subject.machine(),
                subject.provider(),
                ModelWeight.ppm(known.machine, parameters.reward().modelPpm()),
                (int) (answered * parameters.timing().slotsPerEpoch() / probes),
                uptimePpm * completionPpm(known) / PPM);
    }

    /** Whole for a machine that had nothing to do. */
    private static long completionPpm(MachineRecord known) {
        long all = (long) known.kept + known.failed;
        return all == 0 ? PPM : known.kept * PPM / all;
    }

    /** Who sat in a round of the epoch, in wallet order, with how many of them it was correct in. */
    public static List<CheckerMarks> checkers(Collection<ClosedRound> rounds) {
        return checkers(rounds, Map.of());
    }

    /** @param pools the terms of the checkers that share with delegators */
    public static List<CheckerMarks> checkers(Collection<ClosedRound> rounds, Map<Wallet, PoolTerms> pools) {
        Map<Wallet, List<Consistency.Mark>> seen = new TreeMap<>();
        for (ClosedRound round : rounds) {
            for (Consistency mark : round.consistency) {
                seen.computeIfAbsent(mark.checker(), checker -> new ArrayList<>())
                        .add(mark.mark());
            }
        }
        List<CheckerMarks> marks = new ArrayList<>(seen.size());
        seen.forEach((checker, all) -> marks.add(new CheckerMarks(
                checker,
                all.size(),
                count(all, EnumSet.complementOf(EnumSet.of(Consistency.Mark.ABSENT, Consistency.Mark.UNREVEALED))),
                count(all, EnumSet.of(Consistency.Mark.CORRECT)),
                pools.get(checker))));
        return marks;
    }

    private static int count(List<Consistency.Mark> marks, Set<Consistency.Mark> which) {
        return (int) marks.stream().filter(which::contains).count();
    }
}
