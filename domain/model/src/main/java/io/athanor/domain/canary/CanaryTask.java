package io.athanor.domain.canary;

import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a task's events say that grading a canary needs.
 *
 * @param lease the newest
 * @param receipt of the run that ended it
 * @param endedAt when that receipt was taken
 * @param assessment once it is settled
 */
public record CanaryTask(
        JobSubmitted submitted,
        @Nullable Lease lease,
        @Nullable Receipt receipt,
        @Nullable Instant endedAt,
        @Nullable Assessment assessment) {
    /** After one more event of the task; null before its first. */
    public static @Nullable CanaryTask after(@Nullable CanaryTask before, JobEvent event) {
        if (event instanceof JobSubmitted e) {
            return new CanaryTask(e, null, null, null, null);
        }
        return before == null ? null : before.evolve(event);
    }

    private CanaryTask evolve(JobEvent event) {
        return switch (event) {
            case JobAssigned e -> new CanaryTask(submitted, e.lease(), null, null, null);
            case JobCompleted e -> ended(e.receipt(), e.at());
            case JobFailed e -> ended(e.receipt(), e.at());
            case JobCancelled e -> ended(e.receipt(), e.at());
            case JobSettled e -> new CanaryTask(submitted, lease, receipt, endedAt, e.assessment());
            default -> this;
        };
    }

    private CanaryTask ended(@Nullable Receipt by, Instant at) {
        return new CanaryTask(submitted, lease, by, at, assessment);
    }

    /** Error: {@link Refused} unless this is the plant's settled task, ordered in its time. */
    public void require(CanaryPlan plan, int number, Instant startsAt, Instant endsAt, Hash32 blockHash) {
        Plant plant = plan.plants().get(number);
        Refused.unless(
                submitted.client().equals(plant.client()) && submitted.spec().equals(plant.spec()),
                Reason.INVALID_SPEC,
                submitted.task() + " is not what plant " + number + " was to order");
        Refused.unless(
                plan.isInTime(number, startsAt, endsAt, blockHash, submitted.at()),
                Reason.INVALID_SPEC,
                submitted.task() + " was not ordered at its time, "
                        + plan.orderAt(number, startsAt, endsAt, blockHash));
        Refused.unless(assessment != null, Reason.WRONG_STATE, submitted.task() + " is not settled yet");
    }

    /** What it cost, in wei. */
    public Ath cost() {
        return assessment == null ? Ath.ZERO : assessment.cost();
    }

    /** The round that judged it. */
    public @Nullable RoundId round() {
        return assessment == null ? null : assessment.round();
    }
}
