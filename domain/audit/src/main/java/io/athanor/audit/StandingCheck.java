package io.athanor.audit;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderEvent.ProviderCutOff;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.Suspension;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Holds every suspension against the case that it follows from, and finds work that was given to a suspended machine. */
final class StandingCheck implements Check {
    private final Map<CaseId, MachineId> executed = new HashMap<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case PenaltyExecuted e -> executed(before, e);
            case ProviderSuspended e -> follows(e.machine(), e.penaltyCase(), problem);
            case ProviderCutOff e -> follows(e.machine(), e.penaltyCase(), problem);
            case JobAssigned e -> assigned(before, e, problem);
            default -> {
                // Nobody's standing.
            }
        }
    }

    private void executed(World before, PenaltyExecuted e) {
        if (before.penaltyCase(e.id()).known().offence() instanceof Offence.Downtime outage) {
            executed.put(e.id(), outage.machine());
        }
    }

    /** A repeat gives no event, so a case that is here twice is the decider's fault, which is checked elsewhere. */
    private void follows(MachineId machine, CaseId penaltyCase, Consumer<String> problem) {
        if (!machine.equals(executed.get(penaltyCase))) {
            problem.accept("no penalty for " + machine + " was executed in case " + penaltyCase);
        }
    }

    private static void assigned(World before, JobAssigned e, Consumer<String> problem) {
        Provider provider = before.providers.get(e.lease().provider());
        Suspension suspension =
                provider == null ? null : provider.inForce(e.lease().machine());
        if (suspension != null && e.at().isAfter(suspension.at().plus(ON_ITS_WAY))) {
            problem.accept(e.lease().machine() + " is suspended by case " + suspension.penaltyCase());
        }
    }
}
