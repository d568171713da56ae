package io.athanor.saga.economy;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.query.Queries.FindProposal;
import io.athanor.domain.query.Queries.FindVotingPower;
import io.athanor.domain.query.Queries.ListProposals;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.view.VotingPowerView;
import io.athanor.saga.live.LiveSet;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;

/** Answers about proposals and voting power from the live set. Error: {@link Refused} UNAVAILABLE until it is ready. */
public final class GovernanceQueries {
    private final LiveSet live;
    private final InstantSource clock;

    public GovernanceQueries(LiveSet live, InstantSource clock) {
        this.live = live;
        this.clock = clock;
    }

    @QueryHandler
    public Optional<ProposalView> find(FindProposal query) {
        synchronized (live) {
            Proposal proposal = live.proposal(query.proposal());
            return proposal == null ? Optional.empty() : Optional.of(view(query.proposal(), proposal, days()));
        }
    }

    @QueryHandler
    public Page<ProposalView> list(ListProposals query) {
        Refused.unless(
                query.first() >= 1 && query.first() <= Limits.PAGE_ROWS,
                Reason.MALFORMED,
                "first must lie in 1.." + Limits.PAGE_ROWS + ", is " + query.first());
        synchronized (live) {
            StakeDays days = days();
            String after = query.after();
            List<ProposalId> ids = live.proposals().stream()
                    .sorted(Comparator.reverseOrder())
                    .filter(id -> after == null || id.toString().compareTo(after) < 0)
                    .toList();
            List<ProposalId> shown = ids.subList(0, Math.min(ids.size(), query.first()));
            String next = ids.size() > shown.size() ? shown.getLast().toString() : null;
            return new Page<>(
                    shown.stream().map(id -> view(id, known(id), days)).toList(), next, live.applied());
        }
    }

    /** Of a proposal's snapshot, or of now. */
    @QueryHandler
    public VotingPowerView power(FindVotingPower query) {
        synchronized (live) {
            StakeDays days = days();
            ProposalId proposal = query.proposal();
            PowerSnapshot snapshot = proposal == null
                    ? live.votingPower(days.day(clock.instant()))
                    : Optional.ofNullable(live.snapshot(proposal))
                            .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "no proposal " + proposal));
            return new VotingPowerView(
                    query.wallet(),
                    snapshot.of(query.wallet()),
                    snapshot.powerOf(query.wallet()),
                    snapshot.total(),
                    live.applied());
        }
    }

    private StakeDays days() {
        StakeDays days = StakeDays.of(live.network());
        if (days == null || !live.ready()) {
            throw new Refused(Reason.UNAVAILABLE, "the node has not read up to the newest event yet");
        }
        return days;
    }

    private Proposal known(ProposalId id) {
        Proposal proposal = live.proposal(id);
        return proposal == null ? Proposal.EMPTY : proposal;
    }

    private ProposalView view(ProposalId id, Proposal proposal, StakeDays days) {
        ProposalSubmitted p = proposal.known();
        ProposalTallied counted = proposal.tallied();
        return new ProposalView(
                id,
                p.proposer(),
                p.title(),
                p.measure(),
                proposal.stage().name(),
                p.deposit(),
                counted == null ? proposal.tally() : counted.tally(),
                proposal.votes().size(),
                proposal.until(),
                counted == null ? null : counted.result().name(),
                days.day(clock.instant()),
                live.applied());
    }
}
