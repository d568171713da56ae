package io.athanor.audit;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds against each other what two streams say of one thing: the assessment and its settlement, a batch and its
 * anchor, the frozen candidates and their digest.
 */
final class AgreementCheck implements Check {
    private final Map<TaskId, Assessment> assessments = new HashMap<>();
    private final Set<Long> batches = new HashSet<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
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
