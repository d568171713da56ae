package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.job.Job.Ended;
import io.athanor.domain.job.Job.Leased;
import io.athanor.domain.job.Job.Lost;
import io.athanor.domain.job.Job.None;
import io.athanor.domain.job.Job.Queued;
import io.athanor.domain.job.Job.Settled;
import io.athanor.domain.job.Job.Verified;
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

/** What a task's commands do in each state; see {@link Job} for the transition table. */
final class JobDecisions {
    private JobDecisions() {}

    static List<JobEvent> submit(Job state, SubmitJob c) {
        c.authorization().requireFor(c.client());
        if (!(state instanceof None)) {
            boolean same = state.order().client().equals(c.client())
                    && state.order().ordered().equals(c.spec());
            Refused.unless(same, Reason.ID_TAKEN, "job " + c.task().job() + " exists with other content");
            // Its hold may be settled already, and the repeat's HoldFunds beside this would hold again for nothing.
            boolean over = state instanceof Verified || state instanceof Settled;
            Refused.unless(!over, Reason.ID_TAKEN, "job " + c.task().job() + " is over");
            return List.of();
        }
        return List.of(
                new JobSubmitted(c.task(), c.client(), c.spec(), c.authorization(), c.at()),
                new JobFunded(c.task(), JobCommand.holdOf(c.spec()), c.at()));
    }

    static List<JobEvent> explain(Job state, ExplainUnplaced c) {
        boolean news = state instanceof Queued q && !c.decision().digest().equals(q.explained());
        return news ? List.of(new PlacementDecided(c.task(), c.decision(), c.at())) : List.of();
    }

    static List<JobEvent> assign(Job state, AssignJob c) {
        if (state instanceof Leased l && l.lease().id().equals(c.lease().id())) {
            Refused.unless(l.lease().equals(c.lease()), Reason.WRONG_STATE, c.task() + " is leased otherwise");
            return List.of();
        }
        Queued queued = inState(Queued.class, state, c);
        requireFence(c.lease().id(), c.task().lease(queued.fence()));
        requireTerms(queued.order().spec(), c);
        return List.of(
                new PlacementDecided(c.task(), c.decision(), c.at()), new JobAssigned(c.task(), c.lease(), c.at()));
    }

    /** What the client signed bounds the lease, whoever placed it. */
    private static void requireTerms(JobSpec spec, AssignJob c) {
        Lease lease = c.lease();
        boolean fits = spec.maxPrice().covers(lease.price())
                && lease.gpus().size() == spec.gpus().count()
                && (spec.gpus().allowSimulated() || !lease.simulated())
                && lease.machine().equals(c.decision().chosen());
        Refused.unless(fits, Reason.WRONG_STATE, "the lease is not within the order of " + c.task());
    }

    static List<JobEvent> start(Job state, StartJob c) {
        Leased leased = leased(state, c.lease(), c);
        if (leased.startedAt() != null) {
            Refused.unless(
                    c.container().equals(leased.container()),
                    Reason.WRONG_STATE,
                    c.lease() + " already runs in container " + leased.container());
            return List.of();
        }
        return List.of(new JobStarted(c.task(), c.lease(), c.container(), c.at()));
    }

    static List<JobEvent> end(Job state, EndJob c) {
        if (alreadyEnded(state, c.receipt())) {
            return List.of();
        }
        Leased leased = leased(state, c.receipt().lease(), c);
        Ending ending = c.receipt().ending();
        if (isUnfounded(leased, c.receipt())) {
            String detail = "reported as " + ending + ", which did not happen";
            return List.of(
                    new JobLost(c.task(), c.receipt().lease(), Ending.REFUSED_BY_AGENT, detail, c.receipt(), c.at()));
        }
        if (ending == Ending.COMPLETED) {
            return List.of(new JobCompleted(c.task(), c.receipt(), c.at()));
        }
        if (leased.cancelling() || ending == Ending.CANCELLED) {
            return List.of(new JobCancelled(c.task(), "stopped at the client's wish", c.receipt(), c.at()));
        }
        if (ending.retryable()) {
            return List.of(
                    new JobLost(c.task(), c.receipt().lease(), ending, detail(c.receipt()), c.receipt(), c.at()));
        }
        return List.of(new JobFailed(c.task(), ending, detail(c.receipt()), c.receipt(), c.at()));
    }

