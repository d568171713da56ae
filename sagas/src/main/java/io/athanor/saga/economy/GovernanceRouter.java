package io.athanor.saga.economy;

import io.athanor.domain.account.AccountCommand.CreditGrant;
import io.athanor.domain.account.AccountCommand.ReturnDeposit;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Milestone;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalCommand.CancelProposal;
import io.athanor.domain.governance.ProposalCommand.ExecuteProposal;
import io.athanor.domain.governance.ProposalCommand.OpenVoting;
import io.athanor.domain.governance.ProposalCommand.TallyProposal;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Tally.Result;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.protocol.ProtocolCommand.AnnounceUpgrade;
import io.athanor.domain.protocol.ProtocolCommand.GrantFunds;
import io.athanor.domain.protocol.ProtocolCommand.ScheduleParameters;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolParameters.Timing;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a proposal through its days: opens the vote, counts it, waits for the timelock, executes at an epoch's boundary,
 * and pays a grant's later parts.
 */
public final class GovernanceRouter implements Router {
    private static final String ACTOR = "saga:governance";

    private final LiveSet live;

    public GovernanceRouter(LiveSet live) {
        this.live = live;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        ProposalId id = (ProposalId) instance.id();
        Proposal proposal = live.proposal(id);
        LiveNetwork network = live.network();
        StakeDays days = StakeDays.of(network);
        if (proposal == null || network == null || days == null) {
            return;
        }
        long today = days.day(plan.now());
        List<Command> commands = switch (proposal.stage()) {
            case SUBMITTED -> today >= proposal.until() ? open(id, today, plan.now()) : List.of();
            case VOTING -> today >= proposal.until() ? count(id, proposal, today, plan.now()) : List.of();
            case QUEUED -> today >= proposal.until() ? execute(id, proposal, network, today, plan) : List.of();
            case EXECUTED -> pay(id, proposal, network, today, plan);
            case NONE, DEFEATED, CANCELLED -> List.of();
        };
        if (!commands.isEmpty()) {
            plan.send(instance, ACTOR, commands);
        } else if (today < proposal.until()) {
            plan.wakeAt(days.start(proposal.until()), instance);
        }
    }

    private List<Command> open(ProposalId id, long today, Instant now) {
        PowerSnapshot snapshot = live.snapshot(id);
        return snapshot == null ? List.of() : List.of(new OpenVoting(id, snapshot.total(), today, now));
    }

    /** The deposit goes back unless a veto took it. */
    private static List<Command> count(ProposalId id, Proposal proposal, long today, Instant now) {
        ProposalSubmitted p = proposal.known();
        Result result = proposal.result();
        TallyProposal tally = new TallyProposal(id, result, today, now);
        return result == Result.VETOED
                ? List.of(tally)
                : List.of(tally, new ReturnDeposit(p.proposer(), id, p.deposit(), now));
    }

    private List<Command> execute(ProposalId id, Proposal proposal, LiveNetwork network, long today, Plan plan) {
        Instant now = plan.now();
        Measure measure = proposal.known().measure();
        List<Command> commands = new ArrayList<>();
        switch (measure) {
            case ChangeParameters m -> {
                int version = network.protocol().current().version();
                if (version != m.basedOn()) {
                    return List.of(new CancelProposal(
                            id,
                            "version " + version + " is in force, the vote was on a change of " + m.basedOn(),
                            now));
                }
                Long from = boundary(m, network, now);
                if (from != null) {
                    commands.add(new ExecuteProposal(id, today, now));
                    commands.add(new ScheduleParameters(m.parameters(), from, now));
                }
            }
            case FundCommunity m -> {
                commands.add(new ExecuteProposal(id, today, now));
                commands.addAll(pay(id, proposal, network, today, plan));
            }
            case UpgradeNetwork m -> {
                commands.add(new ExecuteProposal(id, today, now));
                commands.add(new AnnounceUpgrade(id, m.version(), m.artifact(), m.activationEpoch(), now));
            }
        }
        return commands;
    }

