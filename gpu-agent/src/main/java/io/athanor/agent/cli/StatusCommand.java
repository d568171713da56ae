package io.athanor.agent.cli;

import io.athanor.agent.LocalStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code status}: asks the agent that runs on this machine. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what the running agent is doing, as JSON.")
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions options = new AgentOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(LocalStatus.read(options.settings().data()));
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
