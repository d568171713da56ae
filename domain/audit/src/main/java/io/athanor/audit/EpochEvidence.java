package io.athanor.audit;

import io.athanor.domain.attestation.Attendance;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.QuarterMarks;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.PoolTerms;
import io.athanor.domain.epoch.RoundFacts;
import io.athanor.domain.epoch.RoundFacts.ClosedRound;
import io.athanor.domain.epoch.RoundFacts.MachineRecord;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What rewards are computed from, gathered from the history: closed rounds, lost leases, parameters by epoch. */
final class EpochEvidence {
    private final TreeMap<Long, List<ClosedRound>> rounds = new TreeMap<>();
    private final Map<Long, Map<MachineId, Integer>> losses = new HashMap<>();
    private final Map<TaskId, MachineId> ranOn = new HashMap<>();
    private final Map<Long, Map<MachineId, Machine>> frozen = new HashMap<>();
    private final Map<Long, Set<MachineId>> withoutWork = new HashMap<>();
    private final Map<Long, Map<PoolId, PoolTerms>> pools = new HashMap<>();
    private final TreeMap<Long, Map<Wallet, QuarterMarks>> quarters = new TreeMap<>();
    private final AttendanceEvidence attendance = new AttendanceEvidence();
    private long newestEpoch = -1;

    /** What one epoch's machines and rounds were when its rewards were computed. */
    record Snapshot(
            long epoch,
            List<ClosedRound> rounds,
            Map<MachineId, Machine> machines,
            Map<MachineId, Integer> losses,
            Map<MachineId, Attendance> attendances,
            Set<MachineId> withoutWork,
            Map<Wallet, QuarterMarks> quarter,
            ProtocolParameters parameters,
            Ath providerReserve,
            Ath checkerReserve) {
        /** The same epoch under other parameters and with other reserves. */
        Snapshot under(ProtocolParameters other, Ath providers, Ath checkers) {
            return new Snapshot(
                    epoch, rounds, machines, losses, attendances, withoutWork, quarter, other, providers, checkers);
        }
    }

    void look(World before, Event event) {
        attendance.look(before, event);
        switch (event) {
            case EpochOpened e -> opened(before, e);
            case RoundFinalized e -> {
                close(e.round(), new ClosedRound(before.round(e.round()).known(), e.verdicts(), e.consistency()));
                count(before, e.round(), e.consistency());
            }
            case RoundInconclusive e -> {
                close(e.round(), new ClosedRound(before.round(e.round()).known(), List.of(), e.consistency()));
                count(before, e.round(), e.consistency());
            }
            case JobLost e -> lost(before, e);
            case SlaAssessed e -> {
                if (before.task(e.task()) instanceof Job.Ended ended && ended.lease() != null) {
                    ranOn.put(e.task(), ended.lease().machine());
                }
            }
            default -> {
                // No evidence.
            }
        }
    }

    /** What machines and pools are to an epoch's books is what they were when the next epoch opened. */
    private void opened(World before, EpochOpened e) {
        freezePools(before);
        Map<MachineId, Machine> machines = new HashMap<>();
        for (Map.Entry<RoundId, Round> round : before.rounds.entrySet()) {
            if (round.getKey().epoch() == newestEpoch && round.getKey().kind() == RoundId.Kind.LIVENESS) {
                round.getValue().known().subjects().forEach(subject -> {
                    if (subject instanceof Subject.MachineSubject known) {
                        machines.put(
                                known.machine(), before.machine(known.machine()).forBooks());
                    }
                });
            }
        }
        frozen.put(newestEpoch, machines);
        withoutWork.put(newestEpoch, withoutWork(before, machines));
        newestEpoch = e.epoch();
    }

