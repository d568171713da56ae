package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobCommand.DisputeJob;
import io.athanor.domain.job.JobCommand.EndJob;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobEvent.JobDisputed;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A client disputes what it paid for. */
class JobDisputeTest {
    private static final RoundId ROUND = new RoundId(4, RoundId.Kind.DELIVERY, 0, 0);
    private final Samples samples = new Samples(2);
    private final TaskId task = samples.task();
    private final Wallet client = samples.wallet();
    private final Authorization signed = samples.authorization(client);
    private final JobSpec spec = samples.spec();
    private final Lease lease = samples.lease(task.lease(1), spec);
    private final Receipt receipt = samples.receipt(lease.id(), Ending.COMPLETED, 5_000);
    private final SubmitJob submit = new SubmitJob(task, client, spec, signed, at(0));
    private final Scenario<Job, JobCommand, JobEvent> queued = Scenario.job().done(submit);
    private final Scenario<Job, JobCommand, JobEvent> assigned = queued.done(assign(lease));
    private final Scenario<Job, JobCommand, JobEvent> running = assigned.done(start(lease.id()));
    private final Scenario<Job, JobCommand, JobEvent> completed = running.done(end(receipt));
    private final Scenario<Job, JobCommand, JobEvent> verified = completed.done(assess(ROUND));
    private final Scenario<Job, JobCommand, JobEvent> settled = verified.done(new SettleJob(task, 4, at(9)));

    private AssignJob assign(Lease to) {
        return new AssignJob(task, Samples.decision(to), to, at(1));
    }

    private StartJob start(LeaseId id) {
        return new StartJob(task, id, "container-1", at(2));
    }

    private EndJob end(Receipt r) {
        return new EndJob(task, r, at(7_002));
    }

    private AssessJob assess(RoundId round) {
        return new AssessJob(task, assessment(round, 10), at(8_000));
    }

    private Assessment assessment(RoundId round, long cost) {
        Ath release = spec.capOfTask().minus(Ath.ofWei(cost));
        Ath fee = Ath.ofWei(cost / 5);
        return new Assessment(
                Outcome.DELIVERED,
                round,
                5_000,
                Ath.ofWei(cost),
                Ath.ofWei(cost).minus(fee),
                fee,
                release,
                Hash32.ZERO,
                1,
                false);
    }

    private DisputeJob dispute(Authorization by, long time) {
        return new DisputeJob(task, new CaseId(new UUID(1, 2)), 1_000, by, at(time));
    }

    @Test
    void theClientDisputesWhatItPaidForOnceInsideTheWindow() {
        settled.when(dispute(samples.authorization(samples.wallet()), 20)).refused(Reason.NOT_ALLOWED);
        settled.when(dispute(signed, 8_002)).refused(Reason.WINDOW_CLOSED, "until");
        verified.when(dispute(signed, 9)).refused(Reason.WRONG_STATE, "VERIFIED");
        completed.when(dispute(signed, 9)).refused(Reason.WRONG_STATE, "COMPLETED");
        var disputed = settled.when(dispute(signed, 8_001))
                .events(new JobDisputed(task, new CaseId(new UUID(1, 2)), signed, at(8_001)));
        disputed.when(dispute(signed, 8_001)).refused(Reason.WRONG_STATE, "disputed by case");
        assertThat(disputed.state().name()).isEqualTo("SETTLED");
    }

    @Test
    void whatCostNothingIsNotDisputed() {
        completed
                .done(new AssessJob(task, assessment(ROUND, 0), at(8_000)), new SettleJob(task, 4, at(9)))
                .when(dispute(signed, 20))
                .refused(Reason.INVALID_SPEC, "cost nothing");
    }
}
