package io.athanor.cli;

import io.athanor.cli.Session.Accepted;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.signing.TypedCommands;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor job top-up}: signs a higher cap. */
@Command(
        name = "top-up",
        mixinStandardHelpOptions = true,
        description = "Raises what a job may cost; a task that was paused at the end of its paid time goes on.")
final class JobTopUp implements Callable<Integer> {
    private record TopUpOrder(JobId jobId, Ath cap, Authorization authorization, long chainId) {}

    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "JOB", description = "As 'job submit' and 'job list' print it.")
    private String id = "";

    @Option(names = "--cap", required = true, description = "Of the whole job from now on: wei, or '2.5 ATH'.")
    private String cap = "";

    @Override
    public Integer call() throws IOException {
        JobId job = JobId.parse(id);
        Ath raised = Amounts.parse(cap);
        Authorization signed =
                session.authorize((command, expiresAt) -> TypedCommands.topUpJob(job, raised, command, expiresAt));
        TopUpOrder order = new TopUpOrder(job, raised, signed, session.network().chainId());
        Accepted accepted = session.server().post("/v1/jobs/" + job + "/top-up", order, Accepted.class);
        session.show(accepted, new Table("JOB", "CAP", "EVENTS").row(job, raised.display(), accepted.events()));
        return 0;
    }
}
