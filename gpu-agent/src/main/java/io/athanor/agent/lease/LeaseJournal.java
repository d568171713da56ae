package io.athanor.agent.lease;

import io.athanor.agent.lease.JournalEntry.Frame;
import io.athanor.agent.spool.Spool;
import io.athanor.agent.spool.SpoolFull;
import io.athanor.codec.Json;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.Reported;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The leases of this machine and the reports that the server has not acknowledged, durable before they are visible.
 * A (task, fence) is taken at most once: what was dropped stays known by its fence. Safe for several threads.
 */
public final class LeaseJournal implements AutoCloseable {
    /** Tasks whose newest fence is remembered after their lease is gone; an older task's order is never repeated. */
    private static final int FENCES_KEPT = 10_000;

    private final Spool spool;
    private final Map<LeaseId, Entry> leases = new LinkedHashMap<>();
    private final SequencedMap<TaskId, Integer> fences = new LinkedHashMap<>();
    private final TreeMap<Long, AgentReport> pending = new TreeMap<>();
    private long nextSeq = 1;
    private long acknowledged;
    private long compactedTo;
    private long order;
    private CompletableFuture<Void> reported = new CompletableFuture<>();

    private LeaseJournal(Spool spool) {
        this.spool = spool;
    }

    /** A lease with its order. */
    public record Entry(Start order, LeaseStage stage) {
        public LeaseId lease() {
            return order.lease();
        }
    }

    /** How an order to start relates to what is known. */
    public enum Known {
        /** Not seen yet. */
        NEW,
        /** Under way here. */
        SAME,
        /** Was under way here and is over. */
        DONE,
        /** A later fence of the task was seen. */
        STALE
    }

    /** Opens the spool and reads what an earlier agent left. */
    public static LeaseJournal open(Path file, long maxBytes) throws IOException {
        Spool.Opened opened = Spool.open(file, maxBytes);
        LeaseJournal journal = new LeaseJournal(opened.spool());
        opened.frames().forEach(frame -> journal.apply(Json.read(frame, Frame.class)));
        return journal;
    }

    private void apply(Frame frame) {
        forgetReports(frame.acknowledged());
        order = Math.max(order, frame.order());
        switch (frame.entry()) {
            case JournalEntry.Took took -> {
                LeaseId lease = took.order().lease();
                leases.put(lease, new Entry(took.order(), new LeaseStage.Accepted()));
                rememberFence(lease);
            }
            case JournalEntry.Moved moved -> {
                leases.computeIfPresent(moved.lease(), (_, known) -> new Entry(known.order(), moved.stage()));
                remember(moved.report());
            }
            case JournalEntry.Paid paid ->
                leases.computeIfPresent(
                        paid.lease(),
                        (_, known) -> new Entry(known.order().paidUntil(paid.untilMillis()), known.stage()));
            case JournalEntry.Said said -> remember(said.report());
            case JournalEntry.Dropped dropped -> leases.remove(dropped.lease());
            case JournalEntry.Summary summary -> {
                nextSeq = summary.nextSeq();
                fences.putAll(summary.fences());
            }
        }
    }

    private void rememberFence(LeaseId lease) {
        fences.merge(lease.task(), lease.fence(), Math::max);
        while (fences.size() > FENCES_KEPT) {
            fences.pollFirstEntry();
        }
    }

    private void remember(@Nullable Reported report) {
        if (report != null) {
            nextSeq = Math.max(nextSeq, report.seq() + 1);
            if (report.seq() > acknowledged) {
                pending.put(report.seq(), report.report());
            }
        }
    }

    private void write(JournalEntry entry) {
        Frame frame = new Frame(acknowledged, order, entry);
        append(Json.bytes(frame), !mayBeLost(entry));
        apply(frame);
        if (spool.worthCompacting()) {
            compact();
        }
        if (hasReport(entry)) {
            CompletableFuture<Void> said = reported;
            reported = new CompletableFuture<>();
            said.complete(null);
        }
    }

    private static boolean mayBeLost(JournalEntry entry) {
        return entry instanceof JournalEntry.Moved moved
                && moved.report() == null
                && moved.stage().mayBeLost();
    }

    private static boolean hasReport(JournalEntry entry) {
        return entry instanceof JournalEntry.Said
                || entry instanceof JournalEntry.Moved moved && moved.report() != null;
    }

