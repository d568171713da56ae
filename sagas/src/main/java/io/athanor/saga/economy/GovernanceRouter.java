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
            case QUEUED -> today >= proposal.until() ? execute(id, proposal, network, today, plan.now()) : List.of();
            case EXECUTED -> pay(id, proposal, network, today, plan.now());
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

    private List<Command> execute(ProposalId id, Proposal proposal, LiveNetwork network, long today, Instant now) {
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
                Milestone first = m.milestones().getFirst();
                commands.add(new ExecuteProposal(id, today, now));
                if (first.afterDays() == 0 && network.treasury().covers(first.amount())) {
                    commands.addAll(grant(id, m, 0, network.treasury(), now));
                }
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

    /** The next part of a grant that is due, as long as the treasury has it. */
    private static List<Command> pay(ProposalId id, Proposal proposal, LiveNetwork network, long today, Instant now) {
        if (!(proposal.known().measure() instanceof FundCommunity grant)) {
            return List.of();
        }
        for (int i = 0; i < grant.milestones().size(); i++) {
            Milestone part = grant.milestones().get(i);
            boolean due = today >= proposal.executedDay() + part.afterDays();
            if (due
                    && !network.protocol().isGranted(id, i)
                    && network.treasury().covers(part.amount())) {
                return grant(id, grant, i, network.treasury(), now);
            }
        }
        return List.of();
    }

    private static List<Command> grant(ProposalId id, FundCommunity grant, int part, Ath treasury, Instant now) {
        Ath amount = grant.milestones().get(part).amount();
        return List.of(
                new GrantFunds(id, part, grant.recipient(), amount, treasury, now),
                new CreditGrant(grant.recipient(), id, part, amount, now));
    }
}
