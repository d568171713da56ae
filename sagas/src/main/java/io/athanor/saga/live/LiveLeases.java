package io.athanor.saga.live;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.JobEvent.JobAssigned;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The leases of epochs that are not closed, the ended ones too: their matches go into those epochs' batches. */
final class LiveLeases {
    private final LiveTable<LeaseId, LiveLease> table =
            new LiveTable<>("live_lease", LeaseId::parse, LiveLease.class, lease -> String.valueOf(lease.epoch()));
    private final Map<Long, Set<LeaseId>> byEpoch = new HashMap<>();

    LiveTable<LeaseId, LiveLease> table() {
        return table;
    }

    /** @param epoch the newest one; where there is none, no epoch's batch can hold it */
    void made(JobAssigned assigned, @Nullable Long epoch) {
        if (epoch != null) {
            table.put(assigned.lease().id(), new LiveLease(epoch, assigned));
            index(assigned.lease().id(), epoch);
        }
    }

    private void index(LeaseId lease, long epoch) {
        byEpoch.computeIfAbsent(epoch, e -> new LinkedHashSet<>()).add(lease);
    }

    void reindex() {
        byEpoch.clear();
        table.rows().forEach((id, lease) -> index(id, lease.epoch()));
    }

    void closed(long epoch) {
        Set<LeaseId> gone = byEpoch.remove(epoch);
        if (gone != null) {
            gone.forEach(table::remove);
        }
    }

    List<JobAssigned> of(long epoch) {
        Collection<LeaseId> ids = byEpoch.getOrDefault(epoch, Set.of());
        return ids.stream()
                .map(table::get)
                .filter(Objects::nonNull)
                .map(LiveLease::assigned)
                .toList();
    }
}
