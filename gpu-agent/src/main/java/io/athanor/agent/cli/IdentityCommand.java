package io.athanor.agent.cli;

import io.athanor.agent.Identity;
import io.athanor.codec.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code identity}: what the owner's wallet has to authorise. */
@Command(
        name = "identity",
        mixinStandardHelpOptions = true,
        description = "Prints this machine's id and public device key as JSON, making them at first use.")
public final class IdentityCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions options = new AgentOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    private CommandSpec spec;

    private record Shown(String machine, String agentKey) {}

    @Override
    public Integer call() throws IOException {
        Identity identity = Identity.of(options.settings().data());
        PrintWriter out = spec.commandLine().getOut();
        out.println(Json.text(new Shown(identity.machine().toString(), identity.agentKey())));
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
