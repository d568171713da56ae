package io.athanor.domain.epoch;

import io.athanor.domain.account.Withheld;
import io.athanor.domain.attestation.Attendance;
import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.CapacityDay.Test;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.QuarterMarks;
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
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
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
     * @param attendance at its capacity tests
     * @param takesWork false where a suspension kept new work from it
     */
    public record MachineRecord(Machine machine, int kept, int failed, Attendance attendance, boolean takesWork) {
        /** One that missed no test and takes work. */
        public MachineRecord(Machine machine, int kept, int failed) {
            this(machine, kept, failed, Attendance.NONE, true);
        }
    }

    /** In machine order. */
    public static List<LiveMachine> machines(
            Collection<ClosedRound> rounds,
            Function<MachineId, @Nullable MachineRecord> records,
            ProtocolParameters parameters) {
        Map<MachineId, Test> tests = new HashMap<>();
        eachMachine(
                rounds,
                RoundId.Kind.CAPACITY,
                (round, subject, verdict) -> tests.put(subject.machine(), new Test(round.opened, verdict)));
        Map<MachineId, Online> online = new TreeMap<>();
        eachMachine(rounds, RoundId.Kind.LIVENESS, (round, subject, verdict) -> {
            MachineRecord known = verdict.fact() == Finding.Fact.ONLINE ? records.apply(subject.machine()) : null;
            if (known != null && known.machine.standing() == Machine.Standing.CERTIFIED) {
                online.put(subject.machine(), new Online(round.opened, subject, verdict, known));
            }
        });
        CapacityOffers offers = offers(online.values(), parameters);
        return online.values().stream()
                .map(seen -> machine(seen, offers, tests.get(seen.subject.machine()), parameters))
                .filter(Objects::nonNull)
                .toList();
    }

    /** A certified machine that a quorum found online. */
    private record Online(RoundOpened round, Subject.MachineSubject subject, Verdict verdict, MachineRecord known) {}

    /** Null where nobody asks for an offer. */
    private static @Nullable CapacityOffers offers(Collection<Online> online, ProtocolParameters parameters) {
        Earnings earnings = parameters.economics().earnings();
        return earnings == null || earnings.offerPriceBps() == null
                ? null
                : CapacityOffers.of(online.stream().map(Online::known).toList(), earnings.offerPriceBps());
    }

    /** Takes one verdict over a machine. */
    private interface MachineVerdicts {
        void take(ClosedRound round, Subject.MachineSubject subject, Verdict verdict);
    }

    private static void eachMachine(Collection<ClosedRound> rounds, RoundId.Kind kind, MachineVerdicts taker) {
        for (ClosedRound round : rounds) {
            if (round.opened.round().kind() == kind) {
                Map<String, Subject.MachineSubject> subjects = new HashMap<>();
                round.opened.subjects().forEach(subject -> {
                    if (subject instanceof Subject.MachineSubject known) {
                        subjects.put(known.key(), known);
                    }
                });
                for (Verdict verdict : round.verdicts) {
                    Subject.MachineSubject subject = subjects.get(verdict.subject());
                    if (subject != null) {
                        taker.take(round, subject, verdict);
                    }
                }
            }
        }
    }

    /** Null for one that a test found wanting, where lines do not say what is withheld. */
    private static @Nullable LiveMachine machine(
            Online seen, @Nullable CapacityOffers offers, @Nullable Test test, ProtocolParameters parameters) {
        MachineRecord known = seen.known;
        Withheld unoffered = offers == null ? null : offers.withheld(known);
        Withheld untested = CapacityDay.withheld(
                known.machine, known.attendance, seen.round.round().epoch(), test, parameters);
        CapacityTests rules = parameters.admission().capacity();
        if (untested != null && (rules == null || rules.proofDays() == null)) {
            return null;
        }
        long probes = parameters.liveness().probesPerEpoch();
        long answered = Math.min(seen.verdict.measure(), probes);
        long uptimePpm = answered * PPM / probes;
        return new LiveMachine(
                seen.subject.machine(),
                seen.subject.provider(),
                ModelWeight.ppm(known.machine, parameters.reward().modelPpm()),
                (int) (answered * parameters.timing().slotsPerEpoch() / probes),
                uptimePpm * completionPpm(known) / PPM,
                isOnProbation(known.machine, seen.round.at(), parameters),
                unoffered == null ? untested : unoffered);
    }

    private static boolean isOnProbation(Machine machine, Instant at, ProtocolParameters parameters) {
        var rules = parameters.accountable().standing();
        Instant first = machine.certifiedFirst();
        long millis = rules.probationDays() * parameters.timing().dayMillis();
        return rules.probationPpm() != null && first != null && at.isBefore(first.plusMillis(millis));
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
        return checkers(rounds, pools, false);
    }

    /** @param casesApart whether judging cases is paid apart */
    public static List<CheckerMarks> checkers(
            Collection<ClosedRound> rounds, Map<Wallet, PoolTerms> pools, boolean casesApart) {
        Map<Wallet, int[]> seen = new TreeMap<>();
        for (ClosedRound round : rounds) {
            boolean apart =
                    casesApart && QuarterMarks.isCase(round.opened.round().kind());
            for (Consistency mark : round.consistency) {
                count(seen.computeIfAbsent(mark.checker(), checker -> new int[4]), mark.mark(), apart);
            }
        }
        List<CheckerMarks> marks = new ArrayList<>(seen.size());
        seen.forEach(
                (checker, n) -> marks.add(new CheckerMarks(checker, n[0], n[1], n[2], n[3], pools.get(checker), null)));
        return marks;
    }

    /** Adds to rounds, those taken, those correct, and cases judged. */
    private static void count(int[] counts, Consistency.Mark mark, boolean apart) {
        counts[0]++;
        counts[1] += QuarterMarks.isTaken(mark) ? 1 : 0;
        counts[2] += mark == Consistency.Mark.CORRECT && !apart ? 1 : 0;
        counts[3] += QuarterMarks.isTaken(mark) && apart ? 1 : 0;
    }

    /**
     * The marks of an epoch by the rules of its parameters.
     *
     * @param quarters the marks of the epoch's quarter, asked for in its last epoch alone
     */
    public static List<CheckerMarks> checkers(
            long epoch,
            Collection<ClosedRound> rounds,
            Map<Wallet, PoolTerms> pools,
            ProtocolParameters parameters,
            LongFunction<Map<Wallet, QuarterMarks>> quarters) {
        Earnings earnings = parameters.economics().earnings();
        CheckerPay pay = earnings == null ? null : earnings.checkers();
        if (pay == null) {
            return checkers(rounds, pools);
        }
        List<CheckerMarks> marks = checkers(rounds, pools, true);
        int epochsPerDay = parameters.timing().epochsPerDay();
        return pay.pays(epoch, epochsPerDay)
                ? withQuarter(marks, quarters.apply(pay.quarter(epoch, epochsPerDay)), pools)
                : marks;
    }

    private static List<CheckerMarks> withQuarter(
            List<CheckerMarks> marks, Map<Wallet, QuarterMarks> quarter, Map<Wallet, PoolTerms> pools) {
        Map<Wallet, CheckerMarks> all = new TreeMap<>();
        marks.forEach(m -> all.put(m.checker(), m));
        quarter.forEach((checker, sums) -> all.put(
                checker,
                all.getOrDefault(checker, new CheckerMarks(checker, 0, pools.get(checker)))
                        .with(sums)));
        return List.copyOf(all.values());
    }
}
