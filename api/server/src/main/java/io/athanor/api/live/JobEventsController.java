package io.athanor.api.live;

import io.athanor.api.auth.Caller;
import io.athanor.api.web.Problems;
import io.athanor.api.web.Reads;
import io.athanor.api.web.ServerSentEvents;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.view.TimelineEntry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A job's changes as server-sent events until its tasks are settled.
 *
 * <p>Events: {@code change} with a line of the timeline and its index as id, {@code end} {state} after the last, and
 * {@code cut} with the problem where the reader is cut off. {@code Last-Event-ID} goes on behind that index.
 */
@RestController
class JobEventsController {
    static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final JobStreams streams;
    private final Reads reads;

    JobEventsController(JobStreams streams, Reads reads) {
        this.streams = streams;
        this.reads = reads;
    }

    private record End(String state) {}

    /** @param after as {@code Last-Event-ID}, for a reader that cannot set headers; the header counts where both are sent */
    @GetMapping(path = "/v1/jobs/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void follow(
            @PathVariable JobId id,
            @RequestParam(defaultValue = "0") long after,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last,
            HttpServletResponse response)
            throws IOException {
        long from = last == null ? after : index(last);
        Caller.Account caller = Caller.current(Caller.Account.class);
        try (JobFollower follower = JobFollower.begin(streams, reads, id, caller, from)) {
            write(follower, ServerSentEvents.begin(response));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long index(String last) {
        try {
            return Long.parseLong(last);
        } catch (NumberFormatException e) {
            throw new Refused(Reason.MALFORMED, "Last-Event-ID: not the id of a change");
        }
    }

    private static void write(JobFollower follower, ServerSentEvents out) throws IOException, InterruptedException {
        try {
            while (!follower.isOver()) {
                Optional<TimelineEntry> entry = follower.next(KEEP_ALIVE);
                if (entry.isPresent()) {
                    out.send("change", Long.toString(entry.get().index()), entry.get());
                } else if (!follower.isOver()) {
                    out.keepAlive();
                }
            }
            out.send("end", null, new End("SETTLED"));
        } catch (Refused cut) {
            out.send("cut", null, Problems.of(cut));
        }
    }
}
