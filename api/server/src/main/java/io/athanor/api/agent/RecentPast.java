package io.athanor.api.agent;

import io.athanor.api.agent.AgentOrders.Wanted;
import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this node has just seen, so that a Start goes out before its row is written. Both feeds bring it, the quick and the
 * durable one, and what one brings late changes nothing. The oldest is forgotten first, a settled task at once.
 */
final class RecentPast implements AgentOrders.Past {
    private static final int JOBS = 20_000;
    private static final int LEASES = 100_000;

    private final Map<JobId, Wanted> wanted = bounded(JOBS);
    private final Map<LeaseId, LeaseRow> leases = bounded(LEASES);
    private final Map<TaskId, LeaseId> newest = bounded(LEASES);

    /** Takes note. */
    synchronized void see(JobEvent event) {
        if (event instanceof JobSubmitted e) {
            wanted.computeIfAbsent(e.task().job(), job -> Wanted.of(e.spec()));
        }
        if (event instanceof JobToppedUp e) {
            wanted.computeIfPresent(
                    e.task().job(), (job, known) -> Wanted.of(known.spec().withCap(e.cap())));
        }
        if (event instanceof JobAssigned e) {
            Wanted known = wanted.get(e.task().job());
            if (known != null) {
                keep(AgentOrders.leased(e.lease(), known));
            }
        }
        LeaseId ended = AgentOrders.ended(event);
        if (ended != null) {
            leases.computeIfPresent(ended, (lease, row) -> new LeaseRow(lease, row.machine(), false, row.start()));
        }
        if (event instanceof JobSettled) {
            forget(event.task());
        }
    }

    /** Takes note of a lease; one that is known stays as it is, since it may be over by now. */
    synchronized void keep(LeaseRow row) {
        leases.putIfAbsent(row.lease(), row);
        newest.merge(row.lease().task(), row.lease(), (a, b) -> a.fence() > b.fence() ? a : b);
    }

    private void forget(TaskId task) {
        LeaseId last = newest.remove(task);
        if (last != null) {
            leases.remove(last);
        }
    }

    @Override
    public synchronized Optional<Wanted> wanted(JobId job) {
        return Optional.ofNullable(wanted.get(job));
    }

    @Override
    public synchronized Optional<LeaseRow> lease(LeaseId lease) {
        return Optional.ofNullable(leases.get(lease));
    }

    @Override
    public synchronized Optional<LeaseRow> openLease(TaskId task) {
        return Optional.ofNullable(newest.get(task)).map(leases::get).filter(LeaseRow::open);
    }

    synchronized List<LeaseRow> openOn(MachineId machine) {
        return on(machine).stream().filter(LeaseRow::open).toList();
    }

    /** Also those that have ended. */
    synchronized List<LeaseRow> on(MachineId machine) {
        return leases.values().stream()
                .filter(row -> row.machine().equals(machine))
                .toList();
    }

    private static <K, V> Map<K, V> bounded(int entries) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > entries;
            }
        };
    }
}
