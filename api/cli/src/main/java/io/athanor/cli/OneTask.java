package io.athanor.cli;

import io.athanor.domain.common.TaskId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One task of a job, by the job and {@code --task}, or by the name that lists give the task. */
final class OneTask {
    @Parameters(index = "0", paramLabel = "JOB", description = "As lists print it; JOB.2 is its task 2.")
    private String name = "";

    @Option(names = "--task", description = "Which task; default 0, or the one that JOB names.")
    private @Nullable Integer task;

    /** Error: {@link Failure} where name and option name two tasks; {@link IllegalArgumentException} for no name at all. */
    TaskId id() {
        boolean whole = name.indexOf('.') < 0;
        TaskId named = TaskId.parse(whole ? name + ".0" : name);
        if (task == null) {
            return named;
        }
        if (!whole && named.index() != task) {
            throw new Failure(Failure.USAGE, name + " is not task " + task + ": leave --task out");
        }
        return named.job().task(task);
    }
}
