package io.athanor.cli;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code job logs}: a task's log from an offset, once or following. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Prints a task's log; the job's client and the machine's provider may read it.")
final class JobLogs implements Callable<Integer> {
    static final Set<String> LIVE = Set.of("QUEUED", "ASSIGNED", "RUNNING", "LOST");
    private static final long POLL_MILLIS = 300;

    @Mixin
    private Session session = new Session();

    @Mixin
    private OneTask task = new OneTask();

    @Option(names = "--offset", defaultValue = "0", description = "The first byte to print; default 0.")
    private long offset;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the task is over.")
    private boolean follow;

    @Override
    public Integer call() throws IOException {
        Server server = session.signedIn();
        TaskId id = task.id();
        JobId job = id.job();
        LogTail tail = new LogTail(server, job, id.index(), offset, this::print);
        JobView view = server.get("/v1/jobs/" + job, JobView.class);
        if (!follow) {
            tail.read(task(view));
            return over(tail, view);
        }
        try (JobEvents events = JobEvents.of(session, job)) {
            // A log that still grew at the last look may have more.
            while (tail.read(task(view)) || LIVE.contains(task(view).state())) {
                if (events.awaitBeyond(view.asOf(), POLL_MILLIS)) {
                    view = server.get("/v1/jobs/" + job, JobView.class);
                }
            }
        }
        return over(tail, view);
    }

    private int over(LogTail tail, JobView view) {
        session.say("next offset " + tail.next() + ", task " + task(view).state());
        return 0;
    }

    private TaskView task(JobView job) {
        TaskId id = task.id();
        return job.tasks().stream()
                .filter(view -> view.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Failure(Failure.USAGE, "job " + id.job() + " has no task " + id.index()));
    }

    private void print(String text) {
        session.out().write(text);
        session.out().flush();
    }
}
