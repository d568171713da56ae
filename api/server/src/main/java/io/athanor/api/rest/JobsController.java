package io.athanor.api.rest;

import io.athanor.api.command.CancelJob;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.SubmitJob;
import io.athanor.api.command.TopUpJob;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.query.Queries.ExplainMachineNow;
import io.athanor.domain.query.Queries.ExplainPlacement;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.query.Queries.JobTimeline;
import io.athanor.domain.query.Queries.ListJobs;
import io.athanor.domain.query.Queries.ListUsage;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskUsageView;
import io.athanor.domain.view.TimelineEntry;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Jobs: order, look, explain, pay more, cancel. */
@RestController
@RequestMapping("/v1/jobs")
class JobsController {
    private final CommandDesk desk;
    private final Reads reads;

    JobsController(CommandDesk desk, Reads reads) {
        this.desk = desk;
        this.reads = reads;
    }

    /**
     * Why a task is where it is.
     *
     * @param decision the newest placement decision, null before the first
     * @param machine what the machine that was asked about says now, null where none was
     */
    record Why(
            TaskId task,
            @Nullable PlacementDecision decision,
            @Nullable String machine) {}

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted submit(@RequestBody SubmitJob body) {
        return desk.accept(body);
    }

    @PostMapping("/{id}/cancel")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted cancel(@PathVariable JobId id, @RequestBody CancelJob body) {
        Refused.unless(id.equals(body.jobId()), Reason.MALFORMED, "jobId is not the path's job");
        return desk.accept(body);
    }

    @PostMapping("/{id}/top-up")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted topUp(@PathVariable JobId id, @RequestBody TopUpJob body) {
        Refused.unless(id.equals(body.jobId()), Reason.MALFORMED, "jobId is not the path's job");
        return desk.accept(body);
    }

    @GetMapping
    Page<JobView> list(
            @RequestParam @Nullable Wallet client,
            @RequestParam @Nullable String state,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable Integer first) {
        return reads.page(new ListJobs(client, state, after, Reads.rows(first)), JobView.class);
    }

    @GetMapping("/{id}")
    JobView get(@PathVariable JobId id) {
        return reads.get(new FindJob(id), JobView.class, "job " + id);
    }

    @GetMapping("/{id}/timeline")
    Page<TimelineEntry> timeline(
            @PathVariable JobId id, @RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new JobTimeline(id, after, Reads.rows(first)), TimelineEntry.class);
    }

    /** What its containers used, as their machines last said; for its client. */
    @GetMapping("/{id}/usage")
    Page<TaskUsageView> usage(
            @PathVariable JobId id, @RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        Tasks.owned(reads, id);
        return reads.page(new ListUsage(id, after, Reads.rows(first)), TaskUsageView.class);
    }

    @GetMapping("/{id}/why")
    Why why(
            @PathVariable JobId id,
            @RequestParam(defaultValue = "0") int task,
            @RequestParam @Nullable MachineId machine) {
        JobView job = get(id);
        TaskId asked = Tasks.of(job, task).id();
        PlacementDecision decision =
                reads.find(new ExplainPlacement(asked), PlacementDecision.class).orElse(null);
        String now = machine == null ? null : reads.one(new ExplainMachineNow(machine, job.spec()), String.class);
        return new Why(asked, decision, now);
    }
}
