package io.athanor.api.checker;

import io.athanor.api.auth.Caller;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.ReadinessDesk;
import io.athanor.api.web.Network;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundCommand;
import io.athanor.domain.attestation.RoundCommand.CommitReport;
import io.athanor.domain.attestation.RoundCommand.RevealReport;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.Approvals;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.wire.AgentProtocol.Ready;
import io.athanor.domain.wire.AgentProtocol.ReadyTaken;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.domain.wire.CheckerProtocol.Cosign;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import io.athanor.domain.wire.CheckerProtocol.EvidenceStored;
import io.athanor.domain.wire.CheckerProtocol.Reveal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a checker says: commitments, reports with their evidence, signatures under what goes on chain. */
@RestController
@RequestMapping("/checker/v1")
class RoundsController {
    private final CommandDesk desk;
    private final Network network;
    private final BlobStore blobs;
    private final Evidence evidence;
    private final EvidenceIntake intake;
    private final Approvals approvals;
    private final InstantSource clock;
    private final ReadinessDesk readiness;

    RoundsController(
            CommandDesk desk,
            Network network,
            BlobStore blobs,
            Evidence evidence,
            EvidenceIntake intake,
            Approvals approvals,
            InstantSource clock,
            ReadinessDesk readiness) {
        this.desk = desk;
        this.network = network;
        this.blobs = blobs;
        this.evidence = evidence;
        this.intake = intake;
        this.approvals = approvals;
        this.clock = clock;
        this.readiness = readiness;
    }

    /** @param index the history's index that includes it */
    record Taken(RoundId round, long index) {}

    @PostMapping("/rounds/{round}/commit")
    Taken commit(@PathVariable RoundId round, @RequestBody Commit body) {
        Caller.Checker checker = Caller.current(Caller.Checker.class);
        requireAttested(TypedCommands.commit(round, checker.wallet(), body.commitment()), body.signature(), checker);
        return send(new CommitReport(round, checker.wallet(), body.commitment(), body.signature(), now()), checker);
    }

    @PostMapping("/rounds/{round}/reveal")
    Taken reveal(@PathVariable RoundId round, @RequestBody Reveal body) {
        Caller.Checker checker = Caller.current(Caller.Checker.class);
        Report report = body.report();
        Refused.unless(
                report.round().equals(round) && report.checker().equals(checker.wallet()),
                Reason.MALFORMED,
                "report.round and report.checker must be the path's round and the sender");
        Refused.unless(
                report.findings().size() <= Limits.SHARD_SUBJECTS,
                Reason.TOO_LARGE,
                "a report has at most " + Limits.SHARD_SUBJECTS + " findings");
        Refused.unless(
                report.findings().stream().allMatch(f -> f.rttMicros() <= Finding.MAX_RTT_MICROS),
                Reason.INVALID_SPEC,
                "a round trip takes at most " + Finding.MAX_RTT_MICROS + " microseconds");
        requireAttested(struct(report), body.signature(), checker);
        Refused.unless(
                evidence.has(report.evidence(), checker.wallet())
                        && blobs.size(report.evidence()).isPresent(),
                Reason.EVIDENCE_MISSING,
                "the evidence " + report.evidence() + " is not stored");
        return send(new RevealReport(round, checker.wallet(), report, body.salt(), body.signature(), now()), checker);
    }

    private static Hash32 struct(Report report) {
        try {
            return TypedCommands.reportStruct(report);
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, "report: " + e.getMessage());
        }
    }

    private void requireAttested(Hash32 struct, String signature, Caller.Checker checker) {
        desk.requireSignature(network.signing().digest(struct), signature, checker.attester());
    }

    private Taken send(RoundCommand command, Caller.Checker checker) {
        Outcome outcome = desk.send(Order.inside(checker.wallet().address(), null, command));
        return new Taken(command.round(), outcome.index());
    }

    private Instant now() {
        return clock.instant();
    }

    @PostMapping("/readiness")
    ReadyTaken ready(@RequestBody Ready body) {
        Caller.Checker checker = Caller.current(Caller.Checker.class);
        requireAttested(TypedEconomy.reportReadiness(checker.wallet(), body.artifact()), body.signature(), checker);
        return readiness.take(StreamId.of(StreamId.CHECKER, checker.wallet()), body);
    }

    @PutMapping("/evidence/{digest}")
    EvidenceStored store(@PathVariable Sha256 digest, HttpServletRequest request) throws IOException {
        return new EvidenceStored(
                digest, intake.take(Caller.current(Caller.Checker.class).wallet(), digest, request));
    }

    @PostMapping("/cosign/{kind}/{number}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cosign(@PathVariable CosignKind kind, @PathVariable long number, @RequestBody Cosign body) {
        approvals.approve(kind, number, Caller.current(Caller.Checker.class).attester(), body.signature());
    }
}
