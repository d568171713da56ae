package io.athanor.api.live;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.JobChanges;
import io.athanor.domain.view.TimelineEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Every open stream of this node, fed by one subscription that exists while there is a stream. However many read, the
 * history is read once.
 *
 * <p>Invariant: a stream is given each change of its job with an index above its {@code since}, in order, or is cut.
 * Bounds: {@value #STREAMS_PER_ACCOUNT} streams an account, {@value #STREAMS} a node, and {@value #QUEUED} changes that
 * wait in all of them together.
 */
@Component
final class JobStreams implements SmartLifecycle {
    static final int STREAMS_PER_ACCOUNT = 16;
    static final int STREAMS = 512;
    static final int QUEUED = 262_144;
    private static final Logger LOG = LoggerFactory.getLogger(JobStreams.class);

    private final JobChanges changes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<JobId, List<JobStream>> byJob = new HashMap<>();
    private final Map<Wallet, Integer> ofAccount = new HashMap<>();
    private int open;
    private @Nullable Subscription subscription;
    private boolean running = true;

    JobStreams(JobChanges changes) {
        this.changes = changes;
    }

    /** Begins to queue the job's changes. Error: {@link Refused} LIMIT_REACHED, UNAVAILABLE. */
    JobStream open(Wallet account, JobId job) {
        lock.lock();
        try {
            Refused.unless(running, Reason.UNAVAILABLE, "this node stops");
            Refused.unless(
                    ofAccount.getOrDefault(account, 0) < STREAMS_PER_ACCOUNT,
                    Reason.LIMIT_REACHED,
                    "an account has at most " + STREAMS_PER_ACCOUNT + " streams open");
            Refused.unless(open < STREAMS, Reason.LIMIT_REACHED, "a node has at most " + STREAMS + " streams open");
            JobStream stream = new JobStream(this, account, job, subscribed().upTo);
            byJob.computeIfAbsent(job, key -> new ArrayList<>()).add(stream);
            ofAccount.merge(account, 1, Integer::sum);
            open++;
            return stream;
        } finally {
            lock.unlock();
        }
    }

    private Subscription subscribed() {
        Subscription known = subscription;
        if (known == null) {
            known = new Subscription();
            subscription = known;
            try {
                known.feed = changes.subscribe(known);
            } catch (RuntimeException e) {
                subscription = null;
                LOG.warn("No feed of job changes", e);
                throw new Refused(Reason.UNAVAILABLE, "this node cannot read the history at the moment");
            }
        }
        return known;
    }

    void closed(JobStream stream) {
        lock.lock();
        try {
            List<JobStream> streams = byJob.getOrDefault(stream.job(), List.of());
            if (streams.remove(stream)) {
                byJob.values().removeIf(List::isEmpty);
                ofAccount.computeIfPresent(stream.account(), (account, count) -> count == 1 ? null : count - 1);
                open--;
            }
            if (open == 0) {
                unsubscribe();
            }
        } finally {
            lock.unlock();
        }
    }

    private void unsubscribe() {
        Subscription ended = subscription;
        subscription = null;
        if (ended != null && ended.feed != null) {
            try {
                ended.feed.close();
            } catch (Exception e) {
                LOG.warn("A feed of job changes does not close", e);
            }
        }
    }

    int openStreams() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    private void cutAll(Refused why) {
        byJob.values().forEach(streams -> streams.forEach(stream -> stream.cut(why)));
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server waits for its requests to end, of which these would not. */
    @Override
    public void stop() {
        lock.lock();
        try {
            running = false;
            cutAll(new Refused(Reason.UNAVAILABLE, "this node stops", JobStream.RESUME));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** What the feed tells; a subscription that has ended says nothing any more. */
    private final class Subscription implements JobChanges.Listener {
        private @Nullable AutoCloseable feed;
        private long upTo;

        @Override
        public void told(List<TimelineEntry> entries, long reached) {
            lock.lock();
            try {
                if (subscription == this) {
                    upTo = reached;
                    entries.forEach(this::hand);
                }
            } finally {
                lock.unlock();
            }
        }

        private void hand(TimelineEntry entry) {
            List<JobStream> readers = byJob.getOrDefault(entry.task().job(), List.of());
            for (JobStream reader : readers) {
                reader.offer(entry);
            }
        }

        @Override
        public void broken() {
            lock.lock();
            try {
                if (subscription == this) {
                    cutAll(new Refused(
                            Reason.UNAVAILABLE, "this node cannot read the history at the moment", JobStream.RESUME));
                    subscription = null;
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
