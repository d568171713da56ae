package io.athanor.cli;

import io.athanor.audit.ExportLine;
import io.athanor.audit.Replay;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.ProofView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor audit …}: the history, checked by whoever wants to. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Fetch the whole history and check it, trusting nobody.",
        subcommands = {
            AuditCommand.Export.class,
            AuditCommand.ReplayCommand.class,
            AuditCommand.Verify.class,
            AuditRewards.class,
            AuditCommand.Proof.class
        })
final class AuditCommand {
    private static final long PROGRESS_LINES = 100_000;

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Fetches the history as JSON lines; an existing file is continued.")
    static final class Export implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "FILE", arity = "0..1", description = "Default: standard output.")
        private @Nullable Path file;

        @Override
        public Integer call() throws IOException {
            if (file == null) {
                try (InputStream in = session.server().stream("/v1/audit/export?after=0")) {
                    copyLines(in);
                }
                return 0;
            }
            long after = Files.exists(file) ? resume(file) : 0;
            try (InputStream in = session.server().stream("/v1/audit/export?after=" + after);
                    OutputStream out =
                            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                session.say("after event " + after + ": " + in.transferTo(out) + " bytes");
            }
            return 0;
        }

        private void copyLines(InputStream in) throws IOException {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                session.out().println(line);
            }
        }

        /** Cuts off a line that was not finished and returns the last whole line's index. */
        private static long resume(Path file) throws IOException {
            long index = 0;
            long whole = 0;
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    long end = whole + line.getBytes(StandardCharsets.UTF_8).length + 1;
                    if (end > Files.size(file)) {
                        break;
                    }
                    index = ExportLine.parse(line).number();
                    whole = end;
                }
            }
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
            return index;
        }
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Replays an export and compares. Exit 0 for MATCH, 1 otherwise.")
    static final class ReplayCommand implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Mixin
        private Anchor anchor = new Anchor();

        @Parameters(paramLabel = "FILE", description = "As 'audit export' wrote it.")
        private Path file = Path.of("export.jsonl");

        @Override
        public Integer call() throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                return report(session, anchor, in);
            }
        }
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Fetches the history and replays it at once. Exit 0 for MATCH, 1 otherwise.")
    static final class Verify implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Mixin
        private Anchor anchor = new Anchor();

        @Override
        public Integer call() throws IOException {
            try (InputStream in = session.server().stream("/v1/audit/export?after=0")) {
                return report(session, anchor, in);
            }
        }
    }

    /** @param anchored what the chain says to the history, null where it was not asked */
    private record Audited(Replay.Result replay, Anchor.@Nullable Verdict anchored) {}

    /** Looks at a replay between two lines. */
    @FunctionalInterface
    interface Watch {
        void look(Replay replay) throws IOException;
    }

    /**
     * Replays a whole history from JSON lines.
     *
     * @param after looks at the replay after each line
     */
    static void replay(Replay replay, Session session, InputStream in, Watch after) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        long count = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            replay.accept(line);
            after.look(replay);
            if (++count % PROGRESS_LINES == 0) {
                session.say("replayed " + count + " events");
            }
        }
    }

    private static int report(Session session, Anchor anchor, InputStream in) throws IOException {
        Replay replay = new Replay();
        replay(replay, session, in, anchor::ask);
        return show(session, replay.result(), anchor.verdict(replay).orElse(null));
    }

    private static int show(Session session, Replay.Result result, Anchor.@Nullable Verdict anchored) {
        Table table = new Table("VERDICT", "EVENTS", "STATE", "DIFFERENCES", "ON CHAIN")
                .row(
                        result.matches() ? "MATCH" : "MISMATCH",
                        result.events(),
                        result.stateHash(),
                        result.problemCount(),
                        anchored == null ? "not asked (--rpc)" : anchored.state());
        session.show(anchored == null ? result : new Audited(result, anchored), table);
        result.problems().forEach(p -> session.say("event " + p.index() + " " + p.event() + ": " + p.what()));
        return result.matches() && (anchored == null || anchored.matches()) ? 0 : Failure.REFUSED;
    }

    @Command(
            name = "proof",
            mixinStandardHelpOptions = true,
            description =
                    "Proves that a task's settlement, match or agreement is in a batch. Exit 1 where the proof fails.")
    static final class Proof implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "TASK", description = "<job>.<index>")
        private String task = "";

        @Option(
                names = "--leaf",
                paramLabel = "LEAF",
                description = "SETTLEMENT, MATCH or AGREEMENT (default: ${DEFAULT-VALUE})")
        private LeafKind leaf = LeafKind.SETTLEMENT;

        private record Proven(ProofView proof, BatchView batch, boolean valid) {}

        @Override
        public Integer call() throws IOException {
            ProofView proof =
                    session.server().get("/v1/proofs/" + TaskId.parse(task) + "?leaf=" + leaf, ProofView.class);
            BatchView batch = session.server().get("/v1/batches/" + proof.seq(), BatchView.class);
            boolean valid = proof.root().equals(batch.root())
                    && MerkleTree.verify(
                            proof.root(),
                            MerkleTree.leafHash(Hex.decode(proof.leaf())),
                            proof.index(),
                            proof.size(),
                            proof.path());
            Table table = new Table("TASK", "BATCH", "ROOT", "TRANSACTION", "FINAL", "PROOF")
                    .row(
                            proof.task(),
                            proof.seq(),
                            proof.root(),
                            batch.transaction(),
                            batch.finalised(),
                            valid ? "VALID" : "INVALID");
            session.show(new Proven(proof, batch, valid), table);
            return valid ? 0 : Failure.REFUSED;
        }
    }
}
