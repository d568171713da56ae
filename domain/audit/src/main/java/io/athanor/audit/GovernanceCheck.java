package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.GrantCredited;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Refused;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Subject;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalCommand;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.governance.ProposalEvent.ProposalCancelled;
import io.athanor.domain.governance.ProposalEvent.ProposalExecuted;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.ProposalEvent.ReadinessReported;
import io.athanor.domain.governance.ProposalEvent.VoteCast;
import io.athanor.domain.governance.ProposalEvent.VotingOpened;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.protocol.ProtocolEvent.CommunityFundsGranted;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersScheduled;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeActivated;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeCancelled;
import io.athanor.domain.protocol.ProtocolEvent.UpgradePostponed;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakeRules;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes voting power again where each proposal was submitted, decides every vote and count with it, and lets no grant, no
 * upgrade and no parameters take effect that no proposal was executed for.
 */
final class GovernanceCheck implements Check {
    private final Map<ProposalId, PowerSnapshot> powers = new HashMap<>();
    /** What the decision before it goes on with. */
    private final Deque<ProposalEvent> announced = new ArrayDeque<>();

    private @Nullable CommunityFundsGranted granted;
    /** When the newest epoch opened; null where no upgrade waited. */
    private @Nullable Readiness ready;
    /** The change that was executed and is not scheduled yet. */
    private @Nullable ChangeParameters executed;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case ProposalEvent e -> {
                proposal(before, e, problem);
                executed = e instanceof ProposalExecuted x ? change(before, x) : executed;
            }
            case ParametersScheduled e -> scheduled(before, e, problem);
            case EpochOpened e -> {
                ready = readiness(before);
                require(executed == null, "an executed change of parameters was not scheduled", problem);
                executed = null;
            }
            case UpgradeActivated e -> decided(before, e.epoch(), e.readiness(), problem);
            case UpgradePostponed e -> decided(before, e.epoch(), e.readiness(), problem);
            case UpgradeCancelled e -> decided(before, e.epoch(), e.readiness(), problem);
            case UpgradeAnnounced e ->
                require(
                        measure(before, e.proposal()) instanceof UpgradeNetwork m
                                && m.artifact().equals(e.artifact())
                                && m.version().equals(e.version())
                                && m.activationEpoch() == e.activationEpoch(),
                        "no executed proposal has this upgrade",
                        problem);
            case CommunityFundsGranted e -> {
                boolean voted = measure(before, e.proposal()) instanceof FundCommunity m
                        && e.milestone() < m.milestones().size()
                        && m.recipient().equals(e.recipient())
                        && m.milestones().get(e.milestone()).amount().equals(e.amount());
                require(voted, "no executed proposal grants this", problem);
                granted = e;
            }
            case GrantCredited e -> credited(e, problem);
            default -> {
                // Not a vote's business.
            }
        }
    }

    /** As the newest epoch opened, where an upgrade waits. */
    private static @Nullable Readiness readiness(World before) {
        UpgradeAnnounced upgrade = before.protocol.upgrade();
        return upgrade == null || before.protocol.upgradeDue() == null
                ? null
                : Readiness.of(
                        before.proposals.getOrDefault(upgrade.proposal(), Proposal.EMPTY),
                        before.machines,
                        before.checkers,
                        before.pools,
                        before.protocol.nodes(),
                        before.protocol.current().parameters().reward().modelPpm());
    }

    /** An upgrade begins, or does not, by what the newest epoch opened with. */
    private void decided(World before, long epoch, Readiness readiness, Consumer<String> problem) {
        boolean newest = !before.epochs.isEmpty() && before.epochs.lastKey() == epoch;
        require(newest, "an upgrade is decided in epoch " + epoch + ", which is not the newest", problem);
        require(readiness.equals(ready), "epoch " + epoch + " opened with " + ready, problem);
    }

    private static void require(boolean rule, String what, Consumer<String> problem) {
        if (!rule) {
            problem.accept(what);
        }
    }

    private static @Nullable Object measure(World before, ProposalId id) {
        Proposal proposal = before.proposals.getOrDefault(id, Proposal.EMPTY);
        return proposal.stage() == Proposal.Stage.EXECUTED ? proposal.known().measure() : null;
    }

    private static @Nullable ChangeParameters change(World before, ProposalExecuted e) {
        ProposalSubmitted submitted =
                before.proposals.getOrDefault(e.proposal(), Proposal.EMPTY).submitted();
        return submitted != null && submitted.measure() instanceof ChangeParameters m ? m : null;
    }

    /** What was voted for, from an epoch on that nobody had opened; rewards from a settlement day's first. */
    private void scheduled(World before, ParametersScheduled e, Consumer<String> problem) {
        ChangeParameters voted = executed;
        executed = null;
        if (voted == null || !voted.parameters().equals(e.parameters())) {
            problem.accept("no executed proposal has these parameters");
            return;
        }
        long newest = before.epochs.isEmpty() ? -1 : before.epochs.lastKey();
        int epochs = e.parameters().timing().epochsPerDay();
        boolean boundary =
                e.fromEpoch() > newest && (voted.subject() != Subject.REWARDS || e.fromEpoch() % epochs == 0);
        require(boundary, "they begin in epoch " + e.fromEpoch() + ", epoch " + newest + " was open", problem);
    }

    private void credited(GrantCredited e, Consumer<String> problem) {
        CommunityFundsGranted open = granted;
        granted = null;
        boolean same = open != null
                && open.proposal().equals(e.proposal())
                && open.milestone() == e.milestone()
                && open.recipient().equals(e.wallet())
                && open.amount().equals(e.amount());
        require(same, "the grant before it is " + open, problem);
    }

    private void proposal(World before, ProposalEvent event, Consumer<String> problem) {
        ProposalEvent next = announced.poll();
        if (next != null) {
            require(next.equals(event), "the decision before it goes on with " + next, problem);
            return;
        }
        NetworkBegun network = before.protocol.network();
        if (network == null) {
            problem.accept("a proposal before the network began");
            return;
        }
        ProtocolParameters parameters = before.protocol.current().parameters();
        long day = StakeRules.day(event.at(), network.genesis(), parameters.timing());
        if (event instanceof ProposalSubmitted e) {
            powers.put(
                    e.proposal(), PowerSnapshot.of(before.pools, day, e.rules().fullLockDays()));
        }
        ProposalCommand command = command(before, event, day);
        Proposal state = before.proposals.getOrDefault(event.proposal(), Proposal.EMPTY);
        try {
            List<ProposalEvent> decided = command == null ? List.of() : state.decide(command);
            boolean same = !decided.isEmpty() && decided.getFirst().equals(event);
            require(same, "the state before gives " + decided, problem);
            announced.addAll(same ? decided.subList(1, decided.size()) : List.of());
        } catch (Refused refused) {
            problem.accept("the state before gives " + refused.reason() + ", " + refused.detail());
        }
    }

    /** The epoch in which the proposal came, by its time. */
    private static long epoch(World before, ProposalSubmitted e) {
        NetworkBegun network = Objects.requireNonNull(before.protocol.network());
        long since = e.at().toEpochMilli() - network.genesis().toEpochMilli();
        return Math.floorDiv(
                since, before.protocol.current().parameters().timing().epochMillis());
    }

    private @Nullable ProposalCommand command(World before, ProposalEvent event, long day) {
        PowerSnapshot power = powers.getOrDefault(event.proposal(), PowerSnapshot.NONE);
        return switch (event) {
            case ProposalSubmitted e ->
                new ProposalCommand.SubmitProposal(
                        e.proposal(),
                        e.proposer(),
                        e.title(),
                        e.measure(),
                        e.power(),
                        power.total(),
                        before.protocol.current(),
                        epoch(before, e),
                        day,
                        e.authorization(),
                        e.at());
            case VotingOpened e -> new ProposalCommand.OpenVoting(e.proposal(), power.total(), day, e.at());
            case VoteCast e ->
                new ProposalCommand.CastVote(
                        e.proposal(), e.voter(), e.choice(), power.of(e.voter()), day, e.authorization(), e.at());
            case ProposalTallied e -> new ProposalCommand.TallyProposal(e.proposal(), e.result(), day, e.at());
            case ProposalExecuted e -> new ProposalCommand.ExecuteProposal(e.proposal(), day, e.at());
            case ReadinessReported e ->
                new ProposalCommand.ReportReadiness(e.proposal(), e.reporter(), e.artifact(), e.signature(), e.at());
            case ProposalCancelled e -> new ProposalCommand.CancelProposal(e.proposal(), e.why(), e.at());
            default -> null;
        };
    }
}
