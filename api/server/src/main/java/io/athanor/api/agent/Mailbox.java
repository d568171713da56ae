package io.athanor.api.agent;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one machine has to be told, numbered for its current session on this node.
 *
 * <p>Orders that follow from an event are known by its index and stay in the outbox table until they are acknowledged;
 * the number that travels counts from the agent's first acknowledgement on this node. After a restart the same order may
 * come again under a new number, which an agent takes as the repeat it is.
 */
final class Mailbox {
    private static final long UNKNOWN = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Long, Entry> pending = new TreeMap<>();
    private final Map<Long, Long> seqByEvent = new HashMap<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private long last;
    /** What the agent had acknowledged when it first came here; entry n travels as {@code base + n}. */
    private long base = UNKNOWN;

    private boolean closed;
    private boolean released;

    /** @param eventIndex null where the order follows from no event */
    private record Entry(AgentOrder order, @Nullable Long eventIndex) {}

    /** Adds an order that follows from an event; a repeat changes nothing. */
    void add(long eventIndex, AgentOrder order) {
        lock.lock();
        try {
            if (!acknowledged.contains(eventIndex) && !seqByEvent.containsKey(eventIndex)) {
                seqByEvent.put(eventIndex, put(new Entry(order, eventIndex)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds an order that is kept nowhere else. */
    void add(AgentOrder order) {
        lock.lock();
        try {
            put(new Entry(order, null));
        } finally {
            lock.unlock();
        }
    }

    private long put(Entry entry) {
        last++;
        pending.put(last, entry);
        changed.signalAll();
        return last;
    }

    /** Takes the agent's acknowledgement. */
    void acknowledge(long ack) {
        lock.lock();
        try {
            if (base == UNKNOWN) {
                base = ack;
            }
            Map<Long, Entry> done = pending.headMap(ack - base, true);
            for (Entry entry : done.values()) {
                if (entry.eventIndex() != null) {
                    seqByEvent.remove(entry.eventIndex());
                    acknowledged.add(entry.eventIndex());
                }
            }
            done.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for orders and returns the oldest ones. Error: {@link Refused} STALE_SESSION once closed. */
    List<Ordered> await(Duration patience, int max) {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (pending.isEmpty() && !closed && !released && left > 0) {
                left = changed.awaitNanos(left);
            }
            requireOpen();
            List<Ordered> orders = new ArrayList<>();
            for (Map.Entry<Long, Entry> entry : pending.entrySet()) {
                if (orders.size() == max) {
                    break;
                }
                orders.add(new Ordered(base + entry.getKey(), entry.getValue().order()));
            }
            return orders;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        Refused.unless(!closed, Reason.STALE_SESSION, "a newer session was opened with this machine's key");
    }

    /** Nobody waits here any more: this node stops, and the agent goes on with its session at another or the next. */
    void release() {
        lock.lock();
        try {
            released = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the session: who waits is told. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Indexes of acknowledged orders whose rows may still lie in the table. */
    Set<Long> toRemove() {
        lock.lock();
        try {
            return Set.copyOf(acknowledged);
        } finally {
            lock.unlock();
        }
    }

    /** Their rows are gone, so they cannot come again. */
    void removed(Collection<Long> eventIndexes) {
        lock.lock();
        try {
            acknowledged.removeAll(eventIndexes);
        } finally {
            lock.unlock();
        }
    }
}
