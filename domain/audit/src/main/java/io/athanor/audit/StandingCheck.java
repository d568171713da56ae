package io.athanor.audit;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.machine.Quality;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderEvent.CutOffForQuality;
import io.athanor.domain.provider.ProviderEvent.MachineReadmitted;
import io.athanor.domain.provider.ProviderEvent.ProviderCutOff;
import io.athanor.domain.provider.ProviderEvent.ProviderExpelled;
import io.athanor.domain.provider.ProviderEvent.ProviderReinstated;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.provider.Suspension.LowQuality;
import io.athanor.domain.stake.StakeRules;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Computes every day's quality again, holds every suspension against the case or the days that it follows from and every
 * return against clean days and an inspection, and finds work that was given to a suspended machine.
 */
final class StandingCheck implements Check {
    private final QualityEvidence evidence = new QualityEvidence();
    private final Map<CaseId, MachineId> executed = new HashMap<>();
    private final Map<CaseId, Wallet> counterfeit = new HashMap<>();
    private final Set<CaseId> overturned = new HashSet<>();
    /** Histories from before days were told let machines come back by time alone; none goes back to that. */
    private boolean daysAreTold;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        evidence.look(before, event);
        switch (event) {
            case PenaltyExecuted e -> executed(before, e);
            case ReviewClosed e -> {
                // Also where there was nothing left to take, and so nothing to restitute.
                if (before.penaltyCase(e.id()).stage() == PenaltyCase.Stage.OVERTURNED) {
                    overturned.add(e.id());
                }
            }
            case ProviderSuspended e -> follows(e.machine(), e.penaltyCase(), problem);
            case ProviderCutOff e -> follows(e.machine(), e.penaltyCase(), problem);
            case ProviderExpelled e -> {
                if (!e.provider().equals(counterfeit.get(e.penaltyCase()))) {
                    problem.accept("no penalty for counterfeit hardware was executed in case " + e.penaltyCase());
                }
            }
            case SuspensionLifted e -> {
                if (!overturned.contains(e.penaltyCase())) {
                    problem.accept("case " + e.penaltyCase() + " was not overturned");
                }
                if (e.terms() == null && !before.earlier) {
                    problem.accept("no terms say whether the machine is still cut off");
                }
            }
            case QualityScored e -> scored(before, e, problem);
            case SuspendedForQuality e -> low(before, e.machine(), e.quality(), problem);
            case CutOffForQuality e -> low(before, e.machine(), e.quality(), problem);
            case MachineReadmitted e -> readmitted(before, e, problem);
            case ProviderReinstated e -> {
                if (daysAreTold) {
                    problem.accept(e.machine() + " came back without clean days and an inspection");
                }
            }
            case JobAssigned e -> assigned(before, e, problem);
            default -> {
                // Nobody's standing.
            }
        }
    }

    private void executed(World before, PenaltyExecuted e) {
        Offence offence = before.penaltyCase(e.id()).known().offence();
        if (offence instanceof Offence.Downtime outage) {
            executed.put(e.id(), outage.machine());
        } else if (offence instanceof Offence.FalseResult result && result.machine() != null) {
            executed.put(e.id(), result.machine());
        } else if (offence instanceof Offence.Counterfeit) {
            counterfeit.put(e.id(), offence.accused().operator());
        }
    }

    /** A repeat gives no event, so a case that is here twice is the decider's fault, which is checked elsewhere. */
    private void follows(MachineId machine, CaseId penaltyCase, Consumer<String> problem) {
        if (!machine.equals(executed.get(penaltyCase))) {
            problem.accept("no penalty for " + machine + " was executed in case " + penaltyCase);
        }
    }

    /** Those that the day's last epoch ran under. */
    private static ProtocolParameters parametersOf(World world, long day) {
        int epochs = world.parametersOf(world.epochs.lastKey()).timing().epochsPerDay();
        return world.parametersOf((day + 1) * epochs - 1);
    }

    private void scored(World before, QualityScored e, Consumer<String> problem) {
        daysAreTold = true;
        long day = e.scored().day();
        if (day > evidence.closedDay(before)) {
            problem.accept("the books of day " + day + " are open");
            return;
        }
        ProtocolParameters parameters = parametersOf(before, day);
        Quality.Scored found = evidence.of(e.machine())
                .scored(
                        parameters.accountable().standing(),
                        parameters.sla().tierPpm(),
                        day,
                        evidence.idlePpm(parameters.accountable().standing(), day));
        if (!found.equals(e.scored())) {
            problem.accept("the verdicts, starts and endings of day " + day + " give " + found);
        }
    }

    private void low(World before, MachineId machine, LowQuality told, Consumer<String> problem) {
        Standing rules = parametersOf(before, told.day()).accountable().standing();
        Quality quality = evidence.of(machine);
        boolean isTold = Long.valueOf(told.day()).equals(before.machine(machine).scored());
        if (!isTold || !quality.isLow(rules, told.day()) || quality.ppmWithoutLosses(rules, told.day()) != told.ppm()) {
            problem.accept("the days until " + told.day() + " give a quality of "
                    + quality.ppmWithoutLosses(rules, told.day()) + " ppm, and suspend below " + rules.suspendPpm());
        }
    }

    private void readmitted(World before, MachineReadmitted e, Consumer<String> problem) {
        Machine machine = before.machine(e.machine());
        if (machine.standing() != Machine.Standing.CERTIFIED || !e.inspection().equals(machine.inspection())) {
            problem.accept(e.machine() + " was not certified in round " + e.inspection());
        }
        ProtocolParameters parameters = parametersOf(before, e.day());
        Provider provider = before.providers.get(e.provider());
        Suspension suspension = provider == null ? null : provider.inForce(e.machine());
        var begun = before.protocol.network();
        if (suspension == null || begun == null) {
            problem.accept(e.machine() + " is not suspended");
            return;
        }
        long since = StakeRules.day(suspension.at(), begun.genesis(), parameters.timing());
        boolean newest = e.day() <= evidence.closedDay(before) && e.day() >= evidence.closedDay(before) - 1;
        if (!newest || !evidence.of(e.machine()).isClean(parameters, since, e.day())) {
            problem.accept("the days of " + e.machine() + " until " + e.day() + " were not clean");
        }
    }

    private static void assigned(World before, JobAssigned e, Consumer<String> problem) {
        Provider provider = before.providers.get(e.lease().provider());
        Suspension suspension =
                provider == null ? null : provider.inForce(e.lease().machine());
        if (suspension != null && e.at().isAfter(suspension.at().plus(ON_ITS_WAY))) {
            problem.accept(e.lease().machine() + " is suspended " + suspension.because());
        }
    }
}
