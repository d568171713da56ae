package io.athanor.audit;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.stake.StakePoolEvent.CommitmentReleased;
import io.athanor.domain.stake.StakeRules;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds machines that retired, and stake that was let go, while leases were open, a case was, or an outage waited for its
 * case, and machines that retired under a suspension that counts. What had just begun when the order was on its way does not count.
 */
final class ObligationCheck implements Check {
    private final Map<LeaseId, Instant> reserved = new HashMap<>();
    private final Map<MachineId, Away> away = new HashMap<>();

    /** @param lost when the newest lease was lost, null before */
    private record Away(Instant since, @Nullable Instant lost) {}

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case GpusReserved e -> reserved.put(e.lease(), e.at());
            case GpusReleased e -> reserved.remove(e.lease());
            case MachineWentOffline e -> away.put(e.machine(), new Away(e.at(), null));
            case MachineWentOnline e -> away.remove(e.machine());
            case JobLost e when e.ending() == Ending.MACHINE_OFFLINE -> lost(before, e);
            case CaseOpened e when e.offence() instanceof Downtime outage -> away.remove(outage.machine());
            case MachineRetired e -> {
                require(before, e.machine(), e.at(), "retires", problem);
                requireStanding(before, e, problem);
            }
            case CommitmentReleased e -> require(before, e.machine(), e.at(), "lets its stake go", problem);
            default -> {
                // Nobody's obligation.
            }
        }
    }

    private void lost(World before, JobLost e) {
        if (before.task(e.task()) instanceof Job.Leased leased) {
            away.computeIfPresent(leased.lease().machine(), (id, known) -> new Away(known.since(), e.at()));
        }
    }

    private void require(World before, MachineId machine, Instant at, String what, Consumer<String> problem) {
        if (before.earlier) {
            return;
        }
        Instant known = at.minus(ON_ITS_WAY);
        if (before.machine(machine).reserved().keySet().stream()
                .anyMatch(lease -> reserved.getOrDefault(lease, Instant.MIN).isBefore(known))) {
            problem.accept(machine + " " + what + " while leases are open");
        }
        before.cases.values().stream()
                .filter(state -> !state.isOver()
                        && machine.equals(state.known().offence().machine())
                        && state.known().at().isBefore(known))
                .forEach(state -> problem.accept(
                        machine + " " + what + " while case " + state.known().id() + " is open"));
        if (isOwed(before, machine, at)) {
            problem.accept(machine + " " + what + " while its outage is not settled");
        }
    }

    private static void requireStanding(World before, MachineRetired e, Consumer<String> problem) {
        Wallet owner = before.machine(e.machine()).provider();
        Provider provider = owner == null ? null : before.providers.get(owner);
        if (provider != null && !before.earlier) {
            Suspension.Terms terms =
                    Suspension.Terms.of(before.protocol.current().parameters());
            provider.keepsFromRetiring(e.machine(), terms, e.at())
                    .filter(why -> provider.suspensions().stream()
                            .anyMatch(s -> s.covers(e.machine()) && s.at().isBefore(e.at().minus(ON_ITS_WAY))))
                    .ifPresent(why -> problem.accept(e.machine() + " retires while " + why));
        }
    }

    private boolean isOwed(World before, MachineId machine, Instant at) {
        Away outage = away.get(machine);
        Instant lost = outage == null ? null : outage.lost();
        if (outage == null || lost == null) {
            return false;
        }
        long day = before.protocol.current().parameters().timing().dayMillis();
        return lost.isBefore(at.minus(ON_ITS_WAY))
                && at.isBefore(outage.since().plusMillis(StakeRules.EVIDENCE_DAYS * day));
    }
}
