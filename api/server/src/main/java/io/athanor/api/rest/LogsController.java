package io.athanor.api.rest;

import io.athanor.api.web.Reads;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.LogStore;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Logs of a job's tasks, by byte offset: as plain bytes, or followed as server-sent events. A log belongs to a lease; a
 * task that moved to another machine begins a new one, and the old one stays readable.
 */
@RestController
@RequestMapping("/v1/jobs/{id}/logs")
class LogsController {
    static final String NEXT_OFFSET = "Athanor-Next-Offset";
    static final String LEASE = "Athanor-Lease";
    private static final String MAX_BYTES = "" + Limits.LOG_CHUNK_BYTES;

    private final Reads reads;
    private final LogStore logs;

    LogsController(Reads reads, LogStore logs) {
        this.reads = reads;
        this.logs = logs;
    }

    @GetMapping(produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<byte[]> read(
            @PathVariable JobId id,
            @RequestParam(defaultValue = "0") int task,
            @RequestParam @Nullable LeaseId lease,
            @RequestParam(defaultValue = "0") long offset,
            @RequestParam(defaultValue = MAX_BYTES) int limit)
            throws IOException {
        requireRange(offset, limit);
        LeaseId of = lease(Tasks.owned(reads, id), task, lease);
        byte[] bytes = logs.read(of, offset, limit);
        return ResponseEntity.ok()
                .header(NEXT_OFFSET, Long.toString(offset + bytes.length))
                .header(LEASE, of.toString())
                .contentType(MediaType.TEXT_PLAIN)
                .body(bytes);
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void follow(
            @PathVariable JobId id,
            @RequestParam(defaultValue = "0") int task,
            @RequestParam @Nullable LeaseId lease,
            @RequestParam(defaultValue = "0") long offset,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last,
            HttpServletResponse response)
            throws IOException {
        JobView job = Tasks.owned(reads, id);
        LogFollower.Position from = last == null
                ? new LogFollower.Position(lease == null ? Tasks.of(job, task).lease() : lease, offset)
                : LogFollower.Position.parse(last);
        LeaseId named = from.lease();
        Refused.unless(
                from.offset() >= 0 && (named == null || named.task().equals(id.task(task))),
                Reason.MALFORMED,
                "the position is not of this task");
        new LogFollower(reads, logs, id.task(task)).write(from, response);
    }

    private static LeaseId lease(JobView job, int index, @Nullable LeaseId asked) {
        TaskView task = Tasks.of(job, index);
        LeaseId lease = asked == null ? task.lease() : asked;
        if (lease == null) {
            throw new Refused(Reason.NOT_FOUND, "task " + task.id() + " has no log yet: it is " + task.state());
        }
        Refused.unless(lease.task().equals(task.id()), Reason.NOT_FOUND, lease + " is not of " + task.id());
        return lease;
    }

    private static void requireRange(long offset, int limit) {
        Refused.unless(offset >= 0, Reason.MALFORMED, "offset must not be negative");
        Refused.unless(
                limit >= 1 && limit <= Limits.LOG_CHUNK_BYTES,
                Reason.MALFORMED,
                "limit must lie in 1.." + Limits.LOG_CHUNK_BYTES);
    }
}
