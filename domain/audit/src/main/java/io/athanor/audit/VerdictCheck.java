package io.athanor.audit;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease.Agreement;
import io.athanor.domain.job.Promise;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Assesses every ended task again, from its receipt and its committee's verdict, and holds every certificate against its
 * inspection.
 */
final class VerdictCheck implements Check {
    private final Map<RoundId, Map<String, Verdict>> verdicts = new HashMap<>();
    private boolean stakesNamed;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case RoundFinalized e when e.round().kind() != RoundId.Kind.LIVENESS -> keep(e);
            case JobAssigned e -> promised(before, e, problem);
            case SlaAssessed e -> assessed(before, e, problem);
            case MachineCertified e -> inspected(e.machine(), e.round(), Fact.GENUINE, e.score(), problem);
            case MachineRejected e -> {
                Verdict verdict = verdicts.getOrDefault(e.round(), Map.of())
                        .get(e.machine().toString());
                boolean slow = verdict != null && verdict.fact() == Fact.TOO_SLOW;
                inspected(e.machine(), e.round(), slow ? Fact.TOO_SLOW : Fact.COUNTERFEIT, null, problem);
            }
            default -> {
                // No verdict's consequence.
            }
        }
    }

    private void keep(RoundFinalized e) {
        Map<String, Verdict> bySubject = new HashMap<>();
        e.verdicts().forEach(verdict -> bySubject.put(verdict.subject(), verdict));
        verdicts.put(e.round(), bySubject);
    }

    /**
     * The terms are those of the version that they name; it may have been replaced while the assignment was on its way. Leases of
     * version 2 named no stake; once there was one of version 3 there is none of 2 any more.
     */
    private void promised(World before, JobAssigned e, Consumer<String> problem) {
        Agreement agreement = e.lease().agreement();
        Promise promise = agreement.promise();
        if (promise == null) {
            return;
        }
        ParametersActivated named = before.version(promise.parameters()).orElseGet(before.protocol::current);
        JobSpec spec = before.task(e.task()).order().spec();
        Ath stake = PenaltyPolicy.required(
                before.machine(e.lease().machine()), e.lease().gpus(), named.parameters());
        Agreement due = Promise.agreement(spec, e.lease().price(), named, stake);
        boolean older = promise.stake() == null && !stakesNamed;
        stakesNamed |= promise.stake() != null;
        if (!agreement.equals(older ? due.withoutStake() : due)) {
            problem.accept("version " + named.version() + " of the parameters promises " + due);
        }
    }

    /** @param score that the committee measured, null where none counts */
    private void inspected(
            MachineId machine, RoundId round, Fact fact, @Nullable Long score, Consumer<String> problem) {
        Verdict verdict = verdicts.getOrDefault(round, Map.of()).get(machine.toString());
        boolean same = verdict != null && verdict.fact() == fact && (score == null || verdict.measure() == score);
        if (!same) {
            problem.accept("the inspection " + round + " came to " + verdict);
        }
    }

    private void assessed(World before, SlaAssessed e, Consumer<String> problem) {
        if (!(before.task(e.task()) instanceof Job.Ended ended)) {
            problem.accept("the task is " + before.task(e.task()).name() + ", not ended");
            return;
        }
        RoundId round = e.assessment().round();
        ProtocolParameters parameters = round == null
                ? before.protocol.current().parameters() // what never ran is free under any
                : before.parametersOf(round.epoch());
        Assessment computed = SlaVerdict.assess(ended, verdict(ended, round), round, parameters);
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
