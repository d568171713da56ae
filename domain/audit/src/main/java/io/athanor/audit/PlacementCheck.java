package io.athanor.audit;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.placement.Filter;
import io.athanor.domain.placement.PlacementDecision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Holds every assignment against the machine's own stream: the GPUs are reserved for this lease, the price is the one
 * on offer and within the client's bound, and the machine is what the client asked for. Every funnel must add up and
 * name its choice first.
 */
final class PlacementCheck implements Check {
    private static final long MILLIS_PER_THREAD = 1_000;

    private final Map<TaskId, PlacementDecision> decisions = new HashMap<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        if (event instanceof PlacementDecided e) {
            decisions.put(e.task(), e.decision());
            funnel(e.decision(), problem);
        } else if (event instanceof JobAssigned e) {
            assigned(before, e, problem);
        } else if (event instanceof JobStarted e) {
            started(before, e, problem);
        }
    }

    /** Reservation and assignment are one order, in either sequence; work begins after both. */
    private static void started(World before, JobStarted e, Consumer<String> problem) {
        boolean held = before.task(e.task()) instanceof Job.Leased leased
                && leased.lease()
                        .gpus()
                        .equals(before.machine(leased.lease().machine())
                                .reserved()
                                .get(e.lease()));
        if (!held) {
            problem.accept("the machine's stream does not reserve the lease's GPUs for " + e.lease());
        }
    }

    private static void funnel(PlacementDecision decision, Consumer<String> problem) {
        int rejected = decision.rejected().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        boolean none = decision.chosen() == null;
        if (none && rejected != decision.evaluated()) {
            problem.accept("no machine was chosen, but only " + rejected + " of " + decision.evaluated()
                    + " were turned away");
        }
        if (!none
                && (decision.top().isEmpty()
                        || !decision.top().getFirst().machine().equals(decision.chosen()))) {
            problem.accept("the chosen machine does not lead the candidates");
        }
        for (int i = 1; i < decision.top().size(); i++) {
            if (decision.top().get(i).total() > decision.top().get(i - 1).total()) {
                problem.accept("the candidates are not in the order of their scores");
            }
        }
    }

    private void assigned(World before, JobAssigned e, Consumer<String> problem) {
        Lease lease = e.lease();
        Machine machine = before.machine(lease.machine());
        Job task = before.task(e.task());
        PlacementDecision decision = decisions.remove(e.task());
        MachineId chosen = decision == null ? null : decision.chosen();
        if (!Objects.equals(chosen, lease.machine())) {
            problem.accept("the decision chose " + chosen + ", and " + lease.machine() + " was assigned");
        }
        if (!lease.price().equals(machine.price()) || !lease.provider().equals(machine.provider())) {
            problem.accept("price or provider is not that of the machine's offer");
        }
        demand(task.order().spec(), lease, machine, problem);
    }

    private static void demand(JobSpec spec, Lease lease, Machine machine, Consumer<String> problem) {
        Inventory inventory = machine.inventory();
        if (inventory == null) {
            problem.accept("the machine has no inventory");
            return;
        }
        List<Inventory.Gpu> gpus = inventory.gpus().stream()
                .filter(gpu -> lease.gpus().contains(gpu.uuid()))
                .toList();
        boolean fits = gpus.size() == spec.gpus().count()
                && gpus.stream().allMatch(gpu -> Filter.fits(gpu, spec.gpus()))
                && inventory.memoryMib() >= spec.memoryMib()
                && inventory.cpuThreads() * MILLIS_PER_THREAD >= spec.cpuMillis()
                && spec.maxPrice().covers(lease.price())
                && (spec.regions().isEmpty() || spec.regions().contains(inventory.region()))
                && (spec.gpus().allowSimulated() || !inventory.simulated())
                && lease.simulated() == inventory.simulated();
        if (!fits) {
            problem.accept("the machine is not what the client asked for");
        }
    }
}