    /** A spool that seems full may only hold what is long acknowledged. */
    private void append(byte[] frame, boolean durable) {
        try {
            spool.append(frame, durable);
        } catch (SpoolFull full) {
            compact();
            spool.append(frame, durable);
        }
    }

    private void compact() {
        compactedTo = acknowledged;
        spool.compact(snapshot().stream().map(Json::bytes).toList());
    }

    private List<Frame> snapshot() {
        List<JournalEntry> entries = new ArrayList<>();
        entries.add(new JournalEntry.Summary(nextSeq, fences));
        leases.values().forEach(entry -> {
            entries.add(new JournalEntry.Took(entry.order()));
            entries.add(new JournalEntry.Moved(entry.lease(), entry.stage(), null));
        });
        pending.forEach((seq, report) -> entries.add(new JournalEntry.Said(new Reported(seq, report))));
        return entries.stream()
                .map(entry -> new Frame(acknowledged, order, entry))
                .toList();
    }

    /** What is known of a lease that is ordered to start. */
    public synchronized Known known(LeaseId lease) {
        if (leases.containsKey(lease)) {
            return Known.SAME;
        }
        int newest = fences.getOrDefault(lease.task(), 0);
        return newest == lease.fence() ? Known.DONE : newest > lease.fence() ? Known.STALE : Known.NEW;
    }

    /** Takes a lease that is {@link Known#NEW}. */
    public synchronized void take(Start start) {
        write(new JournalEntry.Took(start));
    }

    /** Puts a lease into its next stage. */
    public synchronized void move(LeaseId lease, LeaseStage stage) {
        write(new JournalEntry.Moved(lease, stage, null));
    }

    /** Puts a lease into its next stage and reports it, in one frame; the stage may carry the report's number. */
    public synchronized void move(LeaseId lease, LongFunction<LeaseStage> stage, AgentReport report) {
        write(new JournalEntry.Moved(lease, stage.apply(nextSeq), new Reported(nextSeq, report)));
    }

    /** Notes that more run time is paid for; less than was paid before changes nothing. */
    public synchronized void paid(LeaseId lease, long untilMillis) {
        Entry known = leases.get(lease);
        if (known != null && known.order().paidUntilMillis() < untilMillis) {
            write(new JournalEntry.Paid(lease, untilMillis));
        }
    }

    /** Reports something that is no stage. */
    public synchronized void say(AgentReport report) {
        write(new JournalEntry.Said(new Reported(nextSeq, report)));
    }

    /** Forgets a lease but for its fence. */
    public synchronized void drop(LeaseId lease) {
        if (leases.containsKey(lease)) {
            write(new JournalEntry.Dropped(lease));
        }
    }

    /** The server has every report up to {@code seq}; its word is written with the next frame. */
    public synchronized void acknowledge(long seq) {
        forgetReports(seq);
    }

    private void forgetReports(long seq) {
        acknowledged = Math.max(acknowledged, seq);
        nextSeq = Math.max(nextSeq, acknowledged + 1);
        pending.headMap(acknowledged, true).clear();
    }

    /** The agent has done every order up to {@code seq}. */
    public synchronized void ordersDone(long seq) {
        order = Math.max(order, seq);
    }

    public synchronized long ordersDone() {
        return order;
    }

    public synchronized long acknowledged() {
        return acknowledged;
    }

    /** Unacknowledged reports in order, at most {@code max}. */
    public synchronized List<Reported> pending(int max) {
        return pending.entrySet().stream()
                .limit(max)
                .map(entry -> new Reported(entry.getKey(), entry.getValue()))
                .toList();
    }

    public synchronized Optional<Entry> find(LeaseId lease) {
        return Optional.ofNullable(leases.get(lease));
    }

    /** All leases, oldest first. */
    public synchronized List<Entry> leases() {
        return List.copyOf(leases.values());
    }

    /** Completes with the next report that is written. */
    public synchronized CompletableFuture<Void> nextReport() {
        return reported.copy();
    }

    /** False when what is left is kept for the ends of running work. What is long acknowledged takes no room. */
    public synchronized boolean roomForNewWork() {
        if (!spool.roomForNewWork() && acknowledged > compactedTo) {
            compact();
        }
        return spool.roomForNewWork();
    }

    @Override
    public synchronized void close() throws IOException {
        spool.close();
    }
}
