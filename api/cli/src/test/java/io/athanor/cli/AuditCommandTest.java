package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.audit.ExportLine;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
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
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    @TempDir
    private Path folder = Path.of(".");

    private static List<String> history() {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        BeginNetwork begin =
                new BeginNetwork(TestNode.CHAIN, TestNode.LOG, TestNode.LOG, at, Profiles.load("devnet"), at);
        List<String> lines = new ArrayList<>();
        for (ProtocolEvent event : Protocol.EMPTY.decide(begin)) {
            lines.add(ExportLine.of(new Stored(
                            lines.size() + 1L,
                            new UUID(0x7000, lines.size()).toString(),
                            event.stream(),
                            lines.size(),
                            EventCatalogue.nameOf(event.getClass()),
                            EventCatalogue.revisionOf(event.getClass()),
                            Json.text(event),
                            "{\"actor\":\"chain\"}",
                            at))
                    .text());
        }
        return lines;
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
}
