package io.athanor.query.view;

import io.athanor.codec.EventCatalogue;
import io.athanor.domain.common.Ath;
import io.athanor.domain.job.Assessment;
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
import io.athanor.domain.job.Promise;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.view.TimelineEntry;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A job's events in words, for people. The same event always reads the same. */
public final class Timeline {
    private Timeline() {}

    /** The line of a job's event; of any other event, and of one that could not be read, none. */
    public static Optional<TimelineEntry> of(Fact fact) {
        return fact.event() instanceof JobEvent event && fact.actor() != null
                ? Optional.of(entry(fact.index(), event, fact.actor()))
                : Optional.empty();
    }

    static TimelineEntry entry(long index, JobEvent event, String actor) {
        return new TimelineEntry(
                index, event.task(), EventCatalogue.nameOf(event.getClass()), actor, detail(event), event.at());
    }

    private static String detail(JobEvent event) {
        return switch (event) {
            case JobSubmitted e -> ordered(e.spec());
            case JobFunded e -> e.held().display() + " held";
            case PlacementDecided e -> decided(e.decision());
            case JobAssigned e ->
                "machine " + e.lease().machine() + " at " + e.lease().price().display() + " per GPU-second, start by "
                        + e.lease().startBy() + promised(e.lease());
            case JobStarted e -> "container " + e.container();
            case JobCancelRequested e -> e.why();
            case JobToppedUp e ->
                "may cost " + e.cap().display() + " now, " + e.added().display() + " more held for this task";
            case JobCompleted e -> ran(e.receipt());
            case JobFailed e -> e.ending() + ": " + e.detail();
            case JobLost e -> e.ending() + ": " + e.detail();
            case JobRequeued e -> "attempt " + e.nextFence();
            case JobCancelled e -> e.why();
            case JobExpired e -> e.why();
            case SlaAssessed e ->
                e.assessment().outcome() + ", " + e.assessment().billableMillis() + " ms billed, "
                        + e.assessment().cost().display() + credited(e.assessment());
            case JobDisputed e -> "case " + e.penaltyCase();
            case JobSettled e ->
                "epoch " + e.epoch() + ", " + e.assessment().cost().display();
        };
    }

    private static String ordered(JobSpec spec) {
        String model = spec.gpus().model() == null ? "" : " " + spec.gpus().model();
        return spec.name() + ": " + spec.gpus().count() + model + " GPU, at most "
                + spec.capOfTask().display();
    }

    private static String decided(PlacementDecision decision) {
        String among = " of " + decision.evaluated() + " machines";
        return decision.chosen() == null
                ? "none" + among + " fits: " + new TreeMap<>(decision.rejected())
                : "chose " + decision.chosen() + among;
    }

    private static String promised(Lease lease) {
        Promise promise = lease.agreement().promise();
        return promise == null
                ? ""
                : ", finish by " + lease.startBy().plusMillis(promise.finishMillis()) + " (terms of parameters "
                        + promise.parameters() + staked(promise.stake()) + ")";
    }

    private static String staked(@Nullable Ath stake) {
        return stake == null ? "" : ", " + stake.display() + " of stake behind it";
    }

    private static String credited(Assessment assessment) {
        return assessment.credited().stream()
                .map(credit -> ", " + credit.amount().display() + " back: " + credit.why())
                .collect(Collectors.joining());
    }

    private static String ran(Receipt receipt) {
        return "ran " + receipt.runMillis() + " ms, " + receipt.outputs().size() + " outputs";
    }
}
