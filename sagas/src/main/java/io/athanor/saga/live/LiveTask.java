package io.athanor.saga.live;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobLost;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A task that is not settled yet.
 *
 * @param job its state by the domain's own fold
 * @param avoid machines that lost it
 * @param endedAt when it ended, null before
 */
public record LiveTask(
        Job job, Set<MachineId> avoid, @Nullable Instant endedAt) {
    static final LiveTask NEW = new LiveTask(Job.empty(), Set.of(), null);

    public LiveTask {
        avoid = Set.copyOf(avoid);
    }

    LiveTask evolve(JobEvent event) {
        Set<MachineId> avoided = avoid;
        if (event instanceof JobLost && job instanceof Job.Leased leased) {
            avoided = new HashSet<>(avoid);
            avoided.add(leased.lease().machine());
        }
        Job after = job.evolve(event);
        return new LiveTask(after, avoided, after instanceof Job.Ended ended ? ended.endedAt() : endedAt);
    }

    /** Whether this lease holds its GPUs by right. */
    public boolean holds(LeaseId lease) {
        return lease.equals(job.leaseId());
    }

    /**
     * Whether this lease is over for good. A task that is queued under the lease's own fence is not: reservation and
     * lease are stored together, and only the half of it is known here yet.
     */
    public boolean isPast(LeaseId lease) {
        return switch (job) {
            case Job.None none -> false;
            case Job.Queued queued -> queued.fence() > lease.fence();
            case Job.Leased leased -> leased.lease().id().fence() > lease.fence();
            case Job.Lost lost -> lost.lease().id().fence() >= lease.fence();
            case Job.Ended ended -> true;
            case Job.Verified verified -> true;
            case Job.Settled settled -> true;
        };
    }
}
