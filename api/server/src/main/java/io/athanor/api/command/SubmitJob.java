package io.athanor.api.command;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountCommand.HoldFunds;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Admission;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders a job: one hold for its tasks and one stream a task, together or not at all. */
public record SubmitJob(
        JobId jobId,
        JobSpec spec,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(JobId jobId, JobSpec spec) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.submitJob(
                jobId,
                authorization.wallet(),
                Json.digest(spec),
                spec.tasks(),
                spec.maxPrice(),
                spec.cap(),
                authorization.commandId(),
                authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(jobId, spec);
    }

    @Override
    public Scope scope() {
        return Scope.SUBMIT_JOB;
    }

    @Override
    public boolean stopsInPause() {
        return true;
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        Admission.require(spec, here.network().parameters());
        here.fleet().require(spec);
        Wallet client = authorization.wallet();
        List<Command> commands = new ArrayList<>(spec.tasks() + 1);
        // The hold is what the tasks own together: the cap without the remainder that no task can spend.
        commands.add(new HoldFunds(client, jobId, JobCommand.holdOf(spec).times(spec.tasks()), authorization, at));
        for (int task = 0; task < spec.tasks(); task++) {
            commands.add(new JobCommand.SubmitJob(jobId.task(task), client, spec, authorization, at));
        }
        return commands;
    }
}
