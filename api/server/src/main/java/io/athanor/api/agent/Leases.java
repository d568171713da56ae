package io.athanor.api.agent;

import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobSpec;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The leases machines hold: first what this node has just seen, then the table. */
@Component
final class Leases implements AgentOrders.Past {
    private final AgentRecords records;
    private final RecentPast recent = new RecentPast();

    Leases(AgentRecords records) {
        this.records = records;
    }

    RecentPast recent() {
        return recent;
    }

    @Override
    public Optional<JobSpec> spec(JobId job) {
        return recent.spec(job).or(() -> records.spec(job));
    }

    @Override
    public Optional<LeaseRow> lease(LeaseId lease) {
        return recent.lease(lease).or(() -> records.lease(lease));
    }

    @Override
    public Optional<LeaseRow> openLease(TaskId task) {
        return recent.openLease(task).or(() -> records.openLease(task));
    }

    List<LeaseRow> openOn(MachineId machine) {
        return records.openLeases(machine);
    }

    /** The lease, which this machine holds or held. Error: {@link Refused} NOT_ALLOWED. */
    LeaseRow require(LeaseId lease, MachineId machine) {
        return lease(lease)
                .filter(row -> row.machine().equals(machine))
                .orElseThrow(() -> new Refused(Reason.NOT_ALLOWED, lease + " is not a lease of this machine"));
    }
}
