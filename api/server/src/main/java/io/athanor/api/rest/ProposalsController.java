package io.athanor.api.rest;

import io.athanor.api.command.CastVote;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.SubmitProposal;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.query.Queries.FindProposal;
import io.athanor.domain.query.Queries.FindVotingPower;
import io.athanor.domain.query.Queries.ListProposals;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.view.VotingPowerView;
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

/** Proposals: look, propose, vote. */
@RestController
@RequestMapping("/v1/proposals")
class ProposalsController {
    private final CommandDesk desk;
    private final Reads reads;

    ProposalsController(CommandDesk desk, Reads reads) {
        this.desk = desk;
        this.reads = reads;
    }

    @GetMapping
    Page<ProposalView> list(@RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListProposals(after, Reads.rows(first)), ProposalView.class);
    }

    @GetMapping("/{proposal}")
    ProposalView get(@PathVariable ProposalId proposal) {
        return reads.get(new FindProposal(proposal), ProposalView.class, "proposal " + proposal);
    }

    /** What a wallet weighs in this vote. */
    @GetMapping("/{proposal}/power/{wallet}")
    VotingPowerView power(@PathVariable ProposalId proposal, @PathVariable Wallet wallet) {
        return reads.one(new FindVotingPower(wallet, proposal), VotingPowerView.class);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted propose(@RequestBody SubmitProposal body) {
        return desk.accept(body);
    }

    @PostMapping("/{proposal}/votes")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted vote(@PathVariable ProposalId proposal, @RequestBody CastVote body) {
        Refused.unless(proposal.equals(body.proposalId()), Reason.MALFORMED, "proposalId is not the path's proposal");
        return desk.accept(body);
    }
}
