package io.athanor.api.live;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.TimelineEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reader's queue. A reader that is {@value #QUEUE} changes behind is cut off: it is told so and where to go on, and
 * what waited is given up.
 */
final class JobStream implements AutoCloseable {
    /** What the largest job changes at once, with room. */
    static final int QUEUE = 3 * Limits.ARRAY_TASKS;

    static final String RESUME = "Connect again with the last event's id in Last-Event-ID; nothing is lost.";
    /** Of all streams of this process. */
    private static final AtomicInteger WAITING = new AtomicInteger();

    private final JobStreams owner;
    private final Wallet account;
    private final JobId job;
    private final long since;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Deque<TimelineEntry> queue = new ArrayDeque<>();
    private @Nullable Refused cut;
    private boolean closed;

    JobStream(JobStreams owner, Wallet account, JobId job, long since) {
        this.owner = owner;
        this.account = account;
        this.job = job;
        this.since = since;
    }

    JobId job() {
        return job;
    }

    Wallet account() {
        return account;
    }

    /** Every change above this index comes through here. */
    long since() {
        return since;
    }

    void offer(TimelineEntry entry) {
        lock.lock();
        try {
            if (closed || cut != null) {
                return;
            }
            if (queue.size() == QUEUE || WAITING.get() >= JobStreams.QUEUED) {
                cut(new Refused(Reason.LIMIT_REACHED, "this reader is " + queue.size() + " changes behind", RESUME));
                return;
            }
            queue.add(entry);
            WAITING.incrementAndGet();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void cut(Refused why) {
        lock.lock();
        try {
            if (cut == null) {
                cut = why;
                give();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next change; empty where none came in time or the stream is closed. Error: {@link Refused} once it is cut. */
    Optional<TimelineEntry> next(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (queue.isEmpty() && cut == null && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            if (cut != null) {
                throw cut;
            }
            Optional<TimelineEntry> entry = Optional.ofNullable(queue.poll());
            entry.ifPresent(taken -> WAITING.decrementAndGet());
            return entry;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void give() {
        WAITING.addAndGet(-queue.size());
        queue.clear();
        news.signalAll();
    }

    /** Wakes a reader that waits, for whom nothing comes any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            give();
        } finally {
            lock.unlock();
        }
        owner.closed(this);
    }
}
