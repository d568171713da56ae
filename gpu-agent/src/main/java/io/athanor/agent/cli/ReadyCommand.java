package io.athanor.agent.cli;

import io.athanor.agent.server.StagedUpgrade;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ready}: the programs of an upgrade are here. */
@Command(
        name = "ready",
        mixinStandardHelpOptions = true,
        description =
                "Says that the programs of an upgrade are here; the agent or checker of the data folder signs and reports"
                        + " it until it is counted.")
public final class ReadyCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            defaultValue = "${env:ATHANOR_DATA:-/var/lib/athanor-agent}",
            description = "folder of the agent or of the checker (default: ${DEFAULT-VALUE})")
    private Path data = Path.of("/var/lib/athanor-agent");

    @Parameters(paramLabel = "PROGRAMS", description = "the upgrade's artifact, whose digest was voted for")
    private Path programs = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        spec.commandLine().getOut().println(StagedUpgrade.stage(data, programs));
        return 0;
    }
}