    private static Set<MachineId> withoutWork(World before, Map<MachineId, Machine> machines) {
        return machines.entrySet().stream()
                .filter(known ->
                        isSuspended(before, known.getKey(), known.getValue().provider()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isSuspended(World before, MachineId id, @Nullable Wallet owner) {
        return owner != null
                && before.providers.getOrDefault(owner, Provider.EMPTY).inForce(id) != null;
    }

    /** The terms of the shared pools when an epoch gives way to the next. */
    private void freezePools(World before) {
        if (newestEpoch < 0) {
            return;
        }
        long day = newestEpoch / before.parametersOf(newestEpoch).timing().epochsPerDay();
        Map<PoolId, PoolTerms> shared = new HashMap<>();
        before.pools.forEach((id, pool) -> {
            PoolTerms terms = PoolTerms.of(pool, day);
            if (terms.isShared()) {
                shared.put(id, terms);
            }
        });
        pools.put(newestEpoch, shared);
    }

    private Map<Wallet, PoolTerms> terms(long epoch, PoolId.Kind kind) {
        Map<Wallet, PoolTerms> terms = new HashMap<>();
        pools.getOrDefault(epoch, Map.of()).forEach((id, pool) -> {
            if (id.kind() == kind) {
                terms.put(id.operator(), pool);
            }
        });
        return terms;
    }

    private void close(RoundId round, ClosedRound closed) {
        rounds.computeIfAbsent(round.epoch(), epoch -> new ArrayList<>()).add(closed);
    }

    private static @Nullable CheckerPay pay(ProtocolParameters parameters) {
        Earnings earnings = parameters.economics().earnings();
        return earnings == null ? null : earnings.checkers();
    }

    /** Two quarters are kept: the last rounds of one may close when the next has begun. */
    private void count(World before, RoundId round, List<Consistency> members) {
        ProtocolParameters parameters = before.parametersOf(round.epoch());
        CheckerPay pay = pay(parameters);
        if (pay != null) {
            long quarter = pay.quarter(round.epoch(), parameters.timing().epochsPerDay());
            Map<Wallet, QuarterMarks> marks = quarters.computeIfAbsent(quarter, q -> new HashMap<>());
            members.forEach(m -> marks.put(
                    m.checker(),
                    marks.getOrDefault(m.checker(), QuarterMarks.NONE).after(round.kind(), m.mark())));
            quarters.headMap(quarters.lastKey() - 1).clear();
        }
    }

    /** As it stands now, in a quarter's last epoch. */
    private Map<Wallet, QuarterMarks> quarter(long epoch, ProtocolParameters parameters) {
        CheckerPay pay = pay(parameters);
        int epochsPerDay = parameters.timing().epochsPerDay();
        return pay != null && pay.pays(epoch, epochsPerDay)
                ? Map.copyOf(quarters.getOrDefault(pay.quarter(epoch, epochsPerDay), Map.of()))
                : Map.of();
    }

    private void lost(World before, JobLost e) {
        if (e.ending().cause() == Ending.Cause.PROVIDER && before.task(e.task()) instanceof Job.Leased leased) {
            losses.computeIfAbsent(newestEpoch, epoch -> new HashMap<>())
                    .merge(leased.lease().machine(), 1, Integer::sum);
        }
    }

    /** Everything about the epoch but its tasks, as it stands now. */
    Snapshot snapshot(long epoch, World world, Ath providerReserve, Ath checkerReserve) {
        return new Snapshot(
                epoch,
                List.copyOf(rounds.getOrDefault(epoch, List.of())),
                frozen.getOrDefault(epoch, Map.of()),
                Map.copyOf(losses.getOrDefault(epoch, Map.of())),
                attendancesOf(epoch),
                withoutWork.getOrDefault(epoch, Set.of()),
                quarter(epoch, world.parametersOf(epoch)),
                world.parametersOf(epoch),
                providerReserve,
                checkerReserve);
    }

    private Map<MachineId, Attendance> attendancesOf(long epoch) {
        Map<MachineId, Attendance> attendances = new HashMap<>();
        frozen.getOrDefault(epoch, Map.of()).keySet().forEach(id -> attendances.put(id, attendance.of(id)));
        return attendances;
    }

    /** The facts of an epoch that settled these tasks. */
    EpochFacts facts(Snapshot snapshot, Collection<JobSettled> settled) {
        List<AssessedTask> tasks = settled.stream()
                .map(task -> new AssessedTask(task.task(), task.client(), task.provider(), task.assessment()))
                .toList();
        return facts(snapshot, tasks, record(settled));
    }

    /** How many of these tasks each machine kept (0) and failed (1); each task is asked for once. */
    Map<MachineId, int[]> record(Collection<JobSettled> settled) {
        Map<MachineId, int[]> record = new HashMap<>();
        for (JobSettled task : settled) {
            MachineId machine = ranOn.remove(task.task());
            if (machine != null && task.assessment().outcome() != Outcome.EXCLUDED) {
                record.computeIfAbsent(machine, m -> new int[2])[
                        task.assessment().outcome() == Outcome.NOT_DELIVERED ? 1 : 0]++;
            }
        }
        return record;
    }

    EpochFacts facts(Snapshot snapshot, List<AssessedTask> tasks, Map<MachineId, int[]> record) {
        return new EpochFacts(
                snapshot.epoch(),
                tasks,
                RoundFacts.machines(snapshot.rounds(), id -> recordOf(snapshot, id, record), snapshot.parameters()),
                RoundFacts.checkers(
                        snapshot.epoch(),
                        snapshot.rounds(),
                        terms(snapshot.epoch(), PoolId.Kind.CHECKER),
                        snapshot.parameters(),
                        quarter -> snapshot.quarter()),
                terms(snapshot.epoch(), PoolId.Kind.PROVIDER),
                snapshot.providerReserve(),
                snapshot.checkerReserve());
    }

    private static MachineRecord recordOf(Snapshot snapshot, MachineId id, Map<MachineId, int[]> record) {
        int[] counts = record.getOrDefault(id, new int[2]);
        return new MachineRecord(
                snapshot.machines().getOrDefault(id, Machine.EMPTY),
                counts[0],
                counts[1] + snapshot.losses().getOrDefault(id, 0),
                snapshot.attendances().getOrDefault(id, Attendance.NONE),
                !snapshot.withoutWork().contains(id));
    }
}
