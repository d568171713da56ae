package io.athanor.audit;

import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.SlaVerdict;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Assesses every ended task again, from its receipt and its committee's verdict. */
final class VerdictCheck implements Check {
    private final Map<RoundId, Map<String, Verdict>> verdicts = new HashMap<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        if (event instanceof RoundFinalized e && e.round().kind() == RoundId.Kind.DELIVERY) {
            Map<String, Verdict> bySubject = new HashMap<>();
            e.verdicts().forEach(verdict -> bySubject.put(verdict.subject(), verdict));
            verdicts.put(e.round(), bySubject);
        } else if (event instanceof SlaAssessed e) {
            assessed(before, e, problem);
        }
    }

    private void assessed(World before, SlaAssessed e, Consumer<String> problem) {
        if (!(before.task(e.task()) instanceof Job.Ended ended)) {
            problem.accept("the task is " + before.task(e.task()).name() + ", not ended");
            return;
        }
        RoundId round = e.assessment().round();
        Assessment computed = SlaVerdict.assess(
                ended, verdict(ended, round), round, before.protocol.current().parameters());
        if (!computed.equals(e.assessment())) {
            problem.accept("the rules give " + computed);
        }
        if (round != null && !before.round(round).closed()) {
            problem.accept("round " + round + " was not closed");
        }
    }

    private @Nullable Verdict verdict(Job.Ended ended, @Nullable RoundId round) {
        LeaseId lease = ended.receipt() == null ? null : ended.receipt().lease();
        Map<String, Verdict> bySubject = round == null ? null : verdicts.get(round);
        return lease == null || bySubject == null ? null : bySubject.get(lease.toString());
    }
}
