package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Admission;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.EstimateView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor job …}. */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        description = "Order jobs and see what becomes of them.",
        subcommands = {
            JobSubmit.class,
            JobCommand.Validate.class,
            JobCommand.Estimate.class,
            JobCommand.ListJobs.class,
            JobCommand.Get.class,
            JobCommand.Cancel.class,
            JobTopUp.class,
            JobCommand.Why.class,
            JobLogs.class,
            JobWait.class,
            JobTimeline.class,
            JobUsage.class,
            JobOutputs.class,
            JobExec.class,
            JobForward.class
        })
final class JobCommand {
    private record CancelOrder(JobId jobId, String why, Authorization authorization, long chainId) {}

    @Command(
            name = "validate",
            mixinStandardHelpOptions = true,
            description = "Checks a specification by the network's rules, without sending it; -o json prints it whole.")
    static final class Validate implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "SPEC", description = "YAML or JSON file; files that it names lie beside it.")
        private Path file = Path.of("job.yaml");

        @Option(names = "--image", description = "In place of the specification's image.")
        private @Nullable String image;

        @Override
        public Integer call() throws IOException {
            JobSpec spec = SpecFile.read(file, image).spec();
            try {
                Admission.require(spec, session.network().parameters());
            } catch (Refused refused) {
                throw new Failure(
                        Failure.REFUSED, refused.reason() + ": " + refused.detail() + "\n  " + refused.nextStep());
            }
            session.show(spec, new Table("SPEC", "DIGEST").row(spec.name(), Json.digest(spec)));
            return 0;
        }
    }

    @Command(
            name = "estimate",
            mixinStandardHelpOptions = true,
            description = "What the job would meet now, and cost at most.")
    static final class Estimate implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "SPEC", description = "YAML or JSON file; files that it names lie beside it.")
        private Path file = Path.of("job.yaml");

        @Option(names = "--image", description = "In place of the specification's image.")
        private @Nullable String image;

        @Override
        public Integer call() throws IOException {
            JobSpec spec = SpecFile.read(file, image).spec();
            EstimateView estimate = session.server().post("/v1/estimates", spec, EstimateView.class);
            Table table = new Table("MACHINE", "PRICE/GPU-S", "SCORE");
            estimate.decision()
                    .top()
                    .forEach(c -> table.row(c.machine(), c.price().display(), c.total()));
            session.show(estimate, table);
            session.say("evaluated " + estimate.decision().evaluated() + ", rejected "
                    + estimate.decision().rejected() + ", at most "
                    + estimate.maxHold().display() + " held, "
                    + estimate.expectedCost().display() + " expected");
            var agreement = estimate.agreement();
            var promise = agreement == null ? null : agreement.promise();
            if (agreement != null && promise != null) {
                session.say("promised: a start within " + agreement.startDeadlineMillis() + " ms, else "
                        + promise.startFreeMillis() + " ms free; an end within " + promise.finishMillis()
                        + " ms from then, else " + promise.finishBps() + " bps of the bill back");
            }
            JobSubmit.sayIfItMayRunAgain(session, spec);
            return 0;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Jobs, newest first.")
    static final class ListJobs implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--mine", description = "Only those of the key's wallet.")
        private boolean mine;

        @Option(names = "--first", defaultValue = "20", description = "How many; default ${DEFAULT-VALUE}.")
        private int first = 20;

        @Option(names = "--after", description = "The cursor that the last page ended with.")
        private @Nullable String after;

        @Override
        public Integer call() throws IOException {
            String path = "/v1/jobs?first=" + first
                    + (mine ? "&client=" + session.wallet() : "")
                    + (after == null ? "" : "&after=" + Text.encode(after));
            Page<JobView> page = session.server().get(path, new TypeReference<Page<JobView>>() {});
            Table table = new Table("JOB", "NAME", "STATE", "TASKS", "COST", "SUBMITTED");
            page.items()
                    .forEach(job -> table.row(
                            job.id(),
                            job.spec().name(),
                            job.state(),
                            job.spec().tasks(),
                            job.cost().display(),
                            job.submittedAt()));
            session.show(page, table);
            session.more(page);
            return 0;
        }
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "One job and its tasks.")
    static final class Get implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "JOB", description = "As 'job submit' and 'job list' print it.")
        private String id = "";

        @Override
        public Integer call() throws IOException {
            JobView job = session.server().get("/v1/jobs/" + JobId.parse(id), JobView.class);
            JobWait.report(session, job);
            return 0;
        }
    }

    static Table tasks(JobView job) {
        Table table = new Table("TASK", "STATE", "MACHINE", "ENDING", "COST", "DETAIL");
        job.tasks()
                .forEach(task -> table.row(
                        task.id(),
                        task.state(),
                        task.machine(),
                        task.ending(),
                        task.cost().display(),
                        task.detail()));
        return table;
    }

    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Stops a job's open tasks.")
    static final class Cancel implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "JOB", description = "As 'job submit' and 'job list' print it.")
        private String id = "";

        @Option(names = "--why", defaultValue = "cancelled by its client", description = "Kept in the history.")
        private String why = "";

        @Override
        public Integer call() throws IOException {
            JobId job = JobId.parse(id);
            Authorization signed =
                    session.authorize((command, expiresAt) -> TypedCommands.cancelJob(job, why, command, expiresAt));
            CancelOrder order =
                    new CancelOrder(job, why, signed, session.network().chainId());
            Accepted accepted = session.server().post("/v1/jobs/" + job + "/cancel", order, Accepted.class);
            session.show(accepted, new Table("JOB", "EVENTS").row(job, accepted.events()));
            return 0;
        }
    }

    @Command(
            name = "why",
            mixinStandardHelpOptions = true,
            description = "Why a task went where it went, or why a machine would not take it.")
    static final class Why implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Mixin
        private OneTask task = new OneTask();

        @Option(names = "--machine", description = "Ask about this machine, now.")
        private @Nullable String machine;

        @Override
        public Integer call() throws IOException {
            TaskId asked = task.id();
            String path = "/v1/jobs/" + asked.job() + "/why?task=" + asked.index()
                    + (machine == null ? "" : "&machine=" + machine);
            JsonNode why = session.server().get(path, JsonNode.class);
            JsonNode decision = why.path("decision");
            Table table = new Table("TASK", "CHOSEN", "EVALUATED", "REJECTED", "MACHINE SAYS")
                    .row(
                            why.path("task").asText(),
                            decision.path("chosen").asText("none"),
                            decision.path("evaluated").asText("-"),
                            decision.path("rejected"),
                            why.path("machine").asText("-"));
            session.show(why, table);
            return 0;
        }
    }
}
