package io.athanor.saga.live;

import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.TrackRecord;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.saga.routing.Instance;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The fold of events into live rows: the domain's own {@code evolve}, kept only for what is not over.
 *
 * <p>Invariant: every event once, in the order of the history. What a settled task, a closed epoch's rounds and an old
 * epoch leave behind is nothing. Guarded by {@link LiveSet}.
 */
final class Live {
    static final String NETWORK = "network";

    final LiveTable<TaskId, LiveTask> tasks = new LiveTable<>(
            "live_task", TaskId::parse, LiveTask.class, t -> t.job().name());
    final LiveTable<MachineId, LiveMachine> machines = new LiveTable<>(
            "live_machine",
            MachineId::parse,
            LiveMachine.class,
            m -> m.machine().standing() + (m.machine().online() ? " ONLINE" : " OFFLINE"));
    final LiveTable<RoundId, LiveRound> rounds =
            new LiveTable<>("live_round", RoundId::parse, LiveRound.class, r -> r.closed() ? "CLOSED" : "OPEN");
    final LiveTable<Long, Epoch> epochs =
            new LiveTable<>("live_epoch", Long::valueOf, Epoch.class, e -> e.closedHead() == null ? "OPEN" : "CLOSED");
    final LiveTable<Wallet, Provider> providers = new LiveTable<>(
            "live_provider", Wallet::parse, Provider.class, p -> p.standing().name());
    final LiveTable<Wallet, Checker> checkers = new LiveTable<>(
            "live_checker", Wallet::parse, Checker.class, c -> c.standing().name());
    final LiveTable<Wallet, TrackRecord> records =
            new LiveTable<>("live_track_record", Wallet::parse, TrackRecord.class, r -> String.valueOf(r.score()));
    final LiveTable<PoolId, StakePool> pools = new LiveTable<>(
            "live_pool", PoolId::parse, StakePool.class, p -> p.selfBond().toString());
    final LiveTable<ProposalId, Proposal> proposals = new LiveTable<>(
            "live_proposal", ProposalId::parse, Proposal.class, p -> p.stage().name());
    final LiveTable<Long, EpochPools> epochPools = new LiveTable<>(
            "live_epoch_pools",
            Long::valueOf,
            EpochPools.class,
            p -> p.checkers().size() + p.providers().size() + " shared");
    final LiveTable<ProposalId, PowerSnapshot> powers = new LiveTable<>(
            "live_power", ProposalId::parse, PowerSnapshot.class, p -> p.total().toString());
    final LiveTable<CaseId, LiveCase> cases = new LiveTable<>(
            "live_case", CaseId::parse, LiveCase.class, c -> c.state().stage().name());
    final LiveTable<String, LiveNetwork> network = new LiveTable<>(
            "live_network", text -> text, LiveNetwork.class, n -> n.head().toString());

    private final LiveIndexes indexes;
    final LiveLeases leases = new LiveLeases();
    private final LivePenalties penalties;
    private final LiveQuality quality;
    private final LiveAttendance attendance;
    private final LiveBooks books;
    private final Consumer<Instance> touch;

    Live(LiveIndexes indexes, Consumer<Instance> touch) {
        this.indexes = indexes;
        this.touch = touch;
        this.penalties = new LivePenalties(this, touch);
        this.quality = new LiveQuality(this, indexes, touch);
        this.attendance = new LiveAttendance(this, indexes);
        this.books = new LiveBooks(this, indexes);
    }

    List<LiveTable<?, ?>> tables() {
        return List.of(
                tasks,
                machines,
                rounds,
                epochs,
                providers,
                checkers,
                records,
                pools,
                network,
                proposals,
                powers,
                epochPools,
                cases,
                leases.table());
    }

    /** Folds the next event. */
    void apply(Event event) {
        switch (event) {
            case JobEvent e -> job(e);
            case MachineEvent e -> machine(e);
            case RoundEvent e -> round(e);
            case EpochEvent e -> epoch(e);
            case ProtocolEvent e -> onNetwork(e);
            case ProviderEvent e -> provider(e);
            case CheckerEvent e -> checker(e);
            case StakePoolEvent e -> pool(e);
            case ProposalEvent e -> proposal(e);
            case CaseEvent e -> penalties.apply(e);
            case VestingSlashed e -> penalties.slashed(e);
            default -> {
                // Other changes of accounts are nobody's live state here: their own stream guards them.
            }
        }
    }

