package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.domain.common.JobId;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TimelineEntry;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job timeline}: what happened to a job, by whom and why. */
@Command(
        name = "timeline",
        mixinStandardHelpOptions = true,
        description = "What happened to a job: every event of its tasks, by whom, in words.")
final class JobTimeline implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "JOB", description = "As 'job submit' and 'job list' print it.")
    private String id = "";

    @Option(names = "--first", defaultValue = "100", description = "How many; default ${DEFAULT-VALUE}.")
    private int first = 100;

    @Option(names = "--after", description = "The cursor that the last page ended with.")
    private @Nullable String after;

    @Override
    public Integer call() throws IOException {
        String path = "/v1/jobs/" + JobId.parse(id) + "/timeline?first=" + first
                + (after == null ? "" : "&after=" + Text.encode(after));
        Page<TimelineEntry> page = session.server().get(path, new TypeReference<Page<TimelineEntry>>() {});
        Table table = new Table("INDEX", "AT", "TASK", "EVENT", "BY", "DETAIL");
        page.items()
                .forEach(entry -> table.row(
                        entry.index(), entry.at(), entry.task().index(), entry.event(), entry.actor(), entry.detail()));
        session.show(page, table);
        session.more(page);
        return 0;
    }
}
