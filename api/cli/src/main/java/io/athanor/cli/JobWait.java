package io.athanor.cli;

import io.athanor.domain.common.JobId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code job wait}: until every task has come as far as asked. Exit 0 when all got there and none ended otherwise than
 * COMPLETED, 1 when one did, 124 when the time is over.
 */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = "Waits until every task has come that far.",
        footer = {"", "Exit codes: 0 all got there, 1 a task ended otherwise than COMPLETED, 124 the time is over."})
final class JobWait implements Callable<Integer> {
    private static final long POLL_MILLIS = 500;
    private static final List<String> LIFE =
            List.of("QUEUED", "LOST", "ASSIGNED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "VERIFIED", "SETTLED");

    /** What is waited for; a later one includes the earlier. */
    enum Goal {
        RUNNING,
        ENDED,
        VERIFIED,
        SETTLED;

        boolean reachedBy(TaskView task) {
            String least = this == ENDED ? "COMPLETED" : name();
            return LIFE.indexOf(task.state()) >= LIFE.indexOf(least);
        }
    }

    /** Is shown the job at every look. */
    interface Onlooker {
        void see(JobView job) throws IOException;
    }

    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "JOB", description = "As 'job submit' and 'job list' print it.")
    private String id = "";

    @Option(names = "--for", defaultValue = "SETTLED", description = "${COMPLETION-CANDIDATES}; default settled.")
    private Goal goal = Goal.SETTLED;

    @Option(names = "--timeout", defaultValue = "600", description = "Seconds; default ${DEFAULT-VALUE}.")
    private long timeoutSeconds = 600;

    @Override
    public Integer call() throws IOException {
        JobView job = await(session, JobId.parse(id), goal, timeoutSeconds, seen -> {});
        return report(session, job);
    }

    /** The job once every task is there; progress goes to standard error. Error: {@link Failure} when time is over. */
    static JobView await(Session session, JobId job, Goal goal, long timeoutSeconds, Onlooker onlooker)
            throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
        String told = "";
        try (JobEvents events = JobEvents.of(session, job)) {
            while (true) {
                // An order that was just accepted is shown some milliseconds later.
                Optional<JobView> seen = session.server().find("/v1/jobs/" + job, JobView.class);
                String now = seen.map(JobWait::progress).orElse("not shown yet");
                if (!now.equals(told)) {
                    session.say(now);
                    told = now;
                }
                if (seen.isPresent() && seen.get().tasks().stream().allMatch(goal::reachedBy)) {
                    onlooker.see(seen.get());
                    return seen.get();
                }
                if (!untilNews(events, seen, onlooker, deadline)) {
                    throw late(job, now, timeoutSeconds);
                }
            }
        }
    }

    /** Shows the onlooker the job until it changed; false where the time was over before. */
    private static boolean untilNews(JobEvents events, Optional<JobView> seen, Onlooker onlooker, long deadline)
            throws IOException {
        long known = seen.map(JobView::asOf).orElse(0L);
        while (System.nanoTime() < deadline) {
            if (seen.isPresent()) {
                onlooker.see(seen.get());
            }
            if (events.awaitBeyond(known, POLL_MILLIS) || seen.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static Failure late(JobId job, String now, long timeoutSeconds) {
        return new Failure(
                Failure.TIMED_OUT,
                "after " + timeoutSeconds + " s: " + now + "\n  The job goes on; wait again with 'job wait " + job
                        + "', or see why with 'job why " + job + "'.");
    }

    private static String progress(JobView job) {
        Map<String, Integer> counts = new TreeMap<>();
        job.tasks().forEach(task -> counts.merge(task.state(), 1, Integer::sum));
        return job.id() + " " + counts;
    }

    /** Shows the job and what can be done about endings other than COMPLETED; the exit code. */
    static int report(Session session, JobView job) {
        session.show(job, JobCommand.tasks(job));
        Set<String> endings = new TreeSet<>();
        job.tasks().stream()
                .map(TaskView::ending)
                .filter(ending -> ending != null && !ending.equals(Ending.COMPLETED.name()))
                .forEach(endings::add);
        endings.forEach(ending -> session.say(ending + ": " + nextStep(ending)));
        return endings.isEmpty() ? 0 : Failure.REFUSED;
    }

    /** A newer server may know endings that this does not. */
    private static String nextStep(String ending) {
        return Arrays.stream(Ending.values())
                .filter(known -> known.name().equals(ending))
                .map(Ending::nextStep)
                .findFirst()
                .orElse("see the task's detail.");
    }
}