    private void job(JobEvent event) {
        TaskId id = event.task();
        LiveTask before = tasks.get(id);
        if (before == null && !(event instanceof JobSubmitted)) {
            return;
        }
        LiveTask start = before == null ? LiveTask.NEW : before;
        if (event instanceof JobLost lost && lost.ending().cause() == Ending.Cause.PROVIDER) {
            countLoss(start, lost);
        }
        if (event instanceof JobLost lost && lost.ending() == Ending.MACHINE_OFFLINE) {
            penalties.lost(start, lost);
        }
        quality.look(start, event);
        if (event instanceof JobAssigned assigned) {
            leases.made(assigned, indexes.newestEpoch());
        }
        LiveTask after = start.evolve(event);
        if (event instanceof JobSettled) {
            tasks.remove(id);
            indexes.gone(id);
        } else {
            tasks.put(id, after);
            indexes.changed(id, after);
        }
        touch.accept(Instance.task(id));
        touchRelated(before, after);
    }

    /** A task's machine may have room again, and its epoch may be ready for its books. */
    private void touchRelated(@Nullable LiveTask before, LiveTask after) {
        if (before != null && before.job() instanceof Job.Leased leased) {
            touch.accept(Instance.machine(leased.lease().machine()));
        }
        if (after.job() instanceof Job.Verified || after.job() instanceof Job.Settled) {
            touchEndedEpochs();
        }
    }

    private void touchEndedEpochs() {
        indexes.openEpochs().forEach(epoch -> touch.accept(Instance.epoch(epoch)));
    }

    private void countLoss(LiveTask task, JobLost lost) {
        Long newest = indexes.newestEpoch();
        if (newest == null || !(task.job() instanceof Job.Leased leased)) {
            return;
        }
        changeMachine(
                leased.lease().machine(), machine -> machine.lost(newest, quality.lost(machine, task, newest, lost)));
    }

    private void machine(MachineEvent event) {
        MachineId id = event.machine();
        LiveMachine before = machines.get(id);
        if (before != null || event instanceof MachineEnrolled) {
            machines.put(id, (before == null ? LiveMachine.NEW : before).evolve(event));
            attendance.look(event);
            touch.accept(Instance.machine(id));
            if (event instanceof MachineWentOnline e) {
                penalties.outageEnded(e);
            }
        }
    }

    private void round(RoundEvent event) {
        RoundId id = event.round();
        LiveRound before = rounds.get(id);
        if (event instanceof RoundOpened opened) {
            open(opened);
        } else if (before != null) {
            LiveRound after = before.evolve(event);
            rounds.put(id, after);
            touch.accept(Instance.round(id));
            if (after.closed()) {
                closed(after);
            }
        }
        switch (event) {
            case RoundFinalized e -> {
                changeNetwork(network -> network.salted(e));
                penalties.marked(e.round(), e.consistency());
            }
            case RoundEvent.RoundInconclusive e -> penalties.marked(e.round(), e.consistency());
            case RoundOpened e -> {}
            case RoundEvent.ReportCommitted e -> {}
            case RoundEvent.ReportRevealed e -> {}
        }
    }

    private void open(RoundOpened opened) {
        rounds.put(opened.round(), LiveRound.of(opened));
        indexes.opened(opened);
        touch.accept(Instance.round(opened.round()));
        attendance.look(opened);
        penalties.appeals(opened, subject -> LiveCase.Outcome.OPEN);
    }

    private void closed(LiveRound round) {
        if (round.opened().round().kind() == RoundId.Kind.LIVENESS) {
            penalties.outages(round);
            quality.probed(round);
        }
        attendance.closed(round);
        penalties.appeals(round.opened(), subject -> {
            var verdict = round.verdictOf(subject.key());
            return LiveCase.Outcome.of(verdict == null ? null : verdict.fact());
        });
        touch.accept(Instance.epoch(round.opened().round().epoch()));
        touchEndedEpochs();
    }

