package io.athanor.saga.penalty;

import io.athanor.domain.account.AccountCommand.CreditCaseShare;
import io.athanor.domain.account.AccountCommand.SlashVesting;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerCommand.TombstoneChecker;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseCommand.BeginStay;
import io.athanor.domain.penalty.CaseCommand.CloseReview;
import io.athanor.domain.penalty.CaseCommand.DismissCase;
import io.athanor.domain.penalty.CaseCommand.ExecutePenalty;
import io.athanor.domain.penalty.CaseCommand.RaisePenalty;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.provider.ProviderCommand.ExpelProvider;
import io.athanor.domain.provider.ProviderCommand.LiftSuspension;
import io.athanor.domain.provider.ProviderCommand.SuspendProvider;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.stake.Slash;
import io.athanor.domain.stake.StakePoolCommand.ClosePool;
import io.athanor.domain.stake.StakePoolCommand.FreezeStake;
import io.athanor.domain.stake.StakePoolCommand.UnfreezeStake;
import io.athanor.saga.attestation.CaseRounds;
import io.athanor.saga.attestation.Waiting;
import io.athanor.saga.live.LiveCase;
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
 * Takes a case from its opening to its end: freezes and raises what is at risk, has a dispute judged, begins the stay, draws
 * the committee of an appeal, slashes when the stay or the appeal is over, and gives to whom it is due what was really taken.
 */
public final class CaseRouter implements Router {
    private static final String ACTOR = "saga:penalties";

    private final LiveSet live;
    private final Hearing hearing;

    public CaseRouter(LiveSet live, Waiting waiting) {
        this.live = live;
        this.hearing = new Hearing(live, new CaseRounds(live, waiting));
    }

    @Override
    public void look(Instance instance, Plan plan) {
        LiveCase known = live.penaltyCase((CaseId) instance.id());
        LiveNetwork network = live.network();
        if (known == null || network == null) {
            return;
        }
        CaseTerms terms = new CaseTerms(live, network);
        List<Command> commands = switch (known.state().stage()) {
            case OPEN -> open(instance, known, terms, plan);
            case STAYED -> stayed(instance, known, terms, plan);
            case APPEALED, REOPENED -> hearing.appeal(known, plan.now());
            case CONFIRMED -> closeReview(known, terms, plan.now());
            case OVERTURNED -> restitute(instance, known, terms, plan);
            case UPHELD -> execute(known, terms, plan.now());
            case REVERSED -> dismiss(known, "reversed on appeal", plan.now());
            case NONE, EXECUTED, DISMISSED, RESTITUTED -> List.of();
        };
        if (!commands.isEmpty()) {
            plan.send(instance, ACTOR, commands);
        }
    }

    private List<Command> open(Instance instance, LiveCase known, CaseTerms terms, Plan plan) {
        CaseOpened opened = known.state().known();
        Offence offence = opened.offence();
        Instant now = plan.now();
        long rate = terms.rateBps(offence, known.outageEnded(), now);
        Ath amount = terms.amount(known.state(), rate);
        List<Command> commands = new ArrayList<>(tombstone(opened, now));
        if (!known.state().amount().covers(amount)) {
            commands.add(new RaisePenalty(opened.id(), rate, amount, now));
            commands.add(new FreezeStake(offence.accused(), opened.id(), amount, opened.offenceDay(), now));
        }
        if (!commands.isEmpty()) {
            return commands;
        }
        if (known.state().isRefused()) {
            return dismiss(known, refusal(known), now);
        }
        if (hasCome(known, offence, rate, terms, now)) {
            return judge(instance, known, rate, terms, plan);
        }
        Instant next = offence instanceof Offence.Downtime outage ? terms.nextRise(outage, now) : null;
        if (next != null) {
            plan.wakeAt(next, instance);
        }
        return List.of();
    }

    private static String refusal(LiveCase known) {
        CaseJudged judgement = known.state().judgement();
        return judgement == null || judgement.ruling() == Ruling.HUNG
                ? "no committee could decide it"
                : "refused by round " + judgement.round();
    }

