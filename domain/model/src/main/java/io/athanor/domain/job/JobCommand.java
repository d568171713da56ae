package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.placement.PlacementDecision;
import java.time.Instant;

/** Orders to one task. */
public sealed interface JobCommand extends Command {
    TaskId task();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.JOB, task());
    }

    /** The commands that begin a stream. */
    sealed interface Create extends JobCommand {}

    /** Takes the signed order for one task, and its part of the hold. Sent in one unit of work with the hold. */
    record SubmitJob(TaskId task, Wallet client, JobSpec spec, Authorization authorization, Instant at)
            implements Create {}

    /** Keeps why no machine was found; the task stays queued. */
    record ExplainUnplaced(TaskId task, PlacementDecision decision, Instant at) implements JobCommand {}

    /** Gives the task to a machine. Sent in one unit of work with the reservation. */
    record AssignJob(TaskId task, PlacementDecision decision, Lease lease, Instant at) implements JobCommand {}

    record StartJob(TaskId task, LeaseId lease, String container, Instant at) implements JobCommand {}

    /** The agent's receipt: completes, fails, cancels or loses the task, by its {@link Ending}. */
    record EndJob(TaskId task, Receipt receipt, Instant at) implements JobCommand {}

    /** The lease is over without a receipt: machine offline, start deadline, a receipt that is forged. */
    record LoseJob(TaskId task, LeaseId lease, Ending ending, String detail, Instant at) implements JobCommand {}

    /**
     * The machine will not run the lease. Before its start that is a refusal; what runs cannot be refused any more, so later
     * its container is gone, whatever the machine calls it. That it went away is not its own to say.
     */
    record DeclineJob(TaskId task, LeaseId lease, Ending ending, String detail, Instant at) implements JobCommand {}

    /** Queues a lost task again, under the next fence; or fails it where the attempts are used up. */
    record RequeueJob(TaskId task, int maxAttempts, Instant at) implements JobCommand {}

    /** The client's wish; a queued task ends at once, a leased one when its agent has stopped it. */
    record CancelJob(TaskId task, String why, Authorization authorization, Instant at) implements JobCommand {}

    /** Raises the whole job's cap; sent for every task of the job, in one unit of work with the raised hold. */
    record TopUpJob(TaskId task, Ath cap, Authorization authorization, Instant at) implements JobCommand {}

    /** Gives up a task that was queued for too long. */
    record ExpireJob(TaskId task, String why, Instant at) implements JobCommand {}

    /** Judges the ended task; never without a finalised or excluded round where a container ran. */
    record AssessJob(TaskId task, Assessment assessment, Instant at) implements JobCommand {}

    /** Books the task in the epoch. */
    record SettleJob(TaskId task, long epoch, Instant at) implements JobCommand {}

    /**
     * The client says that what it paid for was not delivered. Sent in one unit of work with the deposit and the case.
     *
     * @param windowMillis after the task's end in which it may
     */
    record DisputeJob(TaskId task, CaseId penaltyCase, long windowMillis, Authorization authorization, Instant at)
            implements JobCommand {}

    /**
     * The contract refuted a match of this task: refused where the order that is in force covers it, since anybody may have
     * signed another one. It leaves no event; the order of cases that it is sent with does.
     *
     * @param price per GPU-second that was matched, in wei
     */
    record HoldAgainstOrder(TaskId task, Mismatch finding, Ath price, Instant at) implements JobCommand {}

    /** The part of the hold that one task owns. */
    static Ath holdOf(JobSpec spec) {
        return spec.capOfTask();
    }
}