    private void epoch(EpochEvent event) {
        long id = event.epoch();
        Epoch before = epochs.get(id);
        if (before != null || event instanceof EpochOpened) {
            if (event instanceof EpochOpened opening) {
                quality.opening(opening);
                attendance.over(indexes.newestEpoch());
                books.freeze(indexes.newestEpoch());
            }
            Epoch after = (before == null ? Epoch.EMPTY : before).evolve(event);
            epochs.put(id, after);
            indexes.changed(id, after);
            prune(event);
            touch.accept(Instance.epoch(id));
            touchEndedEpochs();
            touch.accept(Instance.inspections(id));
        }
        if (event instanceof EpochOpened e) {
            changeNetwork(network -> network.opened(e));
        } else if (event instanceof RewardsComputed e) {
            changeNetwork(network -> network.emitted(e));
        } else if (event instanceof EpochClosed e) {
            changeNetwork(network -> network.closed(e));
            quality.booksClosed();
        }
    }

    LiveAttendance attendance() {
        return attendance;
    }

    void changeMachine(MachineId id, UnaryOperator<LiveMachine> change) {
        LiveMachine machine = machines.get(id);
        if (machine != null) {
            machines.put(id, change.apply(machine));
        }
    }

    /** Closed epochs go once a later draw no longer needs their candidates; rounds go with their epoch's books. */
    private void prune(EpochEvent event) {
        if (event instanceof EpochClosed closed) {
            books.thaw(closed.epoch());
            indexes.roundsOf(closed.epoch()).forEach(id -> rounds.remove(id));
            indexes.forgetRounds(closed.epoch());
            epochPools.remove(closed.epoch());
            leases.closed(closed.epoch());
        }
        if (event instanceof EpochOpened opened) {
            penalties.forget(opened.startsAt());
        }
        indexes.outlivedEpochs().forEach(old -> {
            epochs.remove(old);
            indexes.forgetEpoch(old);
        });
    }

    private void onNetwork(ProtocolEvent event) {
        changeNetwork(network -> network.evolve(event));
        quality.opened(event);
        touchEndedEpochs();
    }

    private void changeNetwork(UnaryOperator<LiveNetwork> change) {
        network.put(NETWORK, change.apply(Objects.requireNonNullElse(network.get(NETWORK), LiveNetwork.NEW)));
    }

    private void provider(ProviderEvent event) {
        Provider before = providers.get(event.provider());
        providers.put(event.provider(), (before == null ? Provider.EMPTY : before).evolve(event));
        quality.look(event);
    }

    private void checker(CheckerEvent event) {
        Wallet id = event.checker();
        checkers.put(
                id, Objects.requireNonNullElse(checkers.get(id), Checker.EMPTY).evolve(event));
        TrackRecord record = records.get(id);
        if (event instanceof CheckerEvent.CheckerReleased && record != null) {
            records.put(id, record.served());
        }
        touch.accept(Instance.checker(id));
    }

    /** Voting power is that of the pools as they stand when the proposal comes. */
    private void proposal(ProposalEvent event) {
        ProposalId id = event.proposal();
        Proposal before = proposals.get(id);
        Proposal after = (before == null ? Proposal.EMPTY : before).evolve(event);
        proposals.put(id, after);
        if (event instanceof ProposalSubmitted e) {
            powers.put(id, PowerSnapshot.of(pools.rows(), e.day(), e.rules().fullLockDays()));
        } else if (after.stage().isOver()) {
            powers.remove(id);
        }
        touch.accept(Instance.proposal(id));
    }

    private void pool(StakePoolEvent event) {
        PoolId id = event.pool();
        StakePool before = pools.get(id);
        pools.put(id, (before == null ? StakePool.EMPTY : before).evolve(event));
        touch.accept(Instance.checker(id.operator()));
        touch.accept(Instance.pool(id));
        penalties.slashed(before == null ? StakePool.EMPTY : before, event);
    }

    /** Derives the indexes from loaded rows. */
    void reindex() {
        indexes.clear();
        leases.reindex();
        tasks.rows().entrySet().stream()
                .sorted(Comparator.comparing(row -> waitingSince(row.getValue())))
                .forEach(row -> indexes.changed(row.getKey(), row.getValue()));
        epochs.rows().forEach(indexes::changed);
        rounds.rows().values().forEach(round -> indexes.opened(round.opened()));
    }

    /** The queue's order is that of arrival. */
    private static Instant waitingSince(LiveTask task) {
        return task.job() instanceof Job.Queued queued ? queued.since() : Instant.MIN;
    }
}
