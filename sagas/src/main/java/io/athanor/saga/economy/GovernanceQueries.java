package io.athanor.saga.economy;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.protocol.Economy.Upgrades;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.protocol.UpgradeProgress;
import io.athanor.domain.query.Queries.FindProposal;
import io.athanor.domain.query.Queries.FindUpgrade;
import io.athanor.domain.query.Queries.FindVotingPower;
import io.athanor.domain.query.Queries.ListNodes;
import io.athanor.domain.query.Queries.ListProposals;
import io.athanor.domain.view.NodesView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.view.UpgradeView;
import io.athanor.domain.view.VotingPowerView;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveReadiness;
import io.athanor.saga.live.LiveSet;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

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

    @QueryHandler
    public Optional<ProposalView> upgrade(FindUpgrade query) {
        LiveSet live = sets.get();
        synchronized (live) {
            return live.proposals().stream()
                    .sorted(Comparator.reverseOrder())
                    .filter(id -> brings(known(live, id), query.artifact()))
                    .findFirst()
                    .map(id -> view(live, id, known(live, id)));
        }
    }

    /** None before the network began. */
    @QueryHandler
    public NodesView nodes(ListNodes query) {
        LiveSet live = sets.get();
        synchronized (live) {
            LiveNetwork network = live.network();
            List<Wallet> nodes = network == null
                    ? List.of()
                    : network.protocol().nodes().stream().sorted().toList();
            return new NodesView(nodes, live.applied());
        }
    }

    private static boolean brings(Proposal proposal, Sha256 artifact) {
        return isPassedUpgrade(proposal)
                && proposal.known().measure() instanceof UpgradeNetwork m
                && m.artifact().equals(artifact);
    }

    private static boolean isPassedUpgrade(Proposal proposal) {
        boolean passed = proposal.stage() == Proposal.Stage.QUEUED || proposal.stage() == Proposal.Stage.EXECUTED;
        return passed && proposal.known().measure() instanceof UpgradeNetwork;
    }

    private static @Nullable UpgradeView upgrade(LiveSet live, ProposalId id, Proposal proposal) {
        LiveNetwork network = live.network();
        if (network == null
                || !isPassedUpgrade(proposal)
                || !(proposal.known().measure() instanceof UpgradeNetwork measure)) {
            return null;
        }
        Protocol protocol = network.protocol();
        UpgradeAnnounced newest = protocol.upgrade();
        boolean current = newest != null && newest.proposal().equals(id);
        UpgradeProgress progress = current ? protocol.progress() : null;
        Readiness ready = LiveReadiness.of(live, proposal, protocol);
        Upgrades rules =
                protocol.current().parameters().economics().governance().upgrade();
        return new UpgradeView(
                stage(proposal, current, progress),
                progress == null ? measure.activationEpoch() : progress.activationEpoch(),
                progress == null ? 0 : progress.postponed(),
                progress == null ? null : progress.why(),
                ready.capacityBps(),
                ready.stakeBps(),
                rules == null ? null : rules.readyBps(),
                ready);
    }

    private static String stage(Proposal proposal, boolean current, @Nullable UpgradeProgress progress) {
        if (proposal.stage() == Proposal.Stage.QUEUED) {
            return "QUEUED";
        }
        if (!current) {
            return "REPLACED";
        }
        return progress == null
                ? UpgradeProgress.Stage.ANNOUNCED.name()
                : progress.stage().name();
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
                upgrade(live, id, proposal),
                live.applied());
    }
}
