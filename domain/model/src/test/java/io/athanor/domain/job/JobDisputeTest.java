package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.DisputeJob;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.job.JobEvent.JobDisputed;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A client disputes what it paid for. */
class JobDisputeTest extends JobStages {
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
