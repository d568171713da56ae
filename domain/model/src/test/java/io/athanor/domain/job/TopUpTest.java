package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobCommand.EndJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobCommand.TopUpJob;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import org.junit.jupiter.api.Test;

/** A job's cap is raised, and what that means for its lease. */
class TopUpTest {
    private final Samples samples = new Samples(2);
    private final TaskId task = samples.task();
    private final Wallet client = samples.wallet();
    private final Authorization signed = samples.authorization(client);
    private final JobSpec spec = samples.spec();
    private final Lease lease = samples.lease(task.lease(1), spec);
    private final Scenario<Job, JobCommand, JobEvent> queued =
            Scenario.job().done(new SubmitJob(task, client, spec, signed, at(0)));
    private final Scenario<Job, JobCommand, JobEvent> completed = queued.done(
                    new AssignJob(task, Samples.decision(lease), lease, at(1)))
            .done(start(lease.id()))
            .done(end(samples.receipt(lease.id(), Ending.COMPLETED, 5_000)));

    private StartJob start(LeaseId id) {
        return new StartJob(task, id, "container-1", at(2));
    }

    private EndJob end(Receipt r) {
        return new EndJob(task, r, at(7_002));
    }

    private TopUpJob topUp(Ath cap, Authorization by) {
        return new TopUpJob(task, cap, by, at(4));
    }

    @Test
    void aJobsCapIsRaisedByItsClientWhileItIsOpen() {
        Ath higher = spec.cap().plus(Ath.ofWhole(spec.tasks()));
        Ath added = spec.withCap(higher).capOfTask().minus(spec.capOfTask());
        var after = queued.when(topUp(higher, signed)).events(new JobToppedUp(task, higher, added, 0, signed, at(4)));
        assertThat(after.state().order().spec()).isEqualTo(spec.withCap(higher));
        after.when(topUp(higher, signed)).nothing();
        after.when(topUp(spec.cap(), signed)).refused(Reason.CAP_TOO_LOW);
        queued.when(topUp(higher, samples.authorization(samples.wallet()))).refused(Reason.NOT_ALLOWED);
        completed.when(topUp(higher, signed)).refused(Reason.WRONG_STATE);
    }

    /** As the same command gets its first answer, so does the same order under a new command id, whatever its cap is by now. */
    @Test
    void theOrderAsItWasFirstSignedIsTheSameOrderStill() {
        Ath higher = spec.cap().plus(Ath.ofWhole(spec.tasks()));
        Authorization again = samples.authorization(client);
        var after = queued.done(topUp(higher, signed));
        after.when(new SubmitJob(task, client, spec, again, at(5))).nothing();
        after.done(topUp(higher.times(2), signed))
                .when(new SubmitJob(task, client, spec, again, at(6)))
                .nothing();
        after.when(new SubmitJob(task, client, spec.withCap(higher), again, at(5)))
                .refused(Reason.ID_TAKEN);
        after.when(new SubmitJob(task, client, spec.withCap(Ath.ofWei(1)), again, at(5)))
                .refused(Reason.ID_TAKEN);
    }

    private Lease priced(JobSpec dear) {
        Lease plain = samples.lease(task.lease(1), dear);
        Promise promise = new Promise(1, Billing.paidUntilMillis(dear, plain.price()), 0, 0);
        return new Lease(
                plain.id(),
                plain.machine(),
                plain.provider(),
                plain.gpus(),
                plain.price(),
                plain.startBy(),
                new Lease.Agreement(990_000, 30_000, Promise.FORMULA_VERSION, promise),
                false);
    }

    @Test
    void aRunningTaskIsPaidForLongerAndItsMachineMayStopWhereItsLeaseFirstSaid() {
        JobSpec dear = new SampleSpec()
                .maxDurationMillis(3_600_000)
                .cap(Ath.ofWei(200_000_000_000_000L))
                .build();
        Lease costly = priced(dear);
        long before = Billing.paidUntilMillis(dear, costly.price());
        Ath higher = Ath.ofWei(400_000_000_000_000L);
        var open = Scenario.job()
                .done(new SubmitJob(task, client, dear, signed, at(0)))
                .done(new AssignJob(task, Samples.decision(costly), costly, at(1)))
                .done(start(costly.id()));
        long paid = Billing.paidUntilMillis(dear.withCap(higher), costly.price());
        assertThat(paid).isGreaterThan(before);
        var raised =
                open.when(topUp(higher, signed)).events(new JobToppedUp(task, higher, dear.cap(), paid, signed, at(4)));
        Receipt early = samples.receipt(costly.id(), Ending.DEADLINE, before);
        assertThat(raised.done(end(early)).state()).isInstanceOf(Job.Ended.class);
        Receipt tooEarly = samples.receipt(costly.id(), Ending.DEADLINE, before - 1);
        assertThat(raised.done(end(tooEarly)).state()).isInstanceOf(Job.Lost.class);
    }
}
