package io.athanor.saga.settlement;

import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that an epoch pays for, fixed once.
 *
 * <p>Invariant: stored before the rewards of these facts are sent, so that a settlement that was interrupted goes on with
 * the facts whose root the epoch's stream names, whatever has happened since.
 *
 * @param parametersVersion of the parameters that the rewards are computed with
 */
public record Books(EpochFacts facts, int parametersVersion) {
    public long epoch() {
        return facts.epoch();
    }

    /** In task order. */
    public List<AssessedTask> tasks() {
        return facts.tasks().stream()
                .sorted(Comparator.comparing(AssessedTask::task))
                .toList();
    }

    /** What goes on chain of this epoch; the settlements' time is no part of it. */
    EpochLeaves leaves(Collection<JobAssigned> leases, Instant at) {
        List<JobSettled> settled = facts.tasks().stream()
                .map(task ->
                        new JobSettled(task.task(), epoch(), task.client(), task.provider(), task.assessment(), at))
                .toList();
        return new EpochLeaves(settled, leases);
    }

    /** Where books are kept until their epoch is closed. An epoch may have several while none is computed. */
    public interface BookStore {
        void keep(Hash32 root, Books books);

        /** Those whose rewards have this root. */
        Optional<Books> find(long epoch, Hash32 root);

        /** The epoch is closed. */
        void forget(long epoch);
    }
}
