package io.athanor.saga.live;

import io.athanor.domain.attestation.TrackRecord;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.stake.StakePool;
import io.athanor.saga.live.LiveStorage.Change;
import io.athanor.saga.routing.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All that is not over: queued, leased and unsettled tasks, machines, rounds and epochs with open books, checkers.
 *
 * <p>Invariant: exactly the fold of the history up to {@link #applied}. Two feeds bring it: what this node commits comes
 * at once by {@link #committed}, and is taken only where nothing before it is missing; the durable feed, a tracking
 * processor, brings everything a little later by {@link #deliver}, skips what is known, and writes the changed rows in
 * its token's transaction. So the rows may be ahead of the token and never behind it. After a start nothing is looked at
 * before the set has reached what was the newest event then ({@link #ready}).
 *
 * <p>Every method but {@link #committed}, {@link #touch} and {@link #onChange} is called with the set's monitor held or
 * takes it.
 */
public final class LiveSet {
    /** The names of the tables. */
    public static final List<String> TABLES = new Live(new LiveIndexes(), instance -> {})
            .tables().stream().map(LiveTable::name).toList();

    /** Committed batches kept while something before them is missing; beyond it the durable feed brings them. */
    private static final int BACKLOG_MAX = 10_000;

    private final LiveIndexes indexes = new LiveIndexes();
    private final Set<Instance> touched = new LinkedHashSet<>();
    private final Live live = new Live(indexes, touched::add);
    private final LiveStorage storage;

    private final ConcurrentLinkedQueue<List<Committed>> committed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger backlog = new AtomicInteger();
    private final ConcurrentLinkedQueue<Instance> touchedOutside = new ConcurrentLinkedQueue<>();
    private volatile Runnable onChange = () -> {};

    private long applied;
    /** As of which event the rows were written or read last. */
    private long stored;
    /** The index that must be reached before anything is looked at. */
    private long gate = Long.MAX_VALUE;

    public LiveSet(LiveStorage storage) {
        this.storage = storage;
    }

    /** Reads the rows; what memory held is forgotten. */
    public synchronized void load() {
        live.tables().forEach(LiveTable::clear);
        stored = storage.load(TABLES, row -> table(row.table()).load(row.key(), row.body()));
        applied = stored;
        live.reindex();
        touched.addAll(instances());
    }

    private LiveTable<?, ?> table(String name) {
        return live.tables().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no live table " + name));
    }

    /** What was the newest event when the fast feed began, or when this node took the routers over. */
    public synchronized void opensAt(long head) {
        gate = head;
    }

    /** Another node runs the routers: nothing is looked at here, and no question answered, until {@link #opensAt}. */
    public synchronized void closes() {
        gate = Long.MAX_VALUE;
        while (committed.poll() != null) {
            backlog.decrementAndGet();
        }
    }

    /** Before a batch of the durable feed: what another node has written since is read first. */
    public synchronized void begin() {
        if (storage.asOf() != stored) {
            load();
        }
    }

    /** Events of this node in commit order, on any thread; quick. */
    public void committed(List<Committed> events) {
        if (backlog.get() < BACKLOG_MAX) {
            backlog.incrementAndGet();
            committed.add(events);
        }
        onChange.run();
    }

    /** Folds what was committed since, up to where something is missing. */
    public void drain() {
        for (List<Committed> events = committed.peek(); events != null; events = committed.peek()) {
            if (events.getLast().index() > applied && !take(events)) {
                return;
            }
            committed.remove();
            backlog.decrementAndGet();
        }
    }

    /** False where an event before these is not known yet. */
    private boolean take(List<Committed> events) {
        for (Committed event : events) {
            if (event.index() > applied) {
                if (event.previous() > applied) {
                    return false;
                }
                apply(event.index(), event.event());
            }
        }
        return true;
    }

    private void apply(long index, Event event) {
        live.apply(event);
        applied = index;
    }

    /** The next event of the durable feed. */
    public synchronized void deliver(long index, Event event) {
        if (index > applied) {
            boolean was = ready();
            apply(index, event);
            if (!was && ready()) {
                onChange.run();
            }
        }
    }

    /** Rows that were written, and as of which event they had been before. */
    public record Written(List<Change> changes, long from) {}

    /** Writes what changed, in the transaction of the caller. Error: {@link StaleRows}, after reading them again. */
    public synchronized Written write() {
        List<Change> changes = new ArrayList<>();
        live.tables().forEach(table -> changes.addAll(table.takeChanges()));
        Written written = new Written(changes, stored);
        boolean current;
        try {
            current = storage.write(changes, stored, applied);
        } catch (RuntimeException e) {
            notWritten(written);
            throw e;
        }
        if (!current) {
            load();
            throw new StaleRows("another node has written the live rows");
        }
        stored = applied;
        return written;
    }

    /** The rows in memory are not those that another node has gone on from. */
    public static final class StaleRows extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StaleRows(String message) {
            super(message);
        }
    }

    /** The writer's transaction was rolled back. */
    public synchronized void notWritten(Written written) {
        stored = written.from();
        written.changes().forEach(change -> table(change.table()).restore(change.key()));
    }

    /** Whether the set knows everything up to now. */
    public synchronized boolean ready() {
        return applied >= gate;
    }

    public void onChange(Runnable listener) {
        onChange = listener;
    }

    /** Asks for a look at an instance, on any thread. */
    public void touch(Instance instance) {
        touchedOutside.add(instance);
        onChange.run();
    }

    /** What changed since the last take. */
    public Set<Instance> takeTouched() {
        for (Instance next = touchedOutside.poll(); next != null; next = touchedOutside.poll()) {
            touched.add(next);
        }
        Set<Instance> taken = new LinkedHashSet<>(touched);
        touched.clear();
        return taken;
    }

    /** Everything that can be looked at. */
    public List<Instance> instances() {
        List<Instance> all = new ArrayList<>();
        indexes.openEpochs().forEach(epoch -> all.add(Instance.epoch(epoch)));
        live.rounds.keys().forEach(id -> all.add(Instance.round(id)));
        live.machines.keys().forEach(id -> all.add(Instance.machine(id)));
        live.tasks.keys().forEach(id -> all.add(Instance.task(id)));
        live.checkers.keys().forEach(id -> all.add(Instance.checker(id)));
        live.proposals.keys().forEach(id -> all.add(Instance.proposal(id)));
        live.pools.keys().forEach(id -> all.add(Instance.pool(id)));
        live.cases.keys().forEach(id -> all.add(Instance.penaltyCase(id)));
        Long newest = indexes.newestEpoch();
        if (newest != null) {
            all.add(Instance.inspections(newest));
        }
        all.add(Instance.PLACEMENT);
        return all;
    }

    /** The index of the newest event that the set knows; it knows all before it. */
    public synchronized long applied() {
        return applied;
    }

    public @Nullable LiveTask task(TaskId id) {
        return live.tasks.get(id);
    }

    public Collection<TaskId> tasks() {
        return live.tasks.keys();
    }

    public @Nullable LiveMachine machine(MachineId id) {
        return live.machines.get(id);
    }

    public Collection<MachineId> machines() {
        return live.machines.keys();
    }

    public @Nullable LiveRound round(RoundId id) {
        return live.rounds.get(id);
    }

    /** All rounds of an epoch whose books are open, in their order. */
    public List<RoundId> roundsOf(long epoch) {
        return indexes.roundsOf(epoch);
    }

    /** Error: {@link IllegalStateException} where an index names a round that is not there. */
    public LiveRound knownRound(RoundId id) {
        LiveRound round = live.rounds.get(id);
        if (round == null) {
            throw new IllegalStateException("no live round " + id);
        }
        return round;
    }

    public @Nullable Epoch epoch(long epoch) {
        return live.epochs.get(epoch);
    }

    /** Epochs whose books are open, oldest first. */
    public List<Long> openEpochs() {
        return indexes.openEpochs();
    }

    public @Nullable Long newestEpoch() {
        return indexes.newestEpoch();
    }

    /** The epoch that opened before this one, null where it was the first. */
    public @Nullable Epoch epochBefore(long epoch) {
        Long before = indexes.epochBefore(epoch);
        return before == null ? null : live.epochs.get(before);
    }

    public @Nullable Provider provider(Wallet wallet) {
        return live.providers.get(wallet);
    }

    /** The owner group that a provider declared; its wallet where it never registered. */
    public String ownerGroup(Wallet provider) {
        return Provider.groupOf(live.providers.get(provider), provider);
    }

    public @Nullable Checker checker(Wallet wallet) {
        return live.checkers.get(wallet);
    }

    /** How a checker has done so far. */
    public TrackRecord recordOf(Wallet checker) {
        TrackRecord record = live.records.get(checker);
        return record == null ? TrackRecord.none() : record;
    }

    public Collection<Wallet> checkers() {
        return live.checkers.keys();
    }

    public @Nullable Proposal proposal(ProposalId id) {
        return live.proposals.get(id);
    }

    public Collection<ProposalId> proposals() {
        return live.proposals.keys();
    }

    /** Voting power when the proposal was submitted; null where it is over or unknown. */
    public @Nullable PowerSnapshot snapshot(ProposalId id) {
        return live.powers.get(id);
    }

    /** How the checkers' pools shared in an epoch that has given way to the next. */
    public EpochPools poolsOf(long epoch) {
        EpochPools known = live.epochPools.get(epoch);
        return known == null ? EpochPools.NONE : known;
    }

    /** Voting power as it would be taken now. */
    public PowerSnapshot votingPower(long day) {
        LiveNetwork known = network();
        int full = known == null ? 1 : known.fullLockDays();
        return PowerSnapshot.of(live.pools.rows(), day, full);
    }

    public @Nullable StakePool pool(PoolId id) {
        return live.pools.get(id);
    }

    public Collection<PoolId> pools() {
        return live.pools.keys();
    }

    /** A checker's own stake, in wei. */
    public Ath bondOf(Wallet checker) {
        StakePool pool = live.pools.get(PoolId.ofChecker(checker));
        return pool == null ? Ath.ZERO : pool.selfBond();
    }

    public @Nullable LiveCase penaltyCase(CaseId id) {
        return live.cases.get(id);
    }

    /** Open cases, and those that still count towards limits. */
    public Collection<CaseId> cases() {
        return live.cases.keys();
    }

    /** Null before the network began. */
    public @Nullable LiveNetwork network() {
        return live.network.get(Live.NETWORK);
    }

    /** The leases that were made in an epoch that is not closed. */
    public List<JobAssigned> leasesOf(long epoch) {
        return live.leases.of(epoch);
    }

    public TaskQueue queue() {
        return indexes.queue();
    }

    /** Tasks that ran, ended, and are not judged yet. */
    public Set<TaskId> unjudged() {
        return indexes.unjudged();
    }

    /** Judged tasks that no epoch has settled. */
    public Set<TaskId> verified() {
        return indexes.verified();
    }

    /** The newest delivery round that a task is a subject of, null where there is none. */
    public @Nullable RoundId attestedBy(TaskId task) {
        return indexes.attestedBy(task);
    }
}
