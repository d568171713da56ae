package io.athanor.cli;

import io.athanor.domain.common.JobId;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job logs}: a task's log from an offset, once or following. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "A task's log.")
final class JobLogs implements Callable<Integer> {
    private static final Set<String> LIVE = Set.of("QUEUED", "ASSIGNED", "RUNNING", "LOST");
    private static final long POLL_MILLIS = 300;

    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "JOB")
    private String id = "";

    @Option(names = "--task", defaultValue = "0")
    private int task;

    @Option(names = "--offset", defaultValue = "0", description = "The first byte to print.")
    private long offset;

    @Option(
            names = {"-f", "--follow"},
            description = "Until the task is over.")
    private boolean follow;

    private final Utf8Stream text = new Utf8Stream();

    @Override
    public Integer call() throws IOException {
        Server server = session.signedIn();
        JobId job = JobId.parse(id);
        String lease = "";
        long at = offset;
        while (true) {
            TaskView state = state(server, job);
            String now = state.lease() == null ? "" : state.lease().toString();
            if (!now.equals(lease)) {
                at = lease.isEmpty() ? offset : 0;
                lease = now;
            }
            long next = lease.isEmpty() ? at : drain(server, job, lease, at);
            boolean over = !LIVE.contains(state.state());
            if (!follow || over && next == at) {
                session.say("next offset " + next + ", task " + state.state());
                return 0;
            }
            at = next;
            pause();
        }
    }

    private TaskView state(Server server, JobId job) throws IOException {
        return server.get("/v1/jobs/" + job, JobView.class).tasks().stream()
                .filter(view -> view.id().index() == task)
                .findFirst()
                .orElseThrow(() -> new Failure(Failure.USAGE, "job " + job + " has no task " + task));
    }

    private long drain(Server server, JobId job, String lease, long from) throws IOException {
        long at = from;
        while (true) {
            String path = "/v1/jobs/" + job + "/logs?task=" + task + "&lease=" + lease + "&offset=" + at;
            HttpResponse<byte[]> part = server.part(path);
            if (part.body().length == 0) {
                return at;
            }
            write(part.body());
            at += part.body().length;
        }
    }

    private void write(byte[] bytes) {
        session.out().write(text.decode(bytes));
        session.out().flush();
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
