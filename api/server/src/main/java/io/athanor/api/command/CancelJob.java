package io.athanor.api.command;

import io.athanor.domain.account.AccountCommand.CheckSigner;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stops the job's open tasks; refused where none is open and not all were cancelled. */
public record CancelJob(
        JobId jobId,
        String why,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private static final Set<String> OPEN = Set.of("QUEUED", "ASSIGNED", "RUNNING", "LOST");

    private record Content(JobId jobId, String why) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.cancelJob(jobId, why, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(jobId, why);
    }

    @Override
    public Scope scope() {
        return Scope.CANCEL_JOB;
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        Refused.unless(
                why.length() <= Limits.REASON_CHARS,
                Reason.TOO_LARGE,
                "why has at most " + Limits.REASON_CHARS + " characters");
        JobView job = here.reads().get(new FindJob(jobId), JobView.class, "job " + jobId);
        List<TaskView> open =
                job.tasks().stream().filter(task -> OPEN.contains(task.state())).toList();
        List<Command> commands = new ArrayList<>();
        if (authorization.bySessionKey()) {
            commands.add(new CheckSigner(authorization.wallet(), Scope.CANCEL_JOB, authorization, at));
        }
        // Where nothing is open the streams themselves say why, or that it is a repeat.
        (open.isEmpty() ? job.tasks() : open)
                .forEach(task -> commands.add(new JobCommand.CancelJob(task.id(), why, authorization, at)));
        return commands;
    }
}
