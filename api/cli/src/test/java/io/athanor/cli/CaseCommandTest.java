package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code athanor case …}: what is read, and what is signed and sent. */
class CaseCommandTest extends CommandLineTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Wallet CHECKER = Wallet.parse("0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc");
    private static final RoundId ROUND = new RoundId(7, RoundId.Kind.LIVENESS, 0, 0);
    private static final SignedReport ONE = report(Finding.Fact.ONLINE);
    private static final SignedReport OTHER = report(Finding.Fact.OFFLINE);
    private static final Offence OFFENCE = new Equivocation(PoolId.ofChecker(CHECKER), CHECKER, ONE, OTHER, AT);

    private static SignedReport report(Finding.Fact fact) {
        Finding finding = new Finding("machine", fact, Hash32.ZERO, 0, 0);
        return new SignedReport(new Report(ROUND, CHECKER, List.of(finding), Sha256.of(new byte[] {1})), "0x01");
    }

    private static CaseView caseFile() {
        return new CaseView(
                OFFENCE.caseId(),
                "STAYED",
                OFFENCE.accused(),
                OFFENCE,
                500,
                Ath.ofWhole(5_000),
                Ath.ZERO,
                1,
                null,
                AT,
                null,
                null,
                List.of(new PenaltyShare(PenaltyShare.Kind.TREASURY, null, Ath.ofWhole(7))),
                List.of(new CaseView.CaseStep(AT, "CaseOpened", "two signed reports")),
                AT,
                1);
    }

    private static Object accepted(JsonNode signed) {
        return Map.of("commandId", signed.path("commandId").asText(), "events", 1, "index", 9);
    }

    private static CommandId command(JsonNode signed) {
        return CommandId.parse(signed.path("commandId").asText());
    }

    private static Instant expiry(JsonNode signed) {
        return Instant.parse(signed.path("expiresAt").asText());
    }

    @Test
    void casesAreListedByTheirAccused() {
        node.answer("GET /v1/cases", request -> {
            assertThat(request.query()).contains("first=20", "accused=checker:" + CHECKER);
            return new Page<>(List.of(caseFile()), null, 1);
        });
        assertThat(run("case", "list", "--accused", "checker:" + CHECKER))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains(OFFENCE.caseId().toString(), "STAYED", OFFENCE.name());
    }

    @Test
    void aFileIsShownStepByStepWithWhoGetsWhat() {
        CaseId id = OFFENCE.caseId();
        node.answer("GET /v1/cases/" + id, request -> caseFile());
        assertThat(run("case", "show", id.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).contains("CaseOpened", "two signed reports", "TREASURY");
        assertThat(run("case", "show", id.toString(), "-o", "JSON")).isZero();
        assertThat(out.toString()).contains("\"findings\"");
        CaseId unknown = new CaseId(new java.util.UUID(1, 2));
        assertThat(run("case", "show", unknown.toString())).isNotZero();
        assertThat(err.toString()).contains("nothing at");
        assertThat(run("case", "show", "no-id")).isEqualTo(2);
    }

    @Test
    void anAppealIsSignedWithTheBondOfTheParameters() {
        CaseId id = OFFENCE.caseId();
        Ath bond = PenaltyPolicy.appealBond(Ath.ofWhole(5_000), Profiles.load("devnet"));
        node.answer("GET /v1/cases/" + id, request -> caseFile()).answer("POST /v1/cases/" + id + "/appeal", r -> {
            JsonNode signed = r.body().path("authorization");
            assertThat(r.body().path("bond").asText()).isEqualTo(bond.toString());
            TestNode.requireSigned(
                    signed, TypedCommands.lodgeAppeal(id, bond, "the cable was cut", command(signed), expiry(signed)));
            return accepted(signed);
        });
        assertThat(run("case", "appeal", id.toString(), "--why", "the cable was cut"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains(bond.display());
        assertThat(run("case", "appeal", id.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--why");
    }

    @Test
    void aDisputeIsSignedForTheTasksLeaseWithTheDepositOfTheParameters() {
        TaskId task = new JobId(new java.util.UUID(5, 6)).task(0);
        LeaseId lease = task.lease(1);
        CaseId id = Offence.caseOf(Offence.Dispute.name(lease));
        Ath deposit = PenaltyPolicy.disputeDeposit(Ath.ofWhole(400), Profiles.load("devnet"));
        node.answer("GET /v1/jobs/" + task.job(), r -> Map.of("id", task.job(), "tasks", List.of(settled(task, lease))))
                .answer("POST /v1/cases/disputes", r -> {
                    JsonNode signed = r.body().path("authorization");
                    assertThat(r.body().path("lease").asText()).isEqualTo(lease.toString());
                    assertThat(r.body().path("deposit").asText()).isEqualTo(deposit.toString());
                    TestNode.requireSigned(
                            signed,
                            TypedCommands.disputeJob(id, deposit, "it is empty", command(signed), expiry(signed)));
                    return accepted(signed);
                });
        assertThat(run("case", "dispute", task.toString(), "--why", "it is empty"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains(id.toString(), deposit.display());
        assertThat(run("case", "dispute", task.job().task(1).toString(), "--why", "it is empty"))
                .isNotZero();
        assertThat(err.toString()).contains("has no task");
    }

    private static TaskView settled(TaskId task, LeaseId lease) {
        return new TaskView(
                task, "SETTLED", lease, null, null, null, null, null, null, AT, null, null, Ath.ofWhole(400), 3L, true);
    }

    @Test
    void twoReportsOfAFileAreSentAsAProofThatTheReporterSigned() throws IOException {
        Path file = folder.resolve("proof.json");
        Files.write(file, Json.bytes(new CaseCommand.Proof(ONE, OTHER)));
        CaseId id = OFFENCE.caseId();
        node.answer("POST /v1/cases/equivocations", request -> {
            JsonNode signed = request.body().path("authorization");
            TestNode.requireSigned(
                    signed,
                    TypedCommands.reportEquivocation(
                            id, ONE.report(), OTHER.report(), command(signed), expiry(signed)));
            return accepted(signed);
        });
        assertThat(run("case", "prove", file.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).contains(id.toString(), "checker:" + CHECKER);
        Files.writeString(file, "{\"one\": 1}");
        assertThat(run("case", "prove", file.toString())).isNotZero();
        assertThat(run("case", "prove", folder.resolve("none.json").toString())).isNotZero();
    }
}
