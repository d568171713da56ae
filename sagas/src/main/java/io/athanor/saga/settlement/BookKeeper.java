package io.athanor.saga.settlement;

import io.athanor.domain.attestation.QuarterMarks;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.RoundFacts;
import io.athanor.domain.epoch.RoundFacts.ClosedRound;
import io.athanor.domain.epoch.RoundFacts.MachineRecord;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Job;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveRound;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers an epoch's facts from the live set.
 *
 * <p>In an epoch's books are: the tasks judged by a round of it or of an earlier one, those that never ran and ended in
 * it or before, and all its closed rounds. Each task is in one epoch's books, since books are made in the epochs' order
 * and settled tasks leave the live set.
 */
final class BookKeeper {
    private final LiveSet live;

    BookKeeper(LiveSet live) {
        this.live = live;
    }

    /** Why the books cannot be made yet, null where they can. */
    @Nullable String waitsFor(EpochOpened epoch) {
        if (!hasGivenWay(epoch.epoch())) {
            return "the next epoch to open";
        }
        for (RoundId id : live.roundsOf(epoch.epoch())) {
            if (!live.knownRound(id).closed()) {
                return "round " + id;
            }
        }
        for (TaskId id : live.unjudged()) {
            RoundId round = live.attestedBy(id);
            if (round != null && round.epoch() <= epoch.epoch()) {
                return "the judgement of task " + id;
            }
        }
        return null;
    }

    /** Whether a later epoch is open: from then on the machines' part of the books is fixed. */
    boolean hasGivenWay(long epoch) {
        Long newest = live.newestEpoch();
        return newest != null && newest > epoch;
    }

    /** Makes the books. */
    Books make(EpochOpened epoch) {
        LiveNetwork network = live.network();
        ParametersActivated parameters = network == null ? null : network.parametersOf(epoch.epoch());
        if (network == null || parameters == null) {
            throw new IllegalStateException("epoch " + epoch.epoch() + " is open and the network has not begun");
        }
        List<AssessedTask> tasks = new ArrayList<>();
        Map<MachineId, int[]> record = new HashMap<>();
        for (TaskId id : live.verified()) {
            LiveTask task = live.task(id);
            if (task != null && task.job() instanceof Job.Verified verified && belongs(task, verified, epoch)) {
                tasks.add(assessed(verified));
                count(verified, record);
            }
        }
        List<ClosedRound> rounds = closedRounds(epoch.epoch());
        EpochFacts facts = new EpochFacts(
                epoch.epoch(),
                tasks,
                RoundFacts.machines(rounds, id -> recordOf(id, epoch.epoch(), record), parameters.parameters()),
                RoundFacts.checkers(
                        epoch.epoch(),
                        rounds,
                        live.poolsOf(epoch.epoch()).checkers(),
                        parameters.parameters(),
                        this::quarter),
                live.poolsOf(epoch.epoch()).providers(),
                network.providerReserve(),
                network.checkerReserve());
        return new Books(facts, parameters.version());
    }

    private Map<Wallet, QuarterMarks> quarter(long quarter) {
        Map<Wallet, QuarterMarks> all = new HashMap<>();
        for (Wallet checker : live.checkers()) {
            QuarterMarks marks = live.recordOf(checker).quarter(quarter);
            if (marks != null) {
                all.put(checker, marks);
            }
        }
        return all;
    }

    private static boolean belongs(LiveTask task, Job.Verified verified, EpochOpened epoch) {
        RoundId round = verified.assessment().round();
        if (round != null) {
            return round.epoch() <= epoch.epoch();
        }
        Instant endedAt = task.endedAt();
        return endedAt != null && endedAt.isBefore(epoch.endsAt());
    }

    private static AssessedTask assessed(Job.Verified verified) {
        var lease = verified.lease();
        return new AssessedTask(
                verified.order().task(),
                verified.order().client(),
                lease == null ? null : lease.provider(),
                verified.assessment());
    }

    /** Index 0 counts what the machine brought to an end, 1 what it did not deliver. */
    private static void count(Job.Verified verified, Map<MachineId, int[]> record) {
        var lease = verified.lease();
        Outcome outcome = verified.assessment().outcome();
        if (lease != null && outcome != Outcome.EXCLUDED) {
            int[] counts = record.computeIfAbsent(lease.machine(), m -> new int[2]);
            counts[outcome == Outcome.NOT_DELIVERED ? 1 : 0]++;
        }
    }

    private @Nullable MachineRecord recordOf(MachineId id, long epoch, Map<MachineId, int[]> record) {
        LiveMachine machine = live.machine(id);
        int[] counts = record.getOrDefault(id, new int[2]);
        Machine frozen = machine == null ? null : machine.frozen().get(epoch);
        return machine == null || frozen == null
                ? null
                : new MachineRecord(
                        frozen,
                        counts[0],
                        counts[1] + machine.lossesIn(epoch),
                        machine.attendance(),
                        !live.poolsOf(epoch).withoutWork().contains(id));
    }

    private List<ClosedRound> closedRounds(long epoch) {
        List<ClosedRound> rounds = new ArrayList<>();
        for (RoundId id : live.roundsOf(epoch)) {
            LiveRound round = live.knownRound(id);
            LiveRound.Outcome outcome = round.outcome();
            if (outcome != null) {
                rounds.add(new ClosedRound(round.opened(), outcome.verdicts(), outcome.consistency()));
            }
        }
        return rounds;
    }
}
