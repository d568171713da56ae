package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.domain.common.JobId;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskUsageView;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job usage}: what a job's containers used, by task. */
@Command(
        name = "usage",
        mixinStandardHelpOptions = true,
        description = "Processor time, memory, GPU, network and stream latency of each task, as its machine last said.")
final class JobUsage implements Callable<Integer> {
    private static final long BYTES_PER_MIB = 1 << 20;

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
        String path = "/v1/jobs/" + JobId.parse(id) + "/usage?first=" + first
                + (after == null ? "" : "&after=" + Text.encode(after));
        Page<TaskUsageView> page = session.signedIn().get(path, new TypeReference<Page<TaskUsageView>>() {});
        Table table = new Table(
                "TASK",
                "AT",
                "CPU-MS",
                "MEMORY-MIB",
                "PROCESSES",
                "RECEIVED",
                "SENT",
                "GPU-%",
                "GPU-MEMORY-MIB",
                "STREAM-PIECES",
                "STREAM-P50-US",
                "STREAM-P99-US");
        page.items()
                .forEach(used -> table.row(
                        used.task(),
                        used.at(),
                        used.cpuMillis(),
                        used.memoryBytes() / BYTES_PER_MIB,
                        used.processes(),
                        used.receivedBytes(),
                        used.sentBytes(),
                        used.gpuPercent(),
                        used.gpuMemoryMib(),
                        used.streamPieces(),
                        used.streamMedianMicros(),
                        used.streamP99Micros()));
        session.show(page, table);
        session.more(page);
        return 0;
    }
}
