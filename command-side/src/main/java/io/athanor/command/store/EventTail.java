package io.athanor.command.store;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * The newest events in memory, so that a processor that keeps up reads no row, and the bell that wakes readers.
 *
 * <p>Invariant: every stored event with an index above {@code floor} and up to {@code head} is in {@code events}, or
 * {@code events} is empty and {@code floor} is above {@code head}'s reach. An append of another node breaks the chain,
 * and the tail begins anew behind it.
 */
public final class EventTail {
    /** Events kept. */
    static final int CAPACITY = 20_000;

    /** Events given out at once. */
    static final int CHUNK = 500;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final TreeMap<Long, DomainEventMessage<?>> events = new TreeMap<>();
    private final List<LongConsumer> bells = new CopyOnWriteArrayList<>();
    private long floor = Long.MAX_VALUE;
    private long head;

    /** One event of the tail. */
    record Entry(long index, DomainEventMessage<?> event) {}

    /** Takes what this node has committed. */
    public void add(Appended appended) {
        lock.lock();
        try {
            if (events.isEmpty() || events.lastKey() != appended.previousHead()) {
                events.clear();
                floor = appended.previousHead();
            }
            for (int i = 0; i < appended.events().size(); i++) {
                events.put(appended.indexes().get(i), appended.events().get(i));
            }
            while (events.size() > CAPACITY) {
                floor = events.pollFirstEntry().getKey();
            }
            head = Math.max(head, appended.head());
            grown.signalAll();
        } finally {
            lock.unlock();
        }
        bells.forEach(bell -> bell.accept(appended.head()));
    }

    /** Learns that the store reaches further, without the events. */
    void learn(long newHead) {
        lock.lock();
        try {
            if (newHead <= head) {
                return;
            }
            head = newHead;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
        bells.forEach(bell -> bell.accept(newHead));
    }

    /** Events above the index where memory holds all of them; empty where the store must be asked. */
    Optional<List<Entry>> after(long index) {
        lock.lock();
        try {
            if (index < floor || events.isEmpty() || events.lastKey() < head && index >= events.lastKey()) {
                return Optional.empty();
            }
            return Optional.of(events.tailMap(index, false).entrySet().stream()
                    .limit(CHUNK)
                    .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                    .toList());
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the store reaches beyond the index; false where the time is over. */
    boolean awaitBeyond(long index, long deadlineNanos) throws InterruptedException {
        lock.lock();
        try {
            while (head <= index) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0 || grown.awaitNanos(left) <= 0 && head <= index) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Index of the newest event that this node knows of, 0 before the first. */
    public long head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    /** Rings with the new head after each growth, on the thread that noticed; close to stop. */
    public AutoCloseable onGrowth(LongConsumer bell) {
        bells.add(bell);
        return () -> bells.remove(bell);
    }

    static long deadline(long timeout, TimeUnit unit) {
        return System.nanoTime() + unit.toNanos(timeout);
    }
}
