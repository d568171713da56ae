package io.athanor.agent.cli;

import io.athanor.agent.Enrolment;
import io.athanor.codec.Json;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.wire.AgentProtocol.Enrolled;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code enroll TOKEN}: joins this machine to the network under its owner's authorisation. */
@Command(
        name = "enroll",
        mixinStandardHelpOptions = true,
        description = "Enrols this machine with a one-time token and the owner's signed authorisation.")
public final class EnrollCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions options = new AgentOptions();

    @Parameters(paramLabel = "TOKEN", description = "the one-time token")
    private String token = "";

    @Option(
            names = "--authorization",
            required = true,
            description = "JSON file: the owner's authorisation of the key that 'identity' prints")
    private Path authorization = Path.of("authorization.json");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Authorization signed = Json.readStrict(Files.readAllBytes(authorization), Authorization.class);
        Enrolled enrolled = Enrolment.send(options.settings(), token, signed);
        PrintWriter out = spec.commandLine().getOut();
        out.println("enrolled as machine " + enrolled.machine() + " of " + enrolled.provider());
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
