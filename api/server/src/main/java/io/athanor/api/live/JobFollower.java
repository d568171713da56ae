package io.athanor.api.live;

import io.athanor.api.auth.Caller;
import io.athanor.api.auth.Scope;
import io.athanor.api.web.Reads;
import io.athanor.codec.EventCatalogue;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.query.Queries.JobTimeline;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskView;
import io.athanor.domain.view.TimelineEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One reader's changes of a job: those above an index from the timeline, then those that come, each once and in order,
 * until all tasks are settled. Used by one thread at a time; closed by any.
 *
 * <p>Nothing falls between the two: the queue begins before the timeline is read, and the timeline is read until the
 * views stand where the queue began. What both have is told once, by its index.
 */
final class JobFollower implements AutoCloseable {
    /** How long a job that was just ordered, and views that are behind, are waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long LOOK_MILLIS = 50;
    private static final String SETTLED = "SETTLED";
    private static final String SETTLEMENT = EventCatalogue.nameOf(JobSettled.class);

    private final Reads reads;
    private final JobStream stream;
    private final Set<TaskId> unsettled;
    private final Deque<TimelineEntry> past = new ArrayDeque<>();
    private @Nullable String more;
    private boolean pastRead;
    private long last;

    private JobFollower(Reads reads, JobStream stream, long after) {
        this.reads = reads;
        this.stream = stream;
        this.last = after;
        this.more = Long.toString(after);
        // The job as the views have it now: a task that it shows settled was settled before the timeline's end.
        this.unsettled = job(reads, stream.job()).tasks().stream()
                .filter(task -> !task.state().equals(SETTLED))
                .map(TaskView::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /**
     * Begins for the caller, who must own the job. Error: {@link Refused} NOT_FOUND, NOT_ALLOWED, LIMIT_REACHED, or
     * UNAVAILABLE where the views do not reach the index in time.
     */
    static JobFollower begin(JobStreams streams, Reads reads, JobId id, Caller.Account caller, long after) {
        Refused.unless(after >= 0, Reason.MALFORMED, "the index must not be negative");
        Refused.unless(caller.scopes().contains(Scope.JOBS_READ), Reason.NOT_ALLOWED, "this key may not read jobs");
        JobView job = job(reads, id);
        Refused.unless(
                job.client().equals(caller.wallet()) || caller.operator(),
                Reason.NOT_ALLOWED,
                "this belongs to " + job.client());
        JobStream stream = streams.open(caller.wallet(), id);
        try {
            awaitViews(reads, id, Math.max(after, stream.since()));
            return new JobFollower(reads, stream, after);
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private static JobView job(Reads reads, JobId id) {
        return reads.get(new FindJob(id), JobView.class, "job " + id);
    }

    private static void awaitViews(Reads reads, JobId id, long least) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (page(reads, id, Long.toString(least), 1).asOf() < least) {
            Refused.unless(
                    System.nanoTime() < deadline, Reason.UNAVAILABLE, "the views do not show event " + least + " yet");
            pause();
        }
    }

    private static Page<TimelineEntry> page(Reads reads, JobId id, String after, int rows) {
        return reads.page(new JobTimeline(id, after, rows), TimelineEntry.class);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(Reason.UNAVAILABLE, "interrupted");
        }
    }

    /** Whether nothing comes any more: all of it is told and every task settled, or it is closed. */
    boolean isOver() {
        return stream.isClosed() || pastRead && past.isEmpty() && unsettled.isEmpty();
    }

    /** The next change, empty where none came in time. Error: {@link Refused} where the reader is cut off. */
    Optional<TimelineEntry> next(Duration patience) throws InterruptedException {
        if (past.isEmpty() && !pastRead) {
            readPast();
        }
        Optional<TimelineEntry> next = Optional.ofNullable(past.poll());
        if (next.isEmpty() && !isOver()) {
            next = fresh(patience);
        }
        next.ifPresent(this::tell);
        return next;
    }

    private void readPast() {
        while (past.isEmpty() && more != null) {
            Page<TimelineEntry> page = page(reads, stream.job(), more, Limits.PAGE_ROWS);
            past.addAll(page.items());
            more = page.next();
        }
        pastRead = more == null;
    }

    /** Out of the queue, without what the timeline had already. */
    private Optional<TimelineEntry> fresh(Duration patience) throws InterruptedException {
        Optional<TimelineEntry> entry = stream.next(patience);
        while (entry.isPresent() && entry.get().index() <= last) {
            entry = stream.next(patience);
        }
        return entry;
    }

    private void tell(TimelineEntry entry) {
        last = entry.index();
        if (entry.event().equals(SETTLEMENT)) {
            unsettled.remove(entry.task());
        }
    }

    @Override
    public void close() {
        stream.close();
    }
}
