package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.audit.ExportLine;
import io.athanor.audit.Replay;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.protocol.ProtocolEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    @TempDir
    private Path folder = Path.of(".");

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private static List<String> history() {
        BeginNetwork begin =
                new BeginNetwork(TestNode.CHAIN, TestNode.LOG, TestNode.LOG, AT, Profiles.load("devnet"), AT);
        List<String> lines = new ArrayList<>();
        for (ProtocolEvent event : Protocol.EMPTY.decide(begin)) {
            lines.add(line(event, lines.size(), lines.size()));
        }
        return lines;
    }

    private static String line(Event event, int place, long sequence) {
        return ExportLine.of(new Stored(
                        place + 1L,
                        new UUID(0x7000, place).toString(),
                        event.stream(),
                        sequence,
                        EventCatalogue.nameOf(event.getClass()),
                        EventCatalogue.revisionOf(event.getClass()),
                        Json.text(event),
                        "{\"actor\":\"chain\"}",
                        AT))
                .text();
    }

    private static int run(TestNode node, StringWriter out, StringWriter err, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--server", node.url()));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    @Test
    void anExportIsContinuedAfterItsLastWholeLineAndReplayed() throws IOException {
        List<String> lines = history();
        Path file = folder.resolve("export.jsonl");
        Files.writeString(file, lines.getFirst() + "\n" + lines.get(1).substring(0, 10));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        try (TestNode node = new TestNode()) {
            node.answer("GET /v1/audit/export", request -> {
                int after = Integer.parseInt(request.query().replaceAll(".*after=", ""));
                return String.join("\n", lines.subList(after, lines.size())) + "\n";
            });
            assertThat(run(node, out, err, "audit", "export", file.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(Files.readAllLines(file)).isEqualTo(lines);
            assertThat(run(node, out, err, "audit", "replay", file.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(run(node, out, err, "audit", "verify"))
                    .as(err.toString())
                    .isZero();
        }
        assertThat(out.toString()).contains("MATCH").doesNotContain("MISMATCH");
    }

    /** What the terms of a history with rewards are, the audit's own tests say. */
    @Test
    void termsAreShownOfAHistoryThatMatchesAlone() throws IOException {
        List<String> lines = history();
        Path whole = Files.write(folder.resolve("whole.jsonl"), lines);
        Path cut = Files.write(folder.resolve("cut.jsonl"), List.of(lines.get(1)));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        try (TestNode node = new TestNode()) {
            assertThat(run(node, out, err, "audit", "rewards", whole.toString(), "--epoch", "0"))
                    .isZero();
            assertThat(err.toString())
                    .contains("nothing was emitted in epoch 0")
                    .doesNotContain("MISMATCH");
            assertThat(run(node, out, err, "audit", "rewards", cut.toString(), "--epoch", "0"))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("MISMATCH");
        }
        assertThat(out.toString()).contains("WEIGHT", "SUM");
    }

    @Test
    void aChangedHistoryIsAMismatch() throws IOException {
        List<String> lines = history();
        Path file = folder.resolve("export.jsonl");
        Files.write(file, List.of(lines.get(1)));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        try (TestNode node = new TestNode()) {
            assertThat(run(node, out, err, "audit", "replay", file.toString())).isEqualTo(1);
        }
        assertThat(out.toString()).contains("MISMATCH");
    }

    /** A history whose epoch closed, which fixes a state; that it was never opened is the replay's to say. */
    private static List<String> withState() {
        List<String> lines = history();
        EpochClosed closed = new EpochClosed(0, ChainHead.GENESIS, AT);
        lines.add(line(closed, lines.size(), 0));
        return lines;
    }

    private String onChain(TestNode node, Path file, String... options) {
        StringWriter out = new StringWriter();
        List<String> args = new ArrayList<>(List.of("audit", "replay", file.toString()));
        args.addAll(List.of(options));
        run(node, out, new StringWriter(), args.toArray(String[]::new));
        return out.toString();
    }

    private static Function<TestNode.Request, Object> anchored(long size, Hash32 root) {
        return request -> {
            assertThat(request.body().at("/params/0/to").asText()).isEqualTo(TestNode.LOG.address());
            return Map.of(
                    "jsonrpc",
                    "2.0",
                    "id",
                    1,
                    "result",
                    "0x" + "%064x".formatted(size) + root.hex().substring(2));
        };
    }

    @Test
    void theAnchoredStateIsComparedWithTheReplays() throws IOException {
        Path file = folder.resolve("export.jsonl");
        Files.write(file, withState());
        Replay replay = new Replay();
        withState().forEach(replay::accept);
        Checkpoint state = replay.checkpoints().getFirst();
        try (TestNode node = new TestNode()) {
            assertThat(onChain(node, file)).contains("not asked");
            node.answer("POST /chain", anchored(0, Hash32.ZERO));
            String rpc = "--rpc=" + node.url() + "/chain";
            assertThat(onChain(node, file, rpc)).contains("nothing is anchored yet");
            node.answer("POST /chain", anchored(state.size(), state.root()));
            assertThat(onChain(node, file, rpc)).contains("state 1 MATCH");
            node.answer("POST /chain", anchored(state.size(), Hash32.keccak()));
            assertThat(onChain(node, file, rpc)).contains("state 1 MISMATCH: on chain it is " + Hash32.keccak());
            node.answer("POST /chain", anchored(state.size() + 1, state.root()));
            assertThat(onChain(node, file, rpc)).contains("and the history ends before");
            node.answer("POST /chain", anchored(1, state.root()));
            assertThat(onChain(node, file, rpc)).contains("a number that the history never had");
        }
    }

    @Test
    void anHonestHistoryThatEndsBeforeTheAnchoredStateFails() throws IOException {
        Path file = folder.resolve("export.jsonl");
        Files.write(file, history());
        try (TestNode node = new TestNode()) {
            node.answer("POST /chain", anchored(7, Hash32.ZERO));
            StringWriter out = new StringWriter();
            int exit = run(node, out, out, "audit", "replay", file.toString(), "--rpc", node.url() + "/chain");
            assertThat(exit).isEqualTo(1);
            node.answer("POST /chain", anchored(0, Hash32.ZERO));
            exit = run(node, out, out, "audit", "replay", file.toString(), "--rpc", node.url() + "/chain");
            assertThat(exit).as(out.toString()).isZero();
        }
    }
}
