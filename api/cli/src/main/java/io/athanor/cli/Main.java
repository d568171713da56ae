package io.athanor.cli;

import io.athanor.domain.common.PoolId;
import io.athanor.domain.governance.ProposalId;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code athanor}: clients, providers and auditors on the command line.
 *
 * <p>Data goes to standard output, progress and errors to standard error. Exit codes: 0 done, 1 refused or different,
 * 2 wrong call, 124 waited too long.
 */
@Command(
        name = "athanor",
        mixinStandardHelpOptions = true,
        version = "athanor 0.1.0",
        description = "An open, auditable decentralised GPU cloud.",
        footer = {
            "",
            "Data goes to standard output, progress and errors to standard error.",
            "Exit codes: 0 done, 1 refused or different, 2 wrong call, 124 waited too long."
        },
        subcommands = {
            JobCommand.class,
            AccountCommand.class,
            KeysCommand.class,
            ProviderCommand.class,
            MachineCommand.class,
            CheckerCommand.class,
            StakeCommand.class,
            RewardsCommand.class,
            VoteCommand.class,
            WhatIfCommand.class,
            CaseCommand.class,
            CanaryCommand.class,
            AuditCommand.class,
            OpsCommand.class,
            GenerateCompletion.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(writer(System.out), writer(System.err), args));
    }

    /** UTF-8 whatever the locale says: logs and JSON are. */
    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Runs one call and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .registerConverter(PoolId.class, PoolId::parse)
                .registerConverter(ProposalId.class, ProposalId::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("athanor: " + message(failure).stripTrailing());
                    return exitCode(failure);
                })
                .execute(args);
    }

    private static String message(Exception failure) {
        if (failure instanceof NoSuchFileException missing) {
            return "there is no file " + missing.getFile();
        }
        String text = failure.getMessage();
        return text == null ? failure.getClass().getSimpleName() : text;
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case Failure known -> known.exitCode();
            case IllegalArgumentException wrong -> Failure.USAGE;
            case NoSuchFileException missing -> Failure.USAGE;
            default -> Failure.REFUSED;
        };
    }
}
