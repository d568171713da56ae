package io.athanor.saga.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When to look at which instance: one time each, the earliest asked for. For one thread.
 *
 * <p>It is not durable and need not be: every deadline is a function of a live row, so the first sweep after a start
 * sets them all again.
 */
final class Timers {
    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private final Map<Instance, Instant> earliest = new HashMap<>();

    void add(Instant at, Instance instance) {
        Instant known = earliest.get(instance);
        if (known == null || at.isBefore(known)) {
            earliest.put(instance, at);
            queue.add(new Timer(at, instance));
        }
    }

    /** Takes those that are due. */
    List<Instance> due(Instant now) {
        List<Instance> due = new ArrayList<>();
        for (Timer head = queue.peek(); head != null && !head.at.isAfter(now); head = queue.peek()) {
            queue.remove();
            if (earliest.remove(head.instance, head.at)) {
                due.add(head.instance);
            }
        }
        return due;
    }

    /** The next time, or null. */
    @Nullable Instant next() {
        Timer head = queue.peek();
        return head == null ? null : head.at;
    }

    int size() {
        return earliest.size();
    }

    /** One entry; superseded ones stay until they are due and are skipped then. */
    private record Timer(Instant at, Instance instance) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return at.compareTo(other.at);
        }
    }
}
