package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobCommand.CancelJob;
import io.athanor.domain.job.JobCommand.DeclineJob;
import io.athanor.domain.job.JobCommand.ExpireJob;
import io.athanor.domain.job.JobCommand.ExplainUnplaced;
import io.athanor.domain.job.JobCommand.LoseJob;
import io.athanor.domain.job.JobCommand.RequeueJob;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobExpired;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobRequeued;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobTest extends JobStages {
    private Receipt ending(Ending ending) {
        return samples.receipt(lease.id(), ending, 5_000);
    }

    private CancelJob cancel(Authorization authorization) {
        return new CancelJob(task, "no longer needed", authorization, at(3));
    }

    private LoseJob lose(LeaseId id) {
        return new LoseJob(task, id, Ending.MACHINE_OFFLINE, "8 s without contact", at(3));
    }

    private Lease leaseOfFence(int fence) {
        return samples.lease(task.lease(fence), spec);
    }

    @Test
    void aJobIsSubmittedAndFundedOnce() {
        var after = Scenario.job()
                .when(submit)
                .events(
                        new JobSubmitted(task, client, spec, signed, at(0)),
                        new JobFunded(task, spec.capOfTask(), at(0)));
        assertThat(after.state().name()).isEqualTo("QUEUED");
        after.when(submit).nothing();
        after.when(new SubmitJob(task, client, new SampleSpec().name("other").build(), signed, at(0)))
                .refused(Reason.ID_TAKEN);
        Scenario.job()
                .when(new SubmitJob(task, samples.wallet(), spec, signed, at(0)))
                .refused(Reason.NOT_ALLOWED);
    }

    @Test
    void aRepeatAfterTheEndIsRefusedSoThatNothingIsHeldForIt() {
        completed.when(submit).nothing();
        verified.when(submit).refused(Reason.ID_TAKEN, "over");
        settled.when(submit).refused(Reason.ID_TAKEN, "over");
    }

    @Test
    void nothingHappensToAJobThatDoesNotExist() {
        Scenario.job().when(cancel(signed)).refused(Reason.NOT_FOUND);
        Scenario.job().when(start(lease.id())).refused(Reason.STALE_FENCE);
        Scenario.job().when(assign(lease)).refused(Reason.WRONG_STATE);
    }

    @Test
    void anUnchangedExplanationIsKeptOnce() {
        PlacementDecision none = new PlacementDecision(null, 3, Map.of("PRICE", 3), List.of(), 5, 1, 7);
        PlacementDecision more = new PlacementDecision(null, 4, Map.of("PRICE", 4), List.of(), 6, 1, 8);
        PlacementDecision other = new PlacementDecision(null, 4, Map.of("PRICE", 3, "CPU", 1), List.of(), 6, 1, 8);
        var explained =
                queued.when(new ExplainUnplaced(task, none, at(1))).events(new PlacementDecided(task, none, at(1)));
        explained.when(new ExplainUnplaced(task, more, at(2))).nothing();
        explained.when(new ExplainUnplaced(task, other, at(2))).events(new PlacementDecided(task, other, at(2)));
        running.when(new ExplainUnplaced(task, none, at(2))).nothing();
    }

    @Test
    void aQueuedTaskIsAssignedOnce() {
        var after = queued.when(assign(lease))
                .events(
                        new PlacementDecided(task, Samples.decision(lease), at(1)),
                        new JobAssigned(task, lease, at(1)));
        assertThat(after.state().name()).isEqualTo("ASSIGNED");
        assertThat(after.state().leaseId()).isEqualTo(lease.id());
        after.when(assign(lease)).nothing();
        after.when(assign(leaseOfFence(1))).refused(Reason.WRONG_STATE);
        queued.when(assign(leaseOfFence(2))).refused(Reason.STALE_FENCE);
        Lease ofOtherTask = samples.lease(task.job().task(1).lease(1), spec);
        queued.when(assign(ofOtherTask)).refused(Reason.STALE_FENCE);
    }

    @Test
    void theOrderBoundsTheLease() {
        Lease dear = samples.lease(task.lease(1), spec, spec.maxPrice().plus(Ath.ofWei(1)));
        queued.when(assign(dear)).refused(Reason.WRONG_STATE, "order");
        Lease wide = samples.lease(task.lease(1), new SampleSpec().gpus(2).build());
        queued.when(assign(wide)).refused(Reason.WRONG_STATE, "order");
        queued.when(new AssignJob(task, Samples.decision(leaseOfFence(1)), lease, at(1)))
                .refused(Reason.WRONG_STATE, "order");
        Lease simulated = simulated(lease);
        JobSpec real = new SampleSpec().allowSimulated(false).build();
        Scenario.job()
                .done(new SubmitJob(task, client, real, signed, at(0)))
                .when(assign(simulated))
                .refused(Reason.WRONG_STATE, "order");
        queued.when(assign(simulated))
                .events(
                        new PlacementDecided(task, Samples.decision(simulated), at(1)),
                        new JobAssigned(task, simulated, at(1)));
    }

    private static Lease simulated(Lease l) {
        return new Lease(l.id(), l.machine(), l.provider(), l.gpus(), l.price(), l.startBy(), l.agreement(), true);
    }

    @Test
    void aLeaseStartsOneContainer() {
        var after = assigned.when(start(lease.id())).events(new JobStarted(task, lease.id(), "container-1", at(2)));
        assertThat(after.state().name()).isEqualTo("RUNNING");
        after.when(start(lease.id())).nothing();
        after.when(new StartJob(task, lease.id(), "container-2", at(2))).refused(Reason.WRONG_STATE);
        assigned.when(start(task.lease(2))).refused(Reason.STALE_FENCE);
        assigned.when(start(task.job().task(1).lease(1))).refused(Reason.STALE_FENCE);
    }

    @Test
    void oneReceiptIsTaken() {
        var after = running.when(end(receipt)).events(new JobCompleted(task, receipt, at(7_002)));
        assertThat(after.state().name()).isEqualTo("COMPLETED");
        after.when(end(receipt)).nothing();
        after.when(end(ending(Ending.EXIT_CODE))).refused(Reason.STALE_FENCE);
        running.when(end(samples.receipt(task.lease(2), Ending.COMPLETED, 1))).refused(Reason.STALE_FENCE);
        verified.when(end(receipt)).nothing();
        verified.when(end(samples.receipt(task.lease(2), Ending.COMPLETED, 1))).refused(Reason.STALE_FENCE);
    }

    @Test
    void whatTheClientCausedFails() {
        Receipt exit = ending(Ending.EXIT_CODE);
        var failed = running.when(end(exit))
                .events(new JobFailed(task, Ending.EXIT_CODE, "exit code " + exit.exitCode(), exit, at(7_002)));
        assertThat(failed.state().name()).isEqualTo("FAILED");
    }

    @Test
    void whatTheProviderCausedIsLostAndRunsElsewhere() {
        Receipt gone = ending(Ending.GPU_LOST);
        var lost = running.when(end(gone))
                .events(new JobLost(
                        task, lease.id(), Ending.GPU_LOST, "exit code " + gone.exitCode(), gone, at(7_002)));
        assertThat(lost.state().name()).isEqualTo("LOST");
        lost.when(end(gone)).nothing();
        var again = lost.when(new RequeueJob(task, 3, at(7_003))).events(new JobRequeued(task, 2, at(7_003)));
        again.when(new RequeueJob(task, 3, at(7_003))).nothing();
        again.when(end(receipt)).refused(Reason.STALE_FENCE);
        again.when(assign(lease)).refused(Reason.STALE_FENCE);
        Lease second = leaseOfFence(2);
        again.when(assign(second))
                .events(
                        new PlacementDecided(task, Samples.decision(second), at(1)),
                        new JobAssigned(task, second, at(1)));
    }

    @Test
    void aLeaseIsLostOnce() {
        var lost = running.when(lose(lease.id()))
                .events(new JobLost(task, lease.id(), Ending.MACHINE_OFFLINE, "8 s without contact", null, at(3)));
        lost.when(lose(lease.id())).nothing();
        running.when(lose(task.lease(2))).nothing();
        completed.when(lose(lease.id())).nothing();
    }

    @Test
    void theLastAttemptFails() {
        var lost = running.done(lose(lease.id()));
        lost.when(new RequeueJob(task, 1, at(4)))
                .events(new JobFailed(
                        task, Ending.MACHINE_OFFLINE, "lost on 1 machines; no further attempt", null, at(4)));
        lost.when(new RequeueJob(task, 2, at(4))).events(new JobRequeued(task, 2, at(4)));
    }

    @Test
    void theClientCancelsWhatWaitsAtOnce() {
        queued.when(cancel(signed))
                .events(
                        new JobCancelRequested(task, "no longer needed", signed, at(3)),
                        new JobCancelled(task, "no longer needed", null, at(3)));
        running.done(lose(lease.id()))
                .when(cancel(signed))
                .events(
                        new JobCancelRequested(task, "no longer needed", signed, at(3)),
                        new JobCancelled(task, "no longer needed", null, at(3)));
        queued.when(cancel(samples.authorization(samples.wallet()))).refused(Reason.NOT_ALLOWED);
    }

    @Test
    void theAgentStopsWhatRuns() {
        var cancelling =
                running.when(cancel(signed)).events(new JobCancelRequested(task, "no longer needed", signed, at(3)));
        cancelling.when(cancel(signed)).nothing();
        Receipt stopped = ending(Ending.CANCELLED);
        var cancelled = cancelling
                .when(end(stopped))
                .events(new JobCancelled(task, "stopped at the client's wish", stopped, at(7_002)));
        assertThat(cancelled.state().name()).isEqualTo("CANCELLED");
        cancelled.when(cancel(signed)).nothing();
        cancelling.when(end(receipt)).events(new JobCompleted(task, receipt, at(7_002)));
        completed.when(cancel(signed)).refused(Reason.WRONG_STATE);
    }

    @Test
    void aCancelledTaskWhoseMachineIsLostIsNotQueuedAgain() {
        running.done(cancel(signed), lose(lease.id()))
                .when(new RequeueJob(task, 3, at(5)))
                .events(new JobCancelled(task, "cancelled, and its machine was lost", null, at(5)));
    }

    @Test
    void aTaskThatWaitedTooLongExpires() {
        queued.when(new ExpireJob(task, "600 s in the queue", at(5)))
                .events(new JobExpired(task, "600 s in the queue", at(5)));
        running.when(new ExpireJob(task, "600 s in the queue", at(5))).nothing();
    }

    @Test
    void anEndedTaskIsAssessedOnceAndOnlyByARound() {
        completed.when(assess(ROUND)).events(new SlaAssessed(task, assessment(ROUND, 10), at(8_000)));
        completed.when(new AssessJob(task, unattested(10), at(1))).refused(Reason.WRONG_STATE, "round");
        running.when(assess(ROUND)).refused(Reason.WRONG_STATE);
        verified.when(assess(ROUND)).nothing();
        Assessment short1 = assessmentWithRelease(Ath.ZERO);
        completed.when(new AssessJob(task, short1, at(1))).refused(Reason.WRONG_STATE, "add up");
    }

    private Assessment unattested(long cost) {
        Assessment a = assessment(ROUND, cost);
        return new Assessment(
                a.outcome(),
                null,
                0,
                a.cost(),
                a.providerAmount(),
                a.protocolFee(),
                a.release(),
                a.resultDigest(),
                1,
                false);
    }

    private Assessment assessmentWithRelease(Ath release) {
        Assessment a = assessment(ROUND, 10);
        return new Assessment(
                a.outcome(),
                ROUND,
                0,
                a.cost(),
                a.providerAmount(),
                a.protocolFee(),
                release,
                a.resultDigest(),
                1,
                false);
    }

    @Test
    void whatNeverRanIsFree() {
        var cancelled = queued.done(cancel(signed));
        cancelled.when(new AssessJob(task, unattested(10), at(1))).refused(Reason.WRONG_STATE, "costs nothing");
        cancelled.when(new AssessJob(task, unattested(0), at(1))).events(new SlaAssessed(task, unattested(0), at(1)));
    }

    @Test
    void aVerifiedTaskIsSettledOnce() {
        verified.when(new SettleJob(task, 4, at(9)))
                .events(new JobSettled(task, 4, client, lease.provider(), assessment(ROUND, 10), at(9)));
        settled.when(new SettleJob(task, 4, at(9))).nothing();
        completed.when(new SettleJob(task, 4, at(9))).refused(Reason.WRONG_STATE);
        assertThat(settled.state().name()).isEqualTo("SETTLED");
    }

    /** A machine cannot make the client pay by a wish that the client never had. */
    @Test
    void aCancellationThatNobodyAskedForIsTheMachinesOwn() {
        Receipt stopped = ending(Ending.CANCELLED);
        String detail = "reported as CANCELLED, which did not happen";
        running.when(end(stopped))
                .events(new JobLost(task, lease.id(), Ending.REFUSED_BY_AGENT, detail, stopped, at(7_002)))
                .when(end(stopped))
                .nothing();
    }

    @Test
    void aDeadlineIsOverWhenItsTimeIs() {
        long limit = Billing.paidUntilMillis(spec, lease.price());
        Receipt early = samples.receipt(lease.id(), Ending.DEADLINE, limit - 1);
        String detail = "reported as DEADLINE, which did not happen";
        running.when(end(early))
                .events(new JobLost(task, lease.id(), Ending.REFUSED_BY_AGENT, detail, early, at(7_002)));
        Receipt due = samples.receipt(lease.id(), Ending.DEADLINE, limit);
        running.when(end(due))
                .events(new JobFailed(task, Ending.DEADLINE, "exit code " + due.exitCode(), due, at(7_002)));
    }

    private DeclineJob decline(Ending said) {
        return new DeclineJob(task, lease.id(), said, "no", at(3));
    }

    private JobLost lostAs(Ending ending) {
        return new JobLost(task, lease.id(), ending, "no", null, at(3));
    }

    @Test
    void aLeaseIsRefusedBeforeItsStartWhateverItIsCalled() {
        assigned.when(decline(Ending.START_FAILED)).events(lostAs(Ending.START_FAILED));
        assigned.when(decline(Ending.CANCELLED)).events(lostAs(Ending.REFUSED_BY_AGENT));
        assigned.when(decline(Ending.LEASE_EXPIRED)).events(lostAs(Ending.REFUSED_BY_AGENT));
        assigned.when(decline(Ending.MACHINE_OFFLINE)).events(lostAs(Ending.REFUSED_BY_AGENT));
    }

    @Test
    void whatRunsCannotBeRefusedAnyMore() {
        running.when(decline(Ending.REFUSED_BY_AGENT))
                .events(lostAs(Ending.CONTAINER_LOST))
                .when(decline(Ending.REFUSED_BY_AGENT))
                .nothing();
        completed.when(decline(Ending.REFUSED_BY_AGENT)).nothing();
    }

    @Test
    void aLeaseIsLostByProviderOrNetworkOnly() {
        for (Ending ending : Ending.values()) {
            LoseJob command = new LoseJob(task, lease.id(), ending, "gone", at(3));
            switch (ending.cause()) {
                case PROVIDER, NETWORK ->
                    running.when(command).events(new JobLost(task, lease.id(), ending, "gone", null, at(3)));
                case NONE, CLIENT -> running.when(command).refused(Reason.INVALID_SPEC, ending.name());
            }
        }
    }
}
