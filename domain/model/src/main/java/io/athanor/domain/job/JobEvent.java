package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.placement.PlacementDecision;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened to one task. These are memos: money moves by account, pool and epoch events only. */
public sealed interface JobEvent extends Event {
    TaskId task();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.JOB, task());
    }

    record JobSubmitted(TaskId task, Wallet client, JobSpec spec, Authorization authorization, Instant at)
            implements JobEvent {}

    /** The hold stands; {@code held} is this task's part. */
    record JobFunded(TaskId task, Ath held, Instant at) implements JobEvent {}

    record PlacementDecided(TaskId task, PlacementDecision decision, Instant at) implements JobEvent {}

    record JobAssigned(TaskId task, Lease lease, Instant at) implements JobEvent {}

    record JobStarted(TaskId task, LeaseId lease, String container, Instant at) implements JobEvent {}

    record JobCancelRequested(TaskId task, String why, Authorization authorization, Instant at) implements JobEvent {}

    /**
     * The job may cost more from here on.
     *
     * @param cap of the whole job, in wei
     * @param added to this task's part of the hold
     * @param paidUntilMillis run time that the current lease is paid for now, 0 where there is none
     */
    record JobToppedUp(TaskId task, Ath cap, Ath added, long paidUntilMillis, Authorization authorization, Instant at)
            implements JobEvent {}

    record JobCompleted(TaskId task, Receipt receipt, Instant at) implements JobEvent {}

    /** Ended by the client's cause, or given up; {@code receipt} is null where no container ran. */
    record JobFailed(
            TaskId task,
            Ending ending,
            String detail,
            @Nullable Receipt receipt,
            Instant at) implements JobEvent {}

    record JobLost(
            TaskId task,
            LeaseId lease,
            Ending ending,
            String detail,
            @Nullable Receipt receipt,
            Instant at) implements JobEvent {}

    record JobRequeued(TaskId task, int nextFence, Instant at) implements JobEvent {}

    record JobCancelled(TaskId task, String why, @Nullable Receipt receipt, Instant at) implements JobEvent {}

    record JobExpired(TaskId task, String why, Instant at) implements JobEvent {}

    record SlaAssessed(TaskId task, Assessment assessment, Instant at) implements JobEvent {}

    /** The task's leaf in the epoch's batch is made of this event. */
    record JobSettled(
            TaskId task,
            long epoch,
            Wallet client,
            @Nullable Wallet provider,
            Assessment assessment,
            Instant at) implements JobEvent {}

    /** The client disputes what was delivered; the case decides. */
    record JobDisputed(TaskId task, CaseId penaltyCase, Authorization authorization, Instant at) implements JobEvent {}
}