    private static String detail(Receipt receipt) {
        return receipt.exitCode() == null
                ? "no process ran to its end; the task's log has the machine's words"
                : "exit code " + receipt.exitCode();
    }

    /** A client pays for a wish of its own and for time that is over; neither is taken from the machine's word alone. */
    private static boolean isUnfounded(Leased leased, Receipt receipt) {
        return switch (receipt.ending()) {
            case CANCELLED -> !leased.cancelling();
            case DEADLINE -> receipt.runMillis() < leastPaid(leased);
            default -> false;
        };
    }

    /** A machine that did not hear of a higher cap in time stops where its lease first said. */
    private static long leastPaid(Leased leased) {
        long now = Billing.paidUntilMillis(leased.order().spec(), leased.lease().price());
        Promise promise = leased.lease().agreement().promise();
        return promise == null ? now : Math.min(now, promise.finishMillis());
    }

    private static boolean alreadyEnded(Job state, Receipt receipt) {
        return state instanceof Ended e && receipt.equals(e.receipt())
                || state instanceof Lost l && l.lease().id().equals(receipt.lease())
                || state instanceof Verified v
                        && v.lease() != null
                        && v.lease().id().equals(receipt.lease())
                || state instanceof Settled;
    }

    static List<JobEvent> lose(Job state, LoseJob c) {
        Refused.unless(
                c.ending().cause() == Ending.Cause.PROVIDER || c.ending().cause() == Ending.Cause.NETWORK,
                Reason.INVALID_SPEC,
                "a lease is not lost by " + c.ending());
        if (state instanceof Leased l && l.lease().id().equals(c.lease())) {
            return List.of(new JobLost(c.task(), c.lease(), c.ending(), c.detail(), null, c.at()));
        }
        return List.of();
    }

    static List<JobEvent> decline(Job state, DeclineJob c) {
        Ending ending = state instanceof Leased l && l.startedAt() != null
                ? Ending.CONTAINER_LOST
                : isOwnRefusal(c.ending()) ? c.ending() : Ending.REFUSED_BY_AGENT;
        return lose(state, new LoseJob(c.task(), c.lease(), ending, c.detail(), c.at()));
    }

    private static boolean isOwnRefusal(Ending said) {
        return said.cause() == Ending.Cause.PROVIDER && said != Ending.MACHINE_OFFLINE;
    }

    static List<JobEvent> requeue(Job state, RequeueJob c) {
        if (!(state instanceof Lost lost)) {
            return List.of();
        }
        int fence = lost.lease().id().fence();
        if (lost.cancelling()) {
            return List.of(new JobCancelled(c.task(), "cancelled, and its machine was lost", null, c.at()));
        }
        if (fence >= c.maxAttempts()) {
            return List.of(new JobFailed(
                    c.task(), lost.ending(), "lost on " + fence + " machines; no further attempt", null, c.at()));
        }
        return List.of(new JobRequeued(c.task(), fence + 1, c.at()));
    }

    static List<JobEvent> cancel(Job state, CancelJob c) {
        Refused.unless(
                state.order().client().equals(c.authorization().wallet()),
                Reason.NOT_ALLOWED,
                "only the job's client cancels it");
        return switch (state) {
            case Queued q -> cancelAtOnce(c);
            case Lost l -> cancelAtOnce(c);
            case Leased l ->
                l.cancelling()
                        ? List.of()
                        : List.of(new JobCancelRequested(c.task(), c.why(), c.authorization(), c.at()));
            case Ended e when e.ending() == Ending.CANCELLED -> List.of();
            default -> throw new Refused(Reason.WRONG_STATE, c.task() + " is " + state.name());
        };
    }

    /** The request is kept although nothing waits for it: it carries the client's signature. */
    private static List<JobEvent> cancelAtOnce(CancelJob c) {
        return List.of(
                new JobCancelRequested(c.task(), c.why(), c.authorization(), c.at()),
                new JobCancelled(c.task(), c.why(), null, c.at()));
    }

