package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.audit.ExportLine;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.Measure.AttachedReport;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Subject;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.protocol.ProtocolParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhatIfCommandTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final ProtocolParameters PARAMETERS = Profiles.load("devnet");
    private static final ProposalId ID = new ProposalId(new UUID(0x7000, 99));

    @TempDir
    private Path folder = Path.of(".");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void begin() {
        Protocol.EMPTY
                .decide(new BeginNetwork(TestNode.CHAIN, TestNode.LOG, TestNode.LOG, AT, PARAMETERS, AT))
                .forEach(this::append);
    }

    private void append(Event event) {
        int number = lines.size() + 1;
        lines.add(ExportLine.of(new Stored(
                        number,
                        new UUID(0x7000, number).toString(),
                        event.stream(),
                        number,
                        EventCatalogue.nameOf(event.getClass()),
                        EventCatalogue.revisionOf(event.getClass()),
                        Json.text(event),
                        "{\"actor\":\"chain\"}",
                        AT))
                .text());
    }

    private void propose(Measure measure) {
        Wallet proposer = TestNode.LOG;
        append(new ProposalSubmitted(
                ID,
                proposer,
                "The same again",
                measure,
                Ath.ofWhole(1),
                Ath.ofWhole(1),
                Economy.STANDARD.governance(),
                1,
                3,
                new Authorization(new CommandId(new UUID(1, 2)), proposer, proposer, AT, "0x"),
                AT));
    }

    private static ChangeParameters change(@Nullable AttachedReport report) {
        return new ChangeParameters(Subject.REWARDS, 1, PARAMETERS, report);
    }

    private Path write(Measure measure) throws IOException {
        return Files.writeString(folder.resolve("measure.json"), Json.text(measure));
    }

    private int whatIf(String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of("whatif"));
        all.add(Files.write(folder.resolve("export.jsonl"), lines).toString());
        all.addAll(List.of(args));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    private AttachedReport reported(Path measure) throws IOException {
        Measure read = Json.readStrict(Files.readAllBytes(measure), Measure.class);
        assertThat(read)
                .isInstanceOfSatisfying(
                        ChangeParameters.class,
                        change -> assertThat(change.whatIf()).isNotNull());
        return Objects.requireNonNull(((ChangeParameters) read).whatIf());
    }

    @Test
    void aMeasureGetsTheReportThatItsProposalIsHeldToLater() throws IOException {
        Path measure = write(change(null));
        assertThat(whatIf("--measure", measure.toString())).as(err.toString()).isZero();
        AttachedReport report = reported(measure);
        assertThat(err.toString()).contains("digest " + report.digest());

        propose(change(report));
        assertThat(whatIf("--proposal", ID.toString())).as(err.toString()).isZero();
        assertThat(err.toString()).contains("the proposal names " + report.digest(), "this export gives the same");
    }

    @Test
    void aReportThatTheHistoryDoesNotGiveEndsWithOne() throws IOException {
        Path measure = write(change(null));
        whatIf("--measure", measure.toString());
        AttachedReport right = reported(measure);
        Sha256 other = Sha256.of("another report".getBytes(StandardCharsets.UTF_8));
        propose(change(new AttachedReport(other, right.throughIndex(), right.fromEpoch(), right.toEpoch())));
        assertThat(whatIf("--proposal", ID.toString())).isEqualTo(Failure.REFUSED);
        assertThat(err.toString()).contains("names " + other, "this export gives " + right.digest());
    }

    @Test
    void aProposalWithoutAReportSaysSo() throws IOException {
        propose(change(null));
        assertThat(whatIf("--proposal", ID.toString())).as(err.toString()).isZero();
        assertThat(err.toString()).contains("the proposal names no report");
    }

    @Test
    void aMeasureWithoutParametersAndAnUnknownProposalAreExplained() throws IOException {
        Path grant = write(new FundCommunity(TestNode.LOG, "a dashboard", List.of()));
        assertThat(whatIf("--measure", grant.toString())).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("measure.json changes no parameters");
        assertThat(whatIf("--proposal", ID.toString())).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("the export has no proposal " + ID);
    }
}
