package io.athanor.api.rest;

import io.athanor.api.auth.Caller;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.util.Set;

/** Looking up a job's tasks for their owner. */
final class Tasks {
    private static final Set<String> LIVE = Set.of("QUEUED", "ASSIGNED", "RUNNING", "LOST");

    private Tasks() {}

    /** Error: {@link Refused} NOT_FOUND. */
    static TaskView of(JobView job, int index) {
        return job.tasks().stream()
                .filter(task -> task.id().index() == index)
                .findFirst()
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "job " + job.id() + " has no task " + index));
    }

    /** The caller's own job. Error: {@link Refused} NOT_FOUND or NOT_ALLOWED. */
    static JobView owned(Reads reads, JobId id) {
        JobView job = reads.get(new FindJob(id), JobView.class, "job " + id);
        Caller.owning(job.client());
        return job;
    }

    /** Whether its log may still grow. */
    static boolean isLive(TaskView task) {
        return LIVE.contains(task.state());
    }
}
