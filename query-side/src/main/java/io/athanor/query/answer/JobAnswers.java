package io.athanor.query.answer;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.query.Queries.ExplainPlacement;
import io.athanor.domain.query.Queries.FindDelivery;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.query.Queries.JobTimeline;
import io.athanor.domain.query.Queries.ListDeliveries;
import io.athanor.domain.query.Queries.ListJobs;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskView;
import io.athanor.domain.view.TimelineEntry;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import io.athanor.query.table.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Answers about jobs. */
final class JobAnswers {
    private static final Mapping<JobView> JOB = Mapping.of(JobView.class);
    private static final Mapping<TaskView> TASK = Mapping.of(TaskView.class);
    private static final Mapping<TimelineEntry> ENTRY = Mapping.of(TimelineEntry.class);
    private static final Mapping<Delivery> DELIVERY = Mapping.of(Delivery.class);
    private static final Mapping<Decision> DECISION = Mapping.of(Decision.class);

    private static final String JOBS = "SELECT j.*, s.spec, '[]'::jsonb AS tasks, j.opened AS cursor FROM view.job j"
            + " JOIN view.job_spec s ON s.id = j.id";

    private static final String DELIVERIES = "SELECT l.terms AS lease, s.spec, r.receipt, r.started_at, r.ended_at,"
            + " r.lease AS cursor FROM view.receipt r JOIN view.lease l ON l.id = r.lease"
            + " JOIN view.job_spec s ON s.id = split_part(r.lease, '.', 1)";

    private final Answers answers;

    JobAnswers(Answers answers) {
        this.answers = answers;
    }

    List<Answer<?>> all() {
        return List.of(
                Answer.find(FindJob.class, JobView.class, this::find),
                Answer.page(ListJobs.class, this::list),
                Answer.page(JobTimeline.class, this::timeline),
                Answer.find(ExplainPlacement.class, PlacementDecision.class, this::explain),
                Answer.find(FindDelivery.class, Delivery.class, this::delivery),
                Answer.page(ListDeliveries.class, this::deliveries));
    }

    private record Decision(PlacementDecision decision) {}

    private Optional<JobView> find(FindJob query) {
        return answers.snapshot(handle -> Answers.query(
                        handle, JOBS + " WHERE j.id = :id", Map.of("id", text(query.id())))
                .map(JOB)
                .findOne()
                .map(job -> withTasks(job, tasks(handle, job.id()))));
    }

    private static JobView withTasks(JobView job, List<TaskView> tasks) {
        return new JobView(
                job.id(),
                job.client(),
                job.state(),
                job.spec(),
                job.held(),
                job.cost(),
                job.submittedAt(),
                tasks,
                job.asOf());
    }

    private static List<TaskView> tasks(Handle handle, JobId job) {
        return handle.createQuery("SELECT t.*, r.receipt, a.assessment FROM view.task t"
                        + " LEFT JOIN view.receipt r ON r.lease = t.lease"
                        + " LEFT JOIN view.assessment a ON a.job = t.job AND a.task = t.task"
                        + " WHERE t.job = :job ORDER BY t.task")
                .bind("job", text(job))
                .map(TASK)
                .list();
    }

    /** Newest first. Lists of live states use the partial index, whose condition must stand in the statement. */
    private Page<JobView> list(ListJobs query) {
        StringBuilder sql = new StringBuilder(JOBS).append(" WHERE j.opened < :after");
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("after", Answers.number(query.after(), Long.MAX_VALUE));
        if (query.client() != null) {
            sql.append(" AND j.client = :client");
            parameters.put("client", query.client().toString());
        }
        if (query.state() != null) {
            sql.append(" AND j.state = :state").append("SETTLED".equals(query.state()) ? "" : " AND j.live");
            parameters.put("state", query.state());
        }
        sql.append(" ORDER BY j.opened DESC LIMIT :rows");
        return answers.page(JOB, sql.toString(), parameters, query.first());
    }

    private Page<TimelineEntry> timeline(JobTimeline query) {
        return answers.page(
                ENTRY,
                "SELECT *, global_index AS cursor FROM view.timeline WHERE job = :job AND global_index > :after"
                        + " ORDER BY global_index LIMIT :rows",
                Map.of("job", text(query.id()), "after", Answers.number(query.after(), 0)),
                query.first());
    }

    private Optional<PlacementDecision> explain(ExplainPlacement query) {
        TaskId task = query.task();
        return answers.find(
                        DECISION,
                        "SELECT decision FROM view.placement WHERE job = :job AND task = :task",
                        Map.of("job", text(task.job()), "task", task.index()))
                .map(Decision::decision);
    }

    private Optional<Delivery> delivery(FindDelivery query) {
        return answers.find(
                DELIVERY,
                DELIVERIES + " WHERE r.lease = :lease",
                Map.of("lease", query.lease().toString()));
    }

    private Page<Delivery> deliveries(ListDeliveries query) {
        int most = Limits.SHARD_SUBJECTS;
        Refused.unless(query.leases().size() <= most, Reason.MALFORMED, "at most " + most + " leases at once");
        String leases = query.leases().stream().map(LeaseId::toString).collect(Collectors.joining(","));
        return answers.rows(
                DELIVERY,
                DELIVERIES + " WHERE r.lease = ANY (string_to_array(:leases, ',')) ORDER BY r.lease LIMIT :rows",
                Map.of("leases", leases),
                most);
    }

    private static String text(JobId id) {
        return id.toString();
    }
}
