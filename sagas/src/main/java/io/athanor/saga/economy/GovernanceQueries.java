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
import java.util.function.Supplier;
import org.axonframework.queryhandling.QueryHandler;

/** Answers about proposals and voting power from a live set. */
public final class GovernanceQueries {
    private final Supplier<LiveSet> sets;
    private final InstantSource clock;

    /** @param sets whole sets, such as {@link io.athanor.saga.live.WrittenSet} gives */
    public GovernanceQueries(Supplier<LiveSet> sets, InstantSource clock) {
        this.sets = sets;
        this.clock = clock;
    }

    @QueryHandler
    public Optional<ProposalView> find(FindProposal query) {
        LiveSet live = sets.get();
        synchronized (live) {
            Proposal proposal = live.proposal(query.proposal());
            return proposal == null ? Optional.empty() : Optional.of(view(live, query.proposal(), proposal));
        }
    }

    @QueryHandler
    public Page<ProposalView> list(ListProposals query) {
        Refused.unless(
                query.first() >= 1 && query.first() <= Limits.PAGE_ROWS,
                Reason.MALFORMED,
                "first must lie in 1.." + Limits.PAGE_ROWS + ", is " + query.first());
        LiveSet live = sets.get();
        synchronized (live) {
            String after = query.after();
            List<ProposalId> ids = live.proposals().stream()
                    .sorted(Comparator.reverseOrder())
                    .filter(id -> after == null || id.toString().compareTo(after) < 0)
                    .toList();
            List<ProposalId> shown = ids.subList(0, Math.min(ids.size(), query.first()));
            String next = ids.size() > shown.size() ? shown.getLast().toString() : null;
            return new Page<>(
                    shown.stream().map(id -> view(live, id, known(live, id))).toList(), next, live.applied());
        }
    }

    /** Of a proposal's snapshot, or of now. */
    @QueryHandler
    public VotingPowerView power(FindVotingPower query) {
        LiveSet live = sets.get();
        synchronized (live) {
            StakeDays days = StakeDays.known(live);
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

    private static Proposal known(LiveSet live, ProposalId id) {
        Proposal proposal = live.proposal(id);
        return proposal == null ? Proposal.EMPTY : proposal;
    }

    private ProposalView view(LiveSet live, ProposalId id, Proposal proposal) {
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
                StakeDays.known(live).day(clock.instant()),
                live.applied());
    }
}
