package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobCommand.EndJob;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;

/** A task at each stage of its life, for tests of what may happen to it there. */
abstract class JobStages {
    static final RoundId ROUND = new RoundId(4, RoundId.Kind.DELIVERY, 0, 0);
    final Samples samples = new Samples(2);
    final TaskId task = samples.task();
    final Wallet client = samples.wallet();
    final Authorization signed = samples.authorization(client);
    final JobSpec spec = samples.spec();
    final Lease lease = samples.lease(task.lease(1), spec);
    final Receipt receipt = samples.receipt(lease.id(), Ending.COMPLETED, 5_000);
    final SubmitJob submit = new SubmitJob(task, client, spec, signed, at(0));
    final Scenario<Job, JobCommand, JobEvent> queued = Scenario.job().done(submit);
    final Scenario<Job, JobCommand, JobEvent> assigned = queued.done(assign(lease));
    final Scenario<Job, JobCommand, JobEvent> running = assigned.done(start(lease.id()));
    final Scenario<Job, JobCommand, JobEvent> completed = running.done(end(receipt));
    final Scenario<Job, JobCommand, JobEvent> verified = completed.done(assess(ROUND));
    final Scenario<Job, JobCommand, JobEvent> settled = verified.done(new SettleJob(task, 4, at(9)));

    AssignJob assign(Lease to) {
        return new AssignJob(task, Samples.decision(to), to, at(1));
    }

    StartJob start(LeaseId id) {
        return new StartJob(task, id, "container-1", at(2));
    }

    EndJob end(Receipt r) {
        return new EndJob(task, r, at(7_002));
    }

    AssessJob assess(RoundId round) {
        return new AssessJob(task, assessment(round, 10), at(8_000));
    }

    Assessment assessment(RoundId round, long cost) {
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
}
