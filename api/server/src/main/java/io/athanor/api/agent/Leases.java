package io.athanor.api.agent;

import io.athanor.api.agent.AgentOrders.Wanted;
import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The leases machines hold: first what this node has just seen, then the table. */
@Component
final class Leases implements AgentOrders.Past {
    private final AgentRecords records;
    private final AgentSessions sessions;
    private final RecentPast recent = new RecentPast();

    Leases(AgentRecords records, AgentSessions sessions) {
        this.records = records;
        this.sessions = sessions;
    }

    RecentPast recent() {
        return recent;
    }

    @Override
    public Optional<Wanted> wanted(JobId job) {
        return recent.wanted(job).or(() -> records.spec(job).map(Wanted::of));
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

    /** Those that this machine holds, and those that ended since this node began. */
    List<LeaseRow> notSettledOn(MachineId machine) {
        return Stream.concat(recent.on(machine).stream(), records.openLeases(machine).stream())
                .toList();
    }

    /** What to say of a machine without a lease. */
    Refused none(MachineId machine) {
        return sessions.mayCatchUp(machine)
                ? new Refused(Reason.UNAVAILABLE, "no lease of this machine is known here yet")
                : new Refused(Reason.NOT_ALLOWED, "this machine has no lease that could leave a file");
    }

    /** The lease, which this machine holds or held. Error: {@link Refused} NOT_ALLOWED, or UNAVAILABLE for now. */
    LeaseRow require(LeaseId lease, MachineId machine) {
        Optional<LeaseRow> row = lease(lease);
        Refused.unless(
                row.isPresent() || !sessions.mayCatchUp(machine), Reason.UNAVAILABLE, lease + " is not known here yet");
        return row.filter(found -> found.machine().equals(machine))
                .orElseThrow(() -> new Refused(Reason.NOT_ALLOWED, lease + " is not a lease of this machine"));
    }

    /** Error: {@link Refused} NOT_ALLOWED unless a lease that the machine holds needs this file; UNAVAILABLE for now. */
    void requireInput(Sha256 digest, MachineId machine) {
        Predicate<LeaseRow> needsIt = row -> row.start().spec().inputs().values().stream()
                .anyMatch(input -> input.digest().equals(digest));
        boolean needed = recent.openOn(machine).stream().anyMatch(needsIt)
                || records.openLeases(machine).stream().anyMatch(needsIt);
        Refused.unless(
                needed || !sessions.mayCatchUp(machine), Reason.UNAVAILABLE, digest + " is not known as an input yet");
        Refused.unless(needed, Reason.NOT_ALLOWED, digest + " is no input of a lease of this machine");
    }
}
