package io.athanor.api.command;

import io.athanor.domain.account.AccountCommand.RaiseHold;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.JobView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Raises what a job may cost: a container that was paused at the end of its paid time goes on. Holds the difference for every
 * task, together or not at all; refused where a task has ended.
 *
 * @param cap of the whole job, in wei; above what it was
 */
public record TopUpJob(
        JobId jobId,
        Ath cap,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(JobId jobId, Ath cap) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.topUpJob(jobId, cap, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(jobId, cap);
    }

    @Override
    public Scope scope() {
        return Scope.SUBMIT_JOB;
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        JobView job = here.reads().get(new FindJob(jobId), JobView.class, "job " + jobId);
        Wallet client = authorization.wallet();
        Refused.unless(job.client().equals(client), Reason.NOT_ALLOWED, "only the job's client pays more for it");
        JobSpec spec = job.spec();
        Refused.unless(
                cap.covers(spec.cap()),
                Reason.CAP_TOO_LOW,
                "the cap is " + spec.cap().display() + " and is only raised");
        List<Command> commands = new ArrayList<>(spec.tasks() + 1);
        Ath from = JobCommand.holdOf(spec).times(spec.tasks());
        Ath to = JobCommand.holdOf(spec.withCap(cap)).times(spec.tasks());
        commands.add(new RaiseHold(client, jobId, from, to, authorization, at));
        for (int task = 0; task < spec.tasks(); task++) {
            commands.add(new JobCommand.TopUpJob(jobId.task(task), cap, authorization, at));
        }
        return commands;
    }
}
