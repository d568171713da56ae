package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor case …}. */
@Command(
        name = "case",
        mixinStandardHelpOptions = true,
        description = "Penalty cases: read the files, dispute a delivery, appeal, prove an equivocation.",
        subcommands = {
            CaseCommand.ListCases.class,
            CaseCommand.Show.class,
            CaseCommand.Appeal.class,
            CaseCommand.Dispute.class,
            CaseCommand.Prove.class
        })
final class CaseCommand {
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Cases, newest first.")
    static final class ListCases implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--accused", description = "Of one pool, such as checker:0x…")
        private @Nullable String accused;

        @Option(names = "--first", defaultValue = "20")
        private int first = 20;

        @Option(names = "--after")
        private @Nullable String after;

        @Override
        public Integer call() throws IOException {
            String path = "/v1/cases?first=" + first
                    + (accused == null ? "" : "&accused=" + Text.encode(accused))
                    + (after == null ? "" : "&after=" + Text.encode(after));
            Page<CaseView> page = session.server().get(path, new TypeReference<Page<CaseView>>() {});
            Table table = new Table("CASE", "STAGE", "AT RISK", "TAKEN", "OFFENCE");
            page.items()
                    .forEach(c -> table.row(
                            c.id(),
                            c.stage(),
                            c.amount().display(),
                            c.taken().display(),
                            c.offence().name()));
            session.show(page, table);
            return 0;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "One case file; evidence with -o JSON.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "CASE")
        private String id = "";

        @Override
        public Integer call() throws IOException {
            CaseView file = session.server().get("/v1/cases/" + CaseId.parse(id), CaseView.class);
            Table table = new Table("AT", "STEP", "DETAIL");
            file.history().forEach(step -> table.row(step.at(), step.event(), step.detail()));
            file.shares()
                    .forEach(share -> table.row(
                            "", share.kind() + " " + share.amount().display(), share.to() == null ? "" : share.to()));
            session.show(file, table);
            return 0;
        }
    }

    private record AppealBody(CaseId id, Ath bond, String why, Authorization authorization, long chainId) {}

    @Command(name = "appeal", mixinStandardHelpOptions = true, description = "Appeals, as the accused, with a bond.")
    static final class Appeal implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "CASE")
        private String id = "";

        @Option(names = "--why", required = true, description = "What is wrong with the case.")
        private String why = "";

        @Override
        public Integer call() throws IOException {
            CaseId which = CaseId.parse(id);
            CaseView file = session.server().get("/v1/cases/" + which, CaseView.class);
            Ath bond = PenaltyPolicy.appealBond(file.amount(), session.network().parameters());
            Authorization signed = session.authorize(
                    (command, expiresAt) -> TypedCommands.lodgeAppeal(which, bond, why, command, expiresAt));
            AppealBody body =
                    new AppealBody(which, bond, why, signed, session.network().chainId());
            Accepted accepted = session.server().post("/v1/cases/" + which + "/appeal", body, Accepted.class);
            session.show(accepted, new Table("CASE", "BOND").row(which, bond.display()));
            return 0;
        }
    }

    private record DisputeBody(LeaseId lease, Ath deposit, String why, Authorization authorization, long chainId) {}

    @Command(
            name = "dispute",
            mixinStandardHelpOptions = true,
            description = "Says, as the client, that a task was paid for and not delivered, with a deposit.")
    static final class Dispute implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "TASK", description = "Such as <job>.0")
        private String id = "";

        @Option(names = "--why", required = true, description = "What is wrong with the delivery.")
        private String why = "";

        @Override
        public Integer call() throws IOException {
            TaskId which = TaskId.parse(id);
            JobView job = session.server().get("/v1/jobs/" + which.job(), JobView.class);
            TaskView task = job.tasks().stream()
                    .filter(each -> each.id().equals(which))
                    .findFirst()
                    .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "job " + which.job() + " has no task " + which));
            LeaseId lease = task.lease();
            if (lease == null) {
                throw new Refused(Reason.WRONG_STATE, which + " is " + task.state() + " and has no lease");
            }
            Ath deposit =
                    PenaltyPolicy.disputeDeposit(task.cost(), session.network().parameters());
            CaseId penaltyCase = Offence.caseOf(Offence.Dispute.name(lease));
            Authorization signed = session.authorize(
                    (command, expiresAt) -> TypedCommands.disputeJob(penaltyCase, deposit, why, command, expiresAt));
            DisputeBody body = new DisputeBody(
                    lease, deposit, why, signed, session.network().chainId());
            Accepted accepted = session.server().post("/v1/cases/disputes", body, Accepted.class);
            session.show(accepted, new Table("CASE", "DEPOSIT").row(penaltyCase, deposit.display()));
            return 0;
        }
    }

    /** What the file holds. */
    record Proof(SignedReport one, SignedReport other) {}

    private record ProofBody(SignedReport one, SignedReport other, Authorization authorization, long chainId) {}

    @Command(
            name = "prove",
            mixinStandardHelpOptions = true,
            description = "Opens a case with two reports that one checker signed for one round.")
    static final class Prove implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "FILE", description = "JSON: {\"one\": {report, signature}, \"other\": {…}}")
        private Path file = Path.of("");

        @Override
        public Integer call() throws IOException {
            Proof proof = Json.readStrict(Files.readAllBytes(file), Proof.class);
            PoolId accused = PoolId.ofChecker(proof.one().report().checker());
            CaseId which = new Equivocation(
                            accused, accused.operator(), proof.one(), proof.other(), java.time.Instant.EPOCH)
                    .caseId();
            Authorization signed = session.authorize((command, expiresAt) -> TypedCommands.reportEquivocation(
                    which, proof.one().report(), proof.other().report(), command, expiresAt));
            ProofBody body = new ProofBody(
                    proof.one(), proof.other(), signed, session.network().chainId());
            Accepted accepted = session.server().post("/v1/cases/equivocations", body, Accepted.class);
            session.show(accepted, new Table("CASE", "ACCUSED").row(which, accused));
            return 0;
        }
    }
}