    /** A large committee judges what takes more than small ones may; where none can be drawn, no more is taken. */
    private List<Command> judge(Instance instance, LiveCase known, long rate, CaseTerms terms, Plan plan) {
        CaseOpened opened = known.state().known();
        boolean dispute = opened.offence() instanceof Dispute;
        boolean limited = !known.state().amount().covers(terms.due(opened.offence(), rate));
        if (known.state().judgement() == null && (dispute || limited)) {
            List<Command> heard = hearing.firstInstance(known, plan.now());
            if (heard == null && dispute) {
                heard = hearing.undecided(instance, known, terms.parameters(), plan);
            }
            if (heard != null) {
                return heard;
            }
        }
        long stay = terms.parameters().accountable().penalties().stayDays()
                * terms.parameters().timing().dayMillis();
        return List.of(new BeginStay(opened.id(), plan.now().plusMillis(stay), plan.now()));
    }

    /** Whether nothing about the offence can change any more. */
    private static boolean hasCome(LiveCase known, Offence offence, long rate, CaseTerms terms, Instant now) {
        boolean agreedEnd = offence instanceof Offence.Downtime outage
                && outage.leases().stream().allMatch(lease -> now.isAfter(lease.agreedEnd()));
        return known.outageEnded() != null || agreedEnd || terms.isTop(offence, rate);
    }

    /**
     * Two signatures are proof enough to take the licence at once, and nobody delegates there any more; the stake has its
     * process.
     */
    private List<Command> tombstone(CaseOpened opened, Instant now) {
        Wallet operator = opened.offence().accused().operator();
        Checker checker = live.checker(operator);
        boolean due = opened.offence() instanceof Offence.Equivocation
                && checker != null
                && checker.standing() != Checker.Standing.TOMBSTONED;
        return due
                ? List.of(
                        new TombstoneChecker(operator, opened.id().toString(), now),
                        new ClosePool(opened.offence().accused(), now))
                : List.of();
    }

    private List<Command> stayed(Instance instance, LiveCase known, CaseTerms terms, Plan plan) {
        Instant until = known.state().stayUntil();
        if (until != null && plan.now().isBefore(until)) {
            plan.wakeAt(until, instance);
            return List.of();
        }
        return execute(known, terms, plan.now());
    }

    /** First rewards, then the pool; when it is known what that took, it is given to whom it is due. */
    private List<Command> execute(LiveCase known, CaseTerms terms, Instant now) {
        CaseOpened opened = known.state().known();
        Offence offence = opened.offence();
        if (known.slashed()) {
            return distribute(known, terms, now);
        }
        if (known.state().amount().isZero()) {
            return known.state().held().isZero()
                    ? dismiss(known, "nothing is at risk", now)
                    : distribute(known, terms, now);
        }
        Ath penalty = known.state().amount();
        Ath rewards = PenaltyPolicy.takesRewardsFirst(opened.formulaVersion()) ? known.ofRewards() : Ath.ZERO;
        if (rewards == null) {
            return List.of(new SlashVesting(offence.accused().operator(), opened.id(), penalty, terms.day(now), now));
        }
        return rewards.equals(penalty)
                ? distribute(known, terms, now)
                : List.copyOf(Slash.commands(
                        CaseTerms.poolOf(live, offence.accused()),
                        offence.accused(),
                        opened.id(),
                        penalty.minus(rewards),
                        opened.offenceDay(),
                        now));
    }

    private List<Command> distribute(LiveCase known, CaseTerms terms, Instant now) {
        CaseOpened opened = known.state().known();
        List<PenaltyShare> shares = new ArrayList<>(
                PenaltyPolicy.split(opened.offence(), known.taken(), reporter(opened), terms.parameters()));
        shares.addAll(PenaltyPolicy.bonds(known.state(), true));
        List<Command> commands = new ArrayList<>();
        commands.add(new ExecutePenalty(opened.id(), known.taken(), shares, now));
        // Where rewards paid for all of it the pool was not slashed, and is still frozen.
        commands.add(new UnfreezeStake(opened.offence().accused(), opened.id(), now));
        credit(opened.id(), shares, commands, now);
        commands.addAll(standing(opened, terms, now));
        return commands;
    }

