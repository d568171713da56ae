package io.athanor.audit;

import io.athanor.audit.Replay.Result;
import io.athanor.codec.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The stand-alone auditor: {@code java -jar athanor-audit.jar replay export.jsonl}. Exit 0 for MATCH, 1 otherwise. */
@Command(
        name = "athanor-audit",
        mixinStandardHelpOptions = true,
        description = "Checks an exported history of Athanor, trusting nobody.",
        subcommands = AuditMain.ReplayCommand.class)
public final class AuditMain {
    private AuditMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new AuditMain()).execute(args));
    }

    /** Replays one export. */
    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Folds every stream, verifies every signature, recomputes draws, verdicts, rewards and"
                    + " batches, books the ledger, and prints MATCH or what differs.")
    static final class ReplayCommand implements Callable<Integer> {
        private static final long PROGRESS_EVENTS = 100_000;

        @Parameters(index = "0", paramLabel = "EXPORT", description = "JSON lines, or - for standard input.")
        private String export = "-";

        @Option(names = "--json", description = "Print the result as one JSON object.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            Result result = replay();
            System.out.println(json ? Json.text(result) : describe(result));
            return result.matches() ? 0 : 1;
        }

        private Result replay() throws IOException {
            Replay replay = new Replay();
            try (InputStream in = export.equals("-") ? System.in : Files.newInputStream(Path.of(export));
                    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                long count = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank()) {
                        replay.accept(line);
                        progress(++count);
                    }
                }
            }
            return replay.result();
        }

        private static void progress(long count) {
            if (count % PROGRESS_EVENTS == 0) {
                System.err.println("replayed " + count + " events");
            }
        }

        private static String describe(Result result) {
            StringBuilder text = new StringBuilder();
            result.balances().forEach((account, wei) -> text.append(String.format("%-60s %s%n", account, wei)));
            result.problems()
                    .forEach(p -> text.append(
                            String.format("event %d %s of %s: %s%n", p.index(), p.event(), p.stream(), p.what())));
            return text.append(String.format("events %d, up to index %d%n", result.events(), result.lastIndex()))
                    .append(String.format("state   %s%nhistory %s%n", result.stateHash(), result.historyHash()))
                    .append(result.matches() ? "MATCH" : "MISMATCH: " + result.problemCount() + " differences")
                    .toString();
        }
    }
}
