package io.athanor.query.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Lease;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The part of a task that changes; receipt and assessment lie beside it. Cost in wei. */
record TaskRow(
        TaskId id,
        JobState state,
        @Nullable LeaseId lease,
        @Nullable MachineId machine,
        @Nullable Wallet provider,
        @Nullable String container,
        @Nullable Ending ending,
        @Nullable String detail,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        Ath cost,
        @Nullable Long epoch,
        boolean simulated) {
    /** Waiting for a machine, with nothing left of an earlier attempt. */
    static TaskRow queued(TaskId id) {
        return new TaskRow(id, JobState.QUEUED, null, null, null, null, null, null, null, null, Ath.ZERO, null, false);
    }

    TaskRow assigned(Lease terms) {
        return new TaskRow(
                id,
                JobState.ASSIGNED,
                terms.id(),
                terms.machine(),
                terms.provider(),
                null,
                null,
                null,
                null,
                null,
                cost,
                epoch,
                terms.simulated());
    }

    TaskRow started(String newContainer, Instant at) {
        return new TaskRow(
                id,
                JobState.RUNNING,
                lease,
                machine,
                provider,
                newContainer,
                null,
                null,
                at,
                null,
                cost,
                epoch,
                simulated);
    }

    TaskRow ended(JobState to, Ending how, String why, Instant at) {
        return new TaskRow(
                id, to, lease, machine, provider, container, how, why, startedAt, at, cost, epoch, simulated);
    }

    TaskRow verified(Ath assessed, boolean judgedSimulated) {
        return new TaskRow(
                id,
                JobState.VERIFIED,
                lease,
                machine,
                provider,
                container,
                ending,
                detail,
                startedAt,
                endedAt,
                assessed,
                epoch,
                judgedSimulated);
    }

    TaskRow settled(long inEpoch) {
        return new TaskRow(
                id,
                JobState.SETTLED,
                lease,
                machine,
                provider,
                container,
                ending,
                detail,
                startedAt,
                endedAt,
                cost,
                inEpoch,
                simulated);
    }
}
