package io.athanor.domain.placement;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import java.util.Set;

/**
 * One task that needs a machine.
 *
 * @param avoid machines that lost or refused it before
 */
public record Demand(TaskId task, JobSpec spec, Wallet client, Set<MachineId> avoid) {
    public Demand {
        avoid = Set.copyOf(avoid);
    }
}
