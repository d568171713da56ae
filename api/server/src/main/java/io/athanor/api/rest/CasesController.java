package io.athanor.api.rest;

import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.DisputeDelivery;
import io.athanor.api.command.LodgeAppeal;
import io.athanor.api.command.ReportEquivocation;
import io.athanor.api.web.Network;
import io.athanor.api.web.Reads;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.query.Queries.FindCase;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.ListCases;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RoundView;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Penalty cases: anybody reads the files and proves an equivocation; a client disputes, the accused appeals. */
@RestController
@RequestMapping("/v1/cases")
class CasesController {
    private final CommandDesk desk;
    private final Network network;
    private final Reads reads;

    CasesController(CommandDesk desk, Network network, Reads reads) {
        this.desk = desk;
        this.network = network;
        this.reads = reads;
    }

    @GetMapping
    Page<CaseView> list(
            @RequestParam @Nullable PoolId accused,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable Integer first) {
        return reads.page(new ListCases(accused, after, Reads.rows(first)), CaseView.class);
    }

    @GetMapping("/{id}")
    CaseView get(@PathVariable CaseId id) {
        return reads.get(new FindCase(id), CaseView.class, "case " + id);
    }

    @PostMapping("/equivocations")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted report(@RequestBody ReportEquivocation body) {
        RoundOpened round = reads.get(new FindRound(body.round()), RoundView.class, "round " + body.round())
                .opened();
        Wallet attester = body.attester(round);
        requireSigned(body.one(), attester);
        requireSigned(body.other(), attester);
        return desk.accept(body);
    }

    private void requireSigned(SignedReport report, Wallet attester) {
        desk.requireSignature(network.signing().digest(struct(report)), report.signature(), attester);
    }

    private static Hash32 struct(SignedReport report) {
        try {
            return TypedCommands.reportStruct(report.report());
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, "report: " + e.getMessage());
        }
    }

    @PostMapping("/disputes")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted dispute(@RequestBody DisputeDelivery body) {
        return desk.accept(body);
    }

    @PostMapping("/{id}/appeal")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted appeal(@PathVariable CaseId id, @RequestBody LodgeAppeal body) {
        Refused.unless(id.equals(body.id()), Reason.MALFORMED, "id is not the path's case");
        return desk.accept(body);
    }
}
