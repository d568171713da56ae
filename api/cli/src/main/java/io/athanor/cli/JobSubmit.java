package io.athanor.cli;

import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.RerunDraw;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job submit}: uploads the inputs, signs the order, sends it, and stays with the job where it is asked to. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = {
            "Uploads a job's inputs, signs its order and sends it.",
            "An input that is a file's name is uploaded and ordered by its digest; an image with a tag is ordered by the"
                    + " digest that its registry gives."
        },
        footer = {
            "",
            "With --wait, --for or --follow: exit 0 all tasks got there, 1 one ended otherwise than COMPLETED, 124 the time is"
                    + " over."
        })
final class JobSubmit implements Callable<Integer> {
    /** A specification and its order; the body of {@code POST /v1/jobs}. */
    record Order(JobId jobId, JobSpec spec, Authorization authorization, long chainId) {}

    /** What {@code submit} prints when it does not wait. */
    record Submitted(JobId jobId, int tasks, long index) {}

    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "SPEC", description = "YAML or JSON file; files that it names lie beside it.")
    private Path file = Path.of("job.yaml");

    @Option(names = "--id", description = "The job's id, to repeat an order safely; made when left out.")
    private @Nullable String id;

    @Option(names = "--image", description = "In place of the specification's image.")
    private @Nullable String image;

    @Option(names = "--wait", description = "Wait until every task is settled, or as far as --for says.")
    private boolean wait;

    @Option(names = "--for", description = "Wait until every task is ${COMPLETION-CANDIDATES}.")
    private JobWait.@Nullable Goal goal;

    @Option(
            names = {"-f", "--follow"},
            description = "Print the tasks' logs until they have ended, or as long as is waited.")
    private boolean follow;

    @Option(names = "--timeout", defaultValue = "600", description = "Seconds to wait; default ${DEFAULT-VALUE}.")
    private long timeoutSeconds = 600;

    @Override
    public Integer call() throws IOException {
        SpecFile given = SpecFile.read(file, image);
        JobId job = id == null ? new JobId(Session.uuid()) : JobId.parse(id);
        upload(given.files());
        Accepted accepted = order(job, given.spec());
        sayIfItMayRunAgain(session, given.spec());
        if (goal == null && !wait && !follow) {
            session.show(
                    new Submitted(job, given.spec().tasks(), accepted.index()),
                    new Table("JOB", "TASKS", "CAP")
                            .row(job, given.spec().tasks(), given.spec().cap().display()));
            session.say("accepted; see it through with 'job wait " + job + "' and 'job logs -f " + job + "'");
            return 0;
        }
        session.say("job " + job + " is accepted");
        return JobWait.report(session, stay(job, given.spec()));
    }

    /** A client should know before somebody else's machine has its order. */
    static void sayIfItMayRunAgain(Session session, JobSpec spec) throws IOException {
        Vetting vetting = CanaryOpening.vetting(session.network().parameters());
        if (vetting != null && RerunDraw.mayRunAgain(spec, vetting)) {
            session.say(
                    "note: the image is vetted, so the order may be run once more on other machines, at the protocol's cost;"
                            + " the order is public, and one with input files or a network is never run again");
        }
    }

    private Accepted order(JobId job, JobSpec spec) throws IOException {
        Authorization signed = session.authorize((command, expiresAt) -> TypedCommands.submitJob(
                job,
                session.wallet(),
                Json.digest(spec),
                spec.tasks(),
                spec.maxPrice(),
                spec.cap(),
                command,
                expiresAt));
        Order order = new Order(job, spec, signed, session.network().chainId());
        return session.server().post("/v1/jobs", order, Accepted.class);
    }

    private void upload(Map<Sha256, Path> files) throws IOException {
        if (files.isEmpty()) {
            return;
        }
        Server signedIn = session.signedIn();
        int done = 0;
        for (Map.Entry<Sha256, Path> entry : files.entrySet()) {
            session.say("uploading " + entry.getValue() + " (" + ++done + " of " + files.size() + ", "
                    + Files.size(entry.getValue()) + " bytes)");
            signedIn.putFile(entry.getKey(), entry.getValue());
        }
    }

    private JobView stay(JobId job, JobSpec spec) throws IOException {
        JobWait.Goal until = goal != null ? goal : wait ? JobWait.Goal.SETTLED : JobWait.Goal.ENDED;
        if (!follow) {
            return JobWait.await(session, job, until, timeoutSeconds, seen -> {});
        }
        // With JSON the standard output is one document.
        PrintWriter out = session.asJson() ? session.err() : session.out();
        Server signedIn = session.signedIn();
        List<LogTail> tails = new ArrayList<>();
        List<PrefixedLines> lines = new ArrayList<>();
        for (int i = 0; i < spec.tasks(); i++) {
            lines.add(new PrefixedLines(out, spec.tasks() == 1 ? "" : "[" + i + "] "));
            tails.add(new LogTail(signedIn, job, i, 0, lines.get(i)));
        }
        JobView seen = JobWait.await(session, job, until, timeoutSeconds, view -> read(view, tails));
        read(seen, tails);
        lines.forEach(PrefixedLines::finish);
        return seen;
    }

    private static void read(JobView view, List<LogTail> tails) throws IOException {
        for (TaskView task : view.tasks()) {
            tails.get(task.id().index()).read(task);
        }
    }
}
