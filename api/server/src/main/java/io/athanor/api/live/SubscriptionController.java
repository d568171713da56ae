package io.athanor.api.live;

import io.athanor.api.auth.Caller;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.view.TimelineEntry;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.SubscriptionMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * GraphQL's subscriptions. Each is pulled on a virtual thread of its own, one change at a time: a reader that does not
 * read holds up its own queue alone.
 */
@Controller
class SubscriptionController {
    private static final Scheduler PULLS = Schedulers.fromExecutorService(Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("job-changes-", 0).factory()));

    private final JobStreams streams;
    private final Reads reads;

    SubscriptionController(JobStreams streams, Reads reads) {
        this.streams = streams;
        this.reads = reads;
    }

    /** Refusals are the stream's error, in its one form, also before the first change. */
    @SubscriptionMapping
    Flux<TimelineEntry> jobChanges(@Argument String job, @Argument @Nullable Long after) {
        // The caller is known on this thread only; nothing is held before somebody really listens.
        Callable<JobFollower> begin;
        try {
            Caller.Account caller = Caller.current(Caller.Account.class);
            begin = () -> JobFollower.begin(streams, reads, id(job), caller, after == null ? 0 : after);
        } catch (Refused refused) {
            return Flux.error(refused);
        }
        return Flux.using(
                        begin,
                        follower -> Flux.<TimelineEntry>generate(sink -> pull(follower, sink)),
                        JobFollower::close)
                .subscribeOn(PULLS);
    }

    private static JobId id(String text) {
        try {
            return JobId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private static void pull(JobFollower follower, SynchronousSink<TimelineEntry> sink) {
        try {
            Optional<TimelineEntry> next = Optional.empty();
            while (next.isEmpty() && !follower.isOver()) {
                next = follower.next(JobEventsController.KEEP_ALIVE);
            }
            next.ifPresentOrElse(sink::next, sink::complete);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sink.complete();
        } catch (Refused cut) {
            sink.error(cut);
        }
    }
}