    static List<JobEvent> topUp(Job state, TopUpJob c) {
        c.authorization().requireFor(state.order().client());
        JobSpec spec = state.order().spec();
        boolean open = state instanceof Queued || state instanceof Leased || state instanceof Lost;
        Refused.unless(open, Reason.WRONG_STATE, c.task() + " is " + state.name());
        if (spec.cap().equals(c.cap())) {
            return List.of();
        }
        JobSpec raised = spec.withCap(c.cap());
        Refused.unless(
                c.cap().covers(spec.cap()) && !raised.capOfTask().equals(spec.capOfTask()),
                Reason.CAP_TOO_LOW,
                "the cap is " + spec.cap().display() + " and is only raised, by at least one wei a task");
        Ath added = raised.capOfTask().minus(spec.capOfTask());
        long paid = state instanceof Leased l ? morePaid(l, raised) : 0;
        return List.of(new JobToppedUp(c.task(), c.cap(), added, paid, c.authorization(), c.at()));
    }

    private static long morePaid(Leased leased, JobSpec raised) {
        long paid = Billing.paidUntilMillis(raised, leased.lease().price());
        boolean more = paid
                > Billing.paidUntilMillis(leased.order().spec(), leased.lease().price());
        Refused.unless(more, Reason.WRONG_STATE, leased.order().task() + " is paid for its longest run already");
        return paid;
    }

    static List<JobEvent> expire(Job state, ExpireJob c) {
        return state instanceof Queued ? List.of(new JobExpired(c.task(), c.why(), c.at())) : List.of();
    }

    static List<JobEvent> assess(Job state, AssessJob c) {
        if (state instanceof Verified || state instanceof Settled) {
            return List.of();
        }
        Ended ended = inState(Ended.class, state, c);
        Refused.unless(
                ended.receipt() == null || c.assessment().round() != null,
                Reason.WRONG_STATE,
                c.task() + " ran in a container and needs a closed round");
        Refused.unless(
                ended.receipt() != null || c.assessment().cost().isZero(),
                Reason.WRONG_STATE,
                c.task() + " ran in no container and costs nothing");
        Refused.unless(
                ended.order()
                        .spec()
                        .capOfTask()
                        .equals(c.assessment().cost().plus(c.assessment().release())),
                Reason.WRONG_STATE,
                "cost and release must add up to the task's cap");
        return List.of(new SlaAssessed(c.task(), c.assessment(), c.at()));
    }

    static List<JobEvent> settle(Job state, SettleJob c) {
        if (state instanceof Settled) {
            return List.of();
        }
        Verified verified = inState(Verified.class, state, c);
        var lease = verified.lease();
        return List.of(new JobSettled(
                c.task(),
                c.epoch(),
                verified.order().client(),
                lease == null ? null : lease.provider(),
                verified.assessment(),
                c.at()));
    }

    static List<JobEvent> dispute(Job state, DisputeJob c) {
        c.authorization().requireBy(state.order().client());
        Settled settled = inState(Settled.class, state, c);
        Refused.unless(
                settled.dispute() == null, Reason.WRONG_STATE, c.task() + " is disputed by case " + settled.dispute());
        Refused.unless(
                settled.lease() != null && !settled.assessment().cost().isZero(),
                Reason.INVALID_SPEC,
                c.task() + " cost nothing, so there is nothing to give back");
        Instant until = settled.endedAt().plusMillis(c.windowMillis());
        Refused.unless(c.at().isBefore(until), Reason.WINDOW_CLOSED, c.task() + " could be disputed until " + until);
        return List.of(new JobDisputed(c.task(), c.penaltyCase(), c.authorization(), c.at()));
    }

    /** A task that was never ordered is in no batch rightly. */
    static List<JobEvent> holdAgainstOrder(Job state, HoldAgainstOrder c) {
        boolean born =
                state instanceof Job.None || c.finding().bornBy(state.order().spec(), c.task(), c.price());
        Refused.unless(born, Reason.WRONG_STATE, "the order in force covers the match of " + c.task());
        return List.of();
    }

    private static Leased leased(Job state, LeaseId lease, JobCommand c) {
        if (state instanceof Leased l) {
            requireFence(lease, l.lease().id());
            return l;
        }
        throw new Refused(Reason.STALE_FENCE, lease + " is over; " + c.task() + " is " + state.name());
    }

    private static void requireFence(LeaseId lease, LeaseId current) {
        Refused.unless(lease.equals(current), Reason.STALE_FENCE, lease + " is not the current lease " + current);
    }

    private static <S extends Job> S inState(Class<S> wanted, Job state, JobCommand c) {
        Refused.unless(wanted.isInstance(state), Reason.WRONG_STATE, c.task() + " is " + state.name());
        return wanted.cast(state);
    }
}
