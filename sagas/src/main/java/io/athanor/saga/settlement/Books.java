package io.athanor.saga.settlement;

import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobSettled;
import java.time.Instant;
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

    /** In task order: the order of the leaves. */
    public List<AssessedTask> tasks() {
        return facts.tasks().stream()
                .sorted(Comparator.comparing(AssessedTask::task))
                .toList();
    }

    /** The leaf that the task's settlement becomes; its time is no part of it. */
    static byte[] leaf(AssessedTask task, long epoch, Instant at) {
        return SettlementLeaf.of(
                new JobSettled(task.task(), epoch, task.client(), task.provider(), task.assessment(), at));
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