    /** What an offence has to do with the accused's work. */
    private List<Command> standing(CaseOpened opened, CaseTerms terms, Instant now) {
        Wallet operator = opened.offence().accused().operator();
        if (live.provider(operator) == null) {
            return List.of();
        }
        MachineId machine = switch (opened.offence()) {
            case Offence.Downtime o -> o.machine();
            case Offence.FalseResult o -> o.machine();
            case Offence.Counterfeit o -> null;
            case Offence.Equivocation o -> null;
            case Offence.FailedCanary o -> null;
            case Offence.RefutedMatch o -> null;
            case Dispute o -> null;
        };
        if (opened.offence() instanceof Offence.Counterfeit) {
            Boolean expels = terms.parameters().accountable().standing().expels();
            return Boolean.TRUE.equals(expels) ? List.of(new ExpelProvider(operator, opened.id(), now)) : List.of();
        }
        return machine == null
                ? List.of()
                : List.of(new SuspendProvider(
                        operator, machine, opened.id(), Suspension.Terms.of(terms.parameters()), now));
    }

    /** Who proved it, where it is nobody of the accused's own. */
    private @Nullable Wallet reporter(CaseOpened opened) {
        Authorization by = opened.authorization();
        if (by == null) {
            return null;
        }
        Wallet accused = opened.offence().accused().operator();
        boolean related = by.wallet().equals(accused)
                || Checker.groupOf(live.checker(by.wallet()), by.wallet())
                        .equals(Checker.groupOf(live.checker(accused), accused));
        return related ? null : by.wallet();
    }

    /**
     * Waits until fees have brought the treasury what the penalty gave to others, and what those before it in line wait for: all
     * are looked at against one state of it.
     */
    private List<Command> restitute(Instance instance, LiveCase known, CaseTerms terms, Plan plan) {
        if (terms.network().treasury().covers(frontedUpTo(known.state().known().id()))) {
            return closeReview(known, terms, plan.now());
        }
        long epoch = terms.parameters().timing().epochMillis();
        plan.wakeAt(plan.now().plusMillis(epoch), instance);
        return List.of();
    }

    private Ath frontedUpTo(CaseId last) {
        return Ath.sum(live.cases().stream()
                .filter(id -> id.toString().compareTo(last.toString()) <= 0)
                .map(live::penaltyCase)
                .filter(waiting -> waiting != null && waiting.state().stage() == PenaltyCase.Stage.OVERTURNED)
                .map(waiting -> waiting.state().fronted())
                .toList());
    }

    private List<Command> closeReview(LiveCase known, CaseTerms terms, Instant now) {
        CaseId id = known.state().known().id();
        List<PenaltyShare> shares = PenaltyPolicy.review(known.state(), known.losses());
        boolean overturned = known.state().stage() == PenaltyCase.Stage.OVERTURNED;
        Ath restituted = overturned ? known.taken() : Ath.ZERO;
        List<Command> commands = new ArrayList<>();
        commands.add(new CloseReview(id, restituted, shares, now));
        credit(id, shares, commands, now);
        Wallet operator = known.state().known().offence().accused().operator();
        if (overturned && live.provider(operator) != null) {
            commands.add(new LiftSuspension(operator, id, Suspension.Terms.of(terms.parameters()), now));
        }
        return commands;
    }

    private static List<Command> dismiss(LiveCase known, String why, Instant now) {
        CaseOpened opened = known.state().known();
        List<Command> commands = new ArrayList<>();
        commands.add(new DismissCase(opened.id(), why, now));
        commands.add(new UnfreezeStake(opened.offence().accused(), opened.id(), now));
        credit(opened.id(), PenaltyPolicy.bonds(known.state(), false), commands, now);
        return commands;
    }

    private static void credit(CaseId id, List<PenaltyShare> shares, List<Command> commands, Instant now) {
        for (PenaltyShare share : shares) {
            Wallet to = share.to();
            if (to != null) {
                commands.add(new CreditCaseShare(to, id, share.amount(), now));
            }
        }
    }
}
