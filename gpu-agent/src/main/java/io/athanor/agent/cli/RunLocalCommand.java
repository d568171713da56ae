package io.athanor.agent.cli;

import io.athanor.agent.LocalJob;
import io.athanor.codec.Json;
import io.athanor.domain.job.Receipt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run-local JOB}: one task of a job on this machine, with no server, exactly as a lease would run it. */
@Command(
        name = "run-local",
        mixinStandardHelpOptions = true,
        description = "Runs one task of a job file on this machine, with no server, and prints its receipt.")
public final class RunLocalCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions options = new AgentOptions();

    @Parameters(paramLabel = "JOB", description = "the job as JSON")
    private Path job = Path.of("job.json");

    @Option(names = "--image", description = "in place of the job's: REPOSITORY@sha256:DIGEST")
    private @Nullable String image;

    @Option(names = "--input", description = "PATH=FILE for each input that the job names by its digest")
    private Map<String, Path> inputs = new LinkedHashMap<>();

    @Option(names = "--task", description = "index of the task to run")
    private int task;

    @Option(names = "--outputs", required = true, description = "folder for what the task leaves")
    private Path outputs = Path.of("outputs");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        JobFile wanted = JobFile.read(job, image);
        Map<String, Path> files = new LinkedHashMap<>(wanted.inputs());
        files.putAll(inputs);
        PrintWriter out = spec.commandLine().getOut();
        Receipt receipt = new LocalJob(options.settings(), wanted.spec(), task, files, outputs, System.out).run();
        out.println(Json.text(receipt));
        out.flush();
        return receipt.exitCode() != null && receipt.exitCode() == 0
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }
}