    /**
     * The next epoch by the clock, so that nobody opens it meanwhile, or the next settlement day's first where rewards change;
     * null while another set is waiting.
     */
    private @Nullable Long boundary(ChangeParameters measure, LiveNetwork network, Instant now) {
        Long newest = live.newestEpoch();
        NetworkBegun begun = network.protocol().network();
        if (newest == null || begun == null || network.protocol().next() != null) {
            return null;
        }
        Timing timing = measure.parameters().timing();
        long runs = Math.floorDiv(now.toEpochMilli() - begun.genesis().toEpochMilli(), timing.epochMillis());
        long next = Math.max(newest, runs) + 1;
        int epochs = timing.epochsPerDay();
        return measure.subject() == Measure.Subject.REWARDS ? Math.ceilDiv(next, (long) epochs) * epochs : next;
    }

    /** The next part of a grant that is due, as long as the treasury has it beside what it owes others before. */
    private List<Command> pay(ProposalId id, Proposal proposal, LiveNetwork network, long today, Plan plan) {
        if (!(proposal.known().measure() instanceof FundCommunity grant)) {
            return List.of();
        }
        Ath left = left(id, network, today, plan);
        Integer part = due(id, proposal, network, today, left);
        return part == null ? List.of() : grant(id, grant, part, left, plan.now());
    }

    /**
     * Of the treasury, for this proposal: all are looked at against one state of it, so those before it in line, those whose order
     * is on its way and the restitutions that wait come first.
     */
    private Ath left(ProposalId id, LiveNetwork network, long today, Plan plan) {
        Ath left = less(network.treasury(), restitutions());
        List<ProposalId> line = live.proposals().stream()
                .filter(other -> !other.equals(id))
                .filter(other -> other.toString().compareTo(id.toString()) < 0 || plan.busy(Instance.proposal(other)))
                .sorted(Comparator.comparing(ProposalId::toString))
                .toList();
        for (ProposalId other : line) {
            Proposal before = live.proposal(other);
            left = before == null ? left : less(left, dueOf(other, before, network, today, left));
        }
        return left;
    }

    private static Ath dueOf(ProposalId id, Proposal proposal, LiveNetwork network, long today, Ath left) {
        Integer part = due(id, proposal, network, today, left);
        return part != null && proposal.known().measure() instanceof FundCommunity grant
                ? grant.milestones().get(part).amount()
                : Ath.ZERO;
    }

    private Ath restitutions() {
        return Ath.sum(live.cases().stream()
                .map(live::penaltyCase)
                .filter(waiting -> waiting != null && waiting.state().stage() == PenaltyCase.Stage.OVERTURNED)
                .map(waiting -> waiting.state().fronted())
                .toList());
    }

    private static Ath less(Ath amount, Ath taken) {
        return amount.covers(taken) ? amount.minus(taken) : Ath.ZERO;
    }

    /** The first part of a grant that is due, not paid, and within {@code left}; null where there is none. */
    private static @Nullable Integer due(ProposalId id, Proposal proposal, LiveNetwork network, long today, Ath left) {
        boolean executes = proposal.stage() == Proposal.Stage.QUEUED && today >= proposal.until();
        if (!(executes || proposal.stage() == Proposal.Stage.EXECUTED)
                || !(proposal.known().measure() instanceof FundCommunity grant)) {
            return null;
        }
        long since = executes ? today : proposal.executedDay();
        for (int i = 0; i < grant.milestones().size(); i++) {
            Milestone part = grant.milestones().get(i);
            if (today >= since + part.afterDays()
                    && !network.protocol().isGranted(id, i)
                    && left.covers(part.amount())) {
                return i;
            }
        }
        return null;
    }

    private static List<Command> grant(ProposalId id, FundCommunity grant, int part, Ath treasury, Instant now) {
        Ath amount = grant.milestones().get(part).amount();
        return List.of(
                new GrantFunds(id, part, grant.recipient(), amount, treasury, now),
                new CreditGrant(grant.recipient(), id, part, amount, now));
    }
}
