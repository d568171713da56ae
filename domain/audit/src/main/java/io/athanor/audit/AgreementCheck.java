package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds against each other what two streams say of one thing: the hold and its order, a task's part of it, the assessment
 * and its settlement, a batch and its anchor.
 */
final class AgreementCheck implements Check {
    private final Map<JobId, FundsHeld> holds = new HashMap<>();
    private final Map<TaskId, Assessment> assessments = new HashMap<>();
    private final Set<Long> batches = new HashSet<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case FundsHeld e -> holds.put(e.job(), e);
            case JobSubmitted e -> submitted(e, problem);
            case JobFunded e -> funded(before, e, problem);
            case SlaAssessed e -> assessments.put(e.task(), e.assessment());
            case JobSettled e -> settled(e, problem);
            case EpochOpened e -> opened(e, problem);
            case SettlementBatched e -> batches.add(e.batch().seq());
            case SettlementAnchored e -> anchored(e, problem);
            default -> {
                // Said once only.
            }
        }
    }

    private void submitted(JobSubmitted e, Consumer<String> problem) {
        FundsHeld hold = holds.get(e.task().job());
        Ath wanted = JobCommand.holdOf(e.spec()).times(e.spec().tasks());
        boolean same = hold != null
                && hold.wallet().equals(e.client())
                && hold.amount().equals(wanted)
                && hold.authorization().equals(e.authorization());
        if (!same) {
            problem.accept("the order needs a hold of " + wanted + " under its own signature; held was " + hold);
        }
    }

    private static void funded(World before, JobFunded e, Consumer<String> problem) {
        Ath part = JobCommand.holdOf(before.task(e.task()).order().spec());
        if (!part.equals(e.held())) {
            problem.accept("the task's part of the hold is " + part);
        }
    }

    private void settled(JobSettled e, Consumer<String> problem) {
        if (!e.assessment().equals(assessments.remove(e.task()))) {
            problem.accept("the task was assessed otherwise than it is settled");
        }
    }

    private static void opened(EpochOpened e, Consumer<String> problem) {
        if (!Candidate.digest(e.eligible()).equals(e.eligibleDigest())) {
            problem.accept("the digest is not that of the frozen candidates");
        }
    }

    private void anchored(SettlementAnchored e, Consumer<String> problem) {
        if (!batches.remove(e.seq())) {
            problem.accept("batch " + e.seq() + " was not sealed before, or is anchored twice");
        }
    }
}
