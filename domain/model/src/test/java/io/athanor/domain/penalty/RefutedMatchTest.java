package io.athanor.domain.penalty;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.MatchProof;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobCommand.HoldAgainstOrder;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.testing.Matches;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import org.junit.jupiter.api.Test;

/** A checker signed a batch with a match that the contract refuted. */
class RefutedMatchTest {
    private static final Ath PRICE = Ath.ofWei(500);
    private static final Ath MORE = Ath.ofWei(501);
    private static final long RATE = 500;

    private final Samples samples = new Samples(41);
    private final TaskId task = samples.job().task(0);
    private final Wallet accused = samples.wallet();
    private final Wallet attester = samples.wallet();

    private RefutedMatch offence(MatchProof proof, Mismatch finding) {
        return Matches.offence(accused, attester, proof, "0x", task, finding, at(5));
    }

    private static OpenCase open(Offence offence) {
        return new OpenCase(offence.caseId(), offence, RATE, Ath.ZERO, 3, 1, null, at(10));
    }

    @Test
    void opensOnceABatchAndSigner() {
        RefutedMatch first = offence(Matches.proof(task, PRICE, MORE), Mismatch.TERMS_DIFFER);
        RefutedMatch second = offence(Matches.proof(task, MORE, MORE), Mismatch.PRICE_ABOVE_ORDER);
        assertThat(second.caseId()).isEqualTo(first.caseId());
        Scenario.penaltyCase()
                .when(open(first))
                .events(new CaseOpened(first.caseId(), first, RATE, Ath.ZERO, 3, 1, null, at(10)))
                .when(open(second))
                .nothing();
    }

    @Test
    void termsThatAreTheSameProveNothing() {
        RefutedMatch same = offence(Matches.proof(task, PRICE, PRICE), Mismatch.TERMS_DIFFER);
        Scenario.penaltyCase().when(open(same)).refused(Reason.INVALID_SPEC, "do not differ");
    }

    @Test
    void leavesOfAnotherBatchOrLeaseProveNothing() {
        MatchProof proof = Matches.proof(task, PRICE, MORE);
        Batch other = new Batch(7, Hash32.ZERO, samples.hash(), proof.batch().count(), Ath.ZERO);
        MatchProof elsewhere = new MatchProof(other, proof.epoch(), 1, proof.match(), proof.agreement());
        Scenario.penaltyCase()
                .when(open(offence(elsewhere, Mismatch.TERMS_DIFFER)))
                .refused(Reason.INVALID_SPEC, "not those of the match");
        MatchProof swapped = new MatchProof(proof.batch(), proof.epoch(), 1, proof.agreement(), proof.match());
        assertThat(swapped.holds(task, Matches.FENCE)).isFalse();
        assertThat(proof.holds(task, Matches.FENCE)).isTrue();
        assertThat(proof.holds(task, Matches.FENCE + 1)).isFalse();
        assertThat(proof.holds(samples.task(), Matches.FENCE)).isFalse();
    }

    @Test
    void anOrderThatCoversTheMatchExcuses() {
        JobSpec spec = samples.spec();
        var ordered = Scenario.job().done(new SubmitJob(task, accused, spec, samples.authorization(accused), at(0)));
        Ath above = spec.maxPrice().plus(Ath.ofWei(1));
        ordered.when(new HoldAgainstOrder(task, Mismatch.PRICE_ABOVE_ORDER, spec.maxPrice(), at(9)))
                .refused(Reason.WRONG_STATE, "covers");
        ordered.when(new HoldAgainstOrder(task, Mismatch.PRICE_ABOVE_ORDER, above, at(9)))
                .nothing();
        ordered.when(new HoldAgainstOrder(task, Mismatch.TERMS_DIFFER, spec.maxPrice(), at(9)))
                .nothing();
        ordered.when(new HoldAgainstOrder(task, Mismatch.TASK_NOT_ORDERED, spec.maxPrice(), at(9)))
                .refused(Reason.WRONG_STATE, "covers");
        Scenario.job()
                .when(new HoldAgainstOrder(task, Mismatch.TASK_NOT_ORDERED, spec.maxPrice(), at(9)))
                .nothing();
        assertThat(Mismatch.TASK_NOT_ORDERED.bornBy(spec, task.job().task(spec.tasks()), spec.maxPrice()))
                .isTrue();
    }

    @Test
    void costsWhatTheParameterSays() {
        Offence offence = offence(Matches.proof(task, PRICE, MORE), Mismatch.TERMS_DIFFER);
        var parameters = SampleParameters.get();
        assertThat(PenaltyPolicy.rateBps(offence, null, at(10), parameters)).isEqualTo(RATE);
        assertThat(PenaltyPolicy.isTop(offence, RATE, parameters)).isTrue();
        assertThat(PenaltyPolicy.amount(offence, RATE, Ath.ofWhole(100))).isEqualTo(Ath.ofWhole(5));
    }
}
