package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobCommand.CancelJob;
import io.athanor.domain.job.JobCommand.DeclineJob;
import io.athanor.domain.job.JobCommand.DisputeJob;
import io.athanor.domain.job.JobCommand.EndJob;
import io.athanor.domain.job.JobCommand.ExpireJob;
import io.athanor.domain.job.JobCommand.ExplainUnplaced;
import io.athanor.domain.job.JobCommand.HoldAgainstOrder;
import io.athanor.domain.job.JobCommand.LoseJob;
import io.athanor.domain.job.JobCommand.RequeueJob;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobCommand.TopUpJob;
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
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task of a job: one lifecycle, one bill, one result.
 *
 * <pre>
 * None      -SubmitJob->  Queued
 * Queued    -AssignJob->  Leased(not started) -StartJob-> Leased(started)
 * Leased    -EndJob/LoseJob/DeclineJob-> Ended | Lost
 * Lost      -RequeueJob-> Queued (next fence) | Ended
 * Queued    -CancelJob/ExpireJob-> Ended (no container ran)
 * Queued | Leased | Lost -TopUpJob-> the same, with a higher cap
 * Ended     -AssessJob->  Verified -SettleJob-> Settled -DisputeJob-> Settled (once, by its client, in its window)
 * </pre>
 *
 * <p>Invariant: the fence only rises, at most one receipt is taken, and nothing leads from Ended to Settled around
 * Verified. A command for a lower fence is refused with {@link Reason#STALE_FENCE}; a repeat gives no event.
 */
public sealed interface Job extends State<Job, JobCommand, JobEvent> {
    /** The state before the first event. */
    static Job empty() {
        return new None();
    }

    /** The state's name for people and views. */
    String name();

    /** Before the first event. */
    record None() implements Job {
        @Override
        public String name() {
            return "NONE";
        }
    }

    /** Waiting for a machine. */
    record Queued(Order order, int fence, @Nullable String explained, Instant since) implements Job {
        @Override
        public String name() {
            return "QUEUED";
        }
    }

    /** A machine holds the lease; {@code startedAt} is null until its container runs. */
    record Leased(
            Order order,
            Lease lease,
            @Nullable Instant startedAt,
            @Nullable String container,
            boolean cancelling) implements Job {
        @Override
        public String name() {
            return startedAt == null ? "ASSIGNED" : "RUNNING";
        }
    }

    /** The lease ended by provider or network; to be queued again. */
    record Lost(Order order, Lease lease, Ending ending, boolean cancelling) implements Job {
        @Override
        public String name() {
            return "LOST";
        }
    }

    /** Over, not yet judged; {@code receipt} and {@code lease} are null where no container ran. */
    record Ended(
            Order order,
            Ending ending,
            @Nullable Lease lease,
            @Nullable Receipt receipt,
            @Nullable Instant startedAt,
            Instant endedAt)
            implements Job {
        @Override
        public String name() {
            return switch (ending) {
                case COMPLETED -> "COMPLETED";
                case CANCELLED -> "CANCELLED";
                default -> "FAILED";
            };
        }
    }

    /** Judged; the money moves when the epoch is settled. */
    record Verified(Order order, @Nullable Lease lease, Assessment assessment, Instant endedAt) implements Job {
        @Override
        public String name() {
            return "VERIFIED";
        }
    }

    /**
     * Booked; final.
     *
     * @param lease null where no container ran
     * @param dispute the case that the client opened over it, null where there is none
     */
    record Settled(
            Order order,
            long epoch,
            @Nullable Lease lease,
            Assessment assessment,
            Instant endedAt,
            @Nullable CaseId dispute)
            implements Job {
        @Override
        public String name() {
            return "SETTLED";
        }

        @Override
        public boolean isOver() {
            return true;
        }
    }

    /**
     * What was ordered, the same through the whole life but for a cap that is raised.
     *
     * @param spec with the cap in force
     * @param firstCap that was ordered; null where it was never raised
     */
    record Order(
            TaskId task,
            Wallet client,
            JobSpec spec,
            @Nullable Ath firstCap) {
        /** Whose cap was never raised. */
        public Order(TaskId task, Wallet client, JobSpec spec) {
            this(task, client, spec, null);
        }

        /** As the client signed it first. */
        JobSpec ordered() {
            return firstCap == null ? spec : spec.withCap(firstCap);
        }

        private Order raisedTo(Ath cap) {
            return new Order(task, client, spec.withCap(cap), ordered().cap());
        }
    }

    @Override
    default List<JobEvent> decide(JobCommand command) {
        return switch (command) {
            case SubmitJob c -> JobDecisions.submit(this, c);
            case ExplainUnplaced c -> JobDecisions.explain(this, c);
            case AssignJob c -> JobDecisions.assign(this, c);
            case StartJob c -> JobDecisions.start(this, c);
            case EndJob c -> JobDecisions.end(this, c);
            case LoseJob c -> JobDecisions.lose(this, c);
            case DeclineJob c -> JobDecisions.decline(this, c);
            case RequeueJob c -> JobDecisions.requeue(this, c);
            case CancelJob c -> JobDecisions.cancel(this, c);
            case TopUpJob c -> JobDecisions.topUp(this, c);
            case ExpireJob c -> JobDecisions.expire(this, c);
            case AssessJob c -> JobDecisions.assess(this, c);
            case SettleJob c -> JobDecisions.settle(this, c);
            case DisputeJob c -> JobDecisions.dispute(this, c);
            case HoldAgainstOrder c -> JobDecisions.holdAgainstOrder(this, c);
        };
    }

    /** Error: {@link IllegalStateException} where the history itself is broken. */
    @Override
    default Job evolve(JobEvent event) {
        return switch (event) {
            case JobSubmitted e -> new Queued(new Order(e.task(), e.client(), e.spec()), 1, null, e.at());
            case JobFunded e -> this;
            case PlacementDecided e ->
                this instanceof Queued q
                        ? new Queued(q.order, q.fence, e.decision().digest(), q.since)
                        : this;
            case JobAssigned e -> new Leased(order(), e.lease(), null, null, false);
            case JobStarted e -> {
                Leased l = as(Leased.class);
                yield new Leased(l.order, l.lease, e.at(), e.container(), l.cancelling);
            }
            case JobCancelRequested e ->
                this instanceof Leased l ? new Leased(l.order, l.lease, l.startedAt, l.container, true) : this;
            case JobToppedUp e -> toppedUp(e);
            case JobCompleted e -> ended(Ending.COMPLETED, e.receipt(), e.at());
            case JobFailed e -> ended(e.ending(), e.receipt(), e.at());
            case JobCancelled e -> ended(Ending.CANCELLED, e.receipt(), e.at());
            case JobExpired e -> ended(Ending.UNPLACEABLE, null, e.at());
            case JobLost e -> {
                Leased l = as(Leased.class);
                yield new Lost(l.order, l.lease, e.ending(), l.cancelling);
            }
            case JobRequeued e -> new Queued(order(), e.nextFence(), null, e.at());
            case SlaAssessed e -> {
                Ended ended = as(Ended.class);
                yield new Verified(ended.order, ended.lease, e.assessment(), ended.endedAt);
            }
            case JobSettled e -> {
                Verified v = as(Verified.class);
                yield new Settled(v.order, e.epoch(), v.lease, e.assessment(), v.endedAt, null);
            }
            case JobDisputed e -> {
                Settled s = as(Settled.class);
                yield new Settled(s.order, s.epoch, s.lease, s.assessment, s.endedAt, e.penaltyCase());
            }
        };
    }

    /** The order, in every state but the first. Error: {@link Refused} NOT_FOUND before it. */
    default Order order() {
        return switch (this) {
            case None n -> throw new Refused(Reason.NOT_FOUND, "the job does not exist");
            case Queued s -> s.order;
            case Leased s -> s.order;
            case Lost s -> s.order;
            case Ended s -> s.order;
            case Verified s -> s.order;
            case Settled s -> s.order;
        };
    }

    private Job toppedUp(JobToppedUp e) {
        Order raised = order().raisedTo(e.cap());
        return switch (this) {
            case Queued q -> new Queued(raised, q.fence, q.explained, q.since);
            case Leased l -> new Leased(raised, l.lease, l.startedAt, l.container, l.cancelling);
            case Lost l -> new Lost(raised, l.lease, l.ending, l.cancelling);
            default ->
                throw new IllegalStateException("history is broken: a task that is " + name() + " got a higher cap");
        };
    }

    private Ended ended(Ending ending, @Nullable Receipt receipt, Instant at) {
        if (this instanceof Leased l) {
            return new Ended(l.order, ending, l.lease, receipt, l.startedAt, at);
        }
        return new Ended(order(), ending, null, receipt, null, at);
    }

    private <S extends Job> S as(Class<S> state) {
        if (!state.isInstance(this)) {
            throw new IllegalStateException("history is broken: expected " + state.getSimpleName() + ", is " + name());
        }
        return state.cast(this);
    }

    /** The running lease's id, or null. */
    default @Nullable LeaseId leaseId() {
        return this instanceof Leased l ? l.lease.id() : null;
    }
}
