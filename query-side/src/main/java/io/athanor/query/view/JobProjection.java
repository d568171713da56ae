package io.athanor.query.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobDisputed;
import io.athanor.domain.job.JobEvent.JobExpired;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobRequeued;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.view.TimelineEntry;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs, their tasks, leases, receipts, assessments, newest placement decisions and timeline. */
public final class JobProjection implements Projection {
    private static final Table<JobRow> JOB = Table.of("job", JobRow.class, "id");
    private static final Table<SpecRow> SPEC = Table.of("job_spec", SpecRow.class, "id");
    private static final Table<TaskRow> TASK = Table.of("task", TaskRow.class, "id");
    private static final Table<LeaseRow> LEASE = Table.of("lease", LeaseRow.class, "id");
    private static final Table<ReceiptRow> RECEIPT = Table.of("receipt", ReceiptRow.class, "lease");
    private static final Table<AssessmentRow> ASSESSMENT = Table.of("assessment", AssessmentRow.class, "task");
    private static final Table<PlacementRow> PLACEMENT = Table.of("placement", PlacementRow.class, "task");
    private static final Table<TimelineEntry> TIMELINE = Table.of("timeline", TimelineEntry.class, "index");

    private record SpecRow(JobId id, JobSpec spec) {}

    private record LeaseRow(LeaseId id, Lease terms) {}

    private record ReceiptRow(LeaseId lease, Receipt receipt, Instant startedAt, Instant endedAt) {}

    private record AssessmentRow(TaskId task, Assessment assessment) {}

    private record PlacementRow(TaskId task, PlacementDecision decision) {}

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(JOB, SPEC, TASK, LEASE, RECEIPT, ASSESSMENT, PLACEMENT, TIMELINE);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return JobEvent.class.isAssignableFrom(type);
    }

    @Override
    public void declare(Event event, Keys keys) {
        TaskId task = ((JobEvent) event).task();
        keys.add(JOB, task.job());
        keys.add(TASK, task);
        if (event instanceof JobToppedUp) {
            keys.add(SPEC, task.job());
        }
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        JobEvent event = (JobEvent) fact.readable();
        long index = fact.index();
        switch (event) {
            case JobSubmitted e -> submitted(e, index, rows);
            case JobFunded e -> {
                JobRow job = rows.get(JOB, e.task().job());
                rows.put(JOB, job.withMoney(job.held().plus(e.held()), job.cost()));
            }
            case PlacementDecided e -> rows.put(PLACEMENT, new PlacementRow(e.task(), e.decision()));
            case JobAssigned e -> {
                rows.add(LEASE, new LeaseRow(e.lease().id(), e.lease()));
                move(task(e, rows).assigned(e.lease()), index, rows);
            }
            case JobStarted e -> move(task(e, rows).started(e.container(), e.at()), index, rows);
            case JobCancelRequested e -> rows.get(TASK, e.task());
            case JobToppedUp e -> {
                rows.get(TASK, e.task());
                JobRow job = rows.get(JOB, e.task().job());
                rows.put(JOB, job.withMoney(job.held().plus(e.added()), job.cost()));
                SpecRow spec = rows.get(SPEC, e.task().job());
                rows.put(SPEC, new SpecRow(spec.id(), spec.spec().withCap(e.cap())));
            }
            case JobCompleted e ->
                ended(e, JobState.COMPLETED, Ending.COMPLETED, "exit code 0", e.receipt(), index, rows);
            case JobFailed e -> ended(e, JobState.ended(e.ending()), e.ending(), e.detail(), e.receipt(), index, rows);
            case JobLost e -> ended(e, JobState.LOST, e.ending(), e.detail(), e.receipt(), index, rows);
            case JobRequeued e -> {
                rows.get(TASK, e.task());
                move(TaskRow.queued(e.task()), index, rows);
            }
            case JobCancelled e -> ended(e, JobState.CANCELLED, Ending.CANCELLED, e.why(), e.receipt(), index, rows);
            case JobExpired e -> ended(e, JobState.FAILED, Ending.UNPLACEABLE, e.why(), null, index, rows);
            case SlaAssessed e -> {
                rows.add(ASSESSMENT, new AssessmentRow(e.task(), e.assessment()));
                move(
                        task(e, rows)
                                .verified(e.assessment().cost(), e.assessment().simulated()),
                        index,
                        rows);
            }
            case JobSettled e -> settled(e, index, rows);
            case JobDisputed e -> {
                // A line of the timeline; the case has its own file.
            }
        }
        seen(event, index, rows);
        rows.add(TIMELINE, Timeline.entry(index, event, fact.by()));
    }

    private static TaskRow task(JobEvent event, Rows rows) {
        return rows.get(TASK, event.task());
    }

    /** The first task of a job brings the job along. */
    private static void submitted(JobSubmitted e, long index, Rows rows) {
        JobId id = e.task().job();
        if (rows.find(JOB, id) == null) {
            rows.put(
                    JOB,
                    new JobRow(id, e.client(), JobState.QUEUED, Ath.ZERO, Ath.ZERO, e.at(), index, Map.of(), index));
            rows.add(SPEC, new SpecRow(id, e.spec()));
        }
        move(TaskRow.queued(e.task()), index, rows);
    }

    /** Writes the task and moves it from its old to its new state in the job's count. */
    private static void move(TaskRow to, long index, Rows rows) {
        TaskRow before = rows.find(TASK, to.id());
        rows.put(TASK, to);
        JobRow job = rows.get(JOB, to.id().job());
        rows.put(JOB, job.moved(before == null ? null : before.state(), to.state(), index));
    }

    private static void ended(
            JobEvent event,
            JobState to,
            Ending ending,
            String detail,
            @Nullable Receipt receipt,
            long index,
            Rows rows) {
        TaskRow task = task(event, rows);
        if (receipt != null) {
            // A container whose start was never reported ran for no time by this side's clock.
            Instant started = task.startedAt() == null ? event.at() : task.startedAt();
            rows.add(RECEIPT, new ReceiptRow(receipt.lease(), receipt, started, event.at()));
        }
        move(task.ended(to, ending, detail, event.at()), index, rows);
    }

    private static void settled(JobSettled e, long index, Rows rows) {
        move(task(e, rows).settled(e.epoch()), index, rows);
        JobRow job = rows.get(JOB, e.task().job());
        Ath cost = e.assessment().cost();
        Ath held = job.held().minus(cost.plus(e.assessment().release()));
        rows.put(JOB, job.withMoney(held, job.cost().plus(cost)));
    }

    private static void seen(JobEvent event, long index, Rows rows) {
        JobRow job = rows.get(JOB, event.task().job());
        if (index > job.asOf()) {
            rows.put(JOB, job.seen(index));
        }
    }
}
