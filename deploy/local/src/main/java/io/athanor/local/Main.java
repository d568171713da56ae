package io.athanor.local;

import io.athanor.local.command.Bench;
import io.athanor.local.command.Demo;
import io.athanor.local.command.Doctor;
import io.athanor.local.command.Down;
import io.athanor.local.command.Status;
import io.athanor.local.command.Test;
import io.athanor.local.command.Up;
import io.athanor.local.process.EngineFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What the {@code athanor} script starts; each subcommand is a class of its own. */
@Command(
        name = "athanor",
        mixinStandardHelpOptions = true,
        version = "athanor 0.1.0",
        description = "Athanor, an open, auditable decentralised GPU cloud, on this machine.",
        footer = {
            "",
            "On a network that is up, here or elsewhere, each with --help:",
            "  job       order jobs, follow them, fetch what they made",
            "  account   balances, funding, withdrawals; 'account new' makes a wallet",
            "  keys      others that may sign for a wallet, within limits",
            "  provider, machine, checker, stake, rewards    taking part, and what one earns by it",
            "  vote, whatif, case, canary    governance, what a change would have done, penalties, secret tests",
            "  audit     export, replay and proofs",
            "  ops       what a node's operator sees and mends",
            "Begin with 'athanor demo', or with 'athanor up' and, in another terminal,",
            "'athanor job submit deploy/samples/render/job.json --follow'."
        },
        subcommands = {Demo.class, Up.class, Down.class, Status.class, Doctor.class, Test.class, Bench.class})
public final class Main {

    private static final int FAILED = 1;

    private Main() {}

    /** Runs a subcommand and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, line, parsed) -> explain(failure, line));
    }

    /** A failure that has a next step is told in one line; anything else is a fault of ours and shows its trace. */
    private static int explain(Exception failure, CommandLine line) throws Exception {
        if (failure instanceof EngineFailure || failure instanceof IllegalArgumentException) {
            line.getErr().println("athanor: " + failure.getMessage());
            return FAILED;
        }
        throw failure;
    }
}
