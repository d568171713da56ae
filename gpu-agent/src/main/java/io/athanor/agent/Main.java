package io.athanor.agent;

import io.athanor.agent.cli.CheckerCommand;
import io.athanor.agent.cli.DoctorCommand;
import io.athanor.agent.cli.DrainCommand;
import io.athanor.agent.cli.EnrollCommand;
import io.athanor.agent.cli.IdentityCommand;
import io.athanor.agent.cli.ReadyCommand;
import io.athanor.agent.cli.RunCommand;
import io.athanor.agent.cli.RunLocalCommand;
import io.athanor.agent.cli.StatusCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code athanor-agent}: the agent of a provider's machine, and the checker node. */
@Command(
        name = "athanor-agent",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Runs leased containers on this machine's GPUs.",
        subcommands = {
            RunCommand.class,
            EnrollCommand.class,
            IdentityCommand.class,
            StatusCommand.class,
            DrainCommand.class,
            ReadyCommand.class,
            DoctorCommand.class,
            RunLocalCommand.class,
            CheckerCommand.class
        })
public final class Main {
    /** What {@code --version} prints. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"athanor-agent " + Agent.VERSION};
        }
    }

    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    private Main() {}

    /** Exit codes: 0 done, 1 failed, 2 wrong usage, 3 another agent with this machine's key has taken over. */
    public static void main(String[] arguments) {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, _) -> {
                    PrintWriter error = line.getErr();
                    error.println("athanor-agent: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }
}
