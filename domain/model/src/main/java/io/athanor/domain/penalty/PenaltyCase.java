package io.athanor.domain.penalty;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.penalty.CaseCommand.BeginStay;
import io.athanor.domain.penalty.CaseCommand.CloseReview;
import io.athanor.domain.penalty.CaseCommand.DecideAppeal;
import io.athanor.domain.penalty.CaseCommand.DismissCase;
import io.athanor.domain.penalty.CaseCommand.ExecutePenalty;
import io.athanor.domain.penalty.CaseCommand.JudgeCase;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseCommand.RaisePenalty;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Due process over one offence.
 *
 * <pre>
 * NONE -OpenCase-> OPEN -BeginStay-> STAYED -(stay over) ExecutePenalty-> EXECUTED
 * OPEN -RaisePenalty-> OPEN (higher)
 * OPEN -JudgeCase-> OPEN (judged, once; a client's dispute goes on only when it is upheld)
 * STAYED -LodgeAppeal-> APPEALED -DecideAppeal-> UPHELD -ExecutePenalty-> EXECUTED
 *                                             -> REVERSED -DismissCase-> DISMISSED
 * OPEN | STAYED -DismissCase-> DISMISSED
 * EXECUTED -LodgeAppeal-> REOPENED -DecideAppeal-> CONFIRMED -CloseReview-> EXECUTED
 *                                              -> OVERTURNED -CloseReview-> RESTITUTED
 * </pre>
 *
 * <p>Invariant: nothing is executed before the stay is over, nor while an appeal is undecided, nor after a reversal; one
 * appeal, by the accused, inside the stay or after the execution, and never before all that is at risk is known; the
 * amount only rises, and only while the outage goes on; a case ends once.
 *
 * @param amount at risk now
 */
public record PenaltyCase(
        Stage stage,
        @Nullable CaseOpened opened,
        Ath amount,
        @Nullable Instant stayUntil,
        @Nullable AppealLodged appeal,
        @Nullable AppealDecided decision,
        @Nullable CaseJudged judgement,
        @Nullable PenaltyExecuted executed)
        implements State<PenaltyCase, CaseCommand, CaseEvent> {
    public static final PenaltyCase EMPTY = new PenaltyCase(Stage.NONE, null, Ath.ZERO, null, null, null, null, null);

    /** Where the process stands. */
    public enum Stage {
        NONE,
        OPEN,
        STAYED,
        APPEALED,
        UPHELD,
        REVERSED,
        EXECUTED,
        DISMISSED,
        /** An appeal against the executed penalty waits for its decision. */
        REOPENED,
        CONFIRMED,
        OVERTURNED,
        RESTITUTED
    }

    @Override
    public List<CaseEvent> decide(CaseCommand command) {
        return switch (command) {
            case OpenCase c -> open(c);
            case RaisePenalty c -> raise(c);
            case BeginStay c -> stay(c);
            case JudgeCase c -> judge(c);
            case LodgeAppeal c -> appeal(c);
            case DecideAppeal c -> decideAppeal(c);
            case ExecutePenalty c -> execute(c);
            case DismissCase c -> dismiss(c);
            case CloseReview c -> closeReview(c);
        };
    }

    private List<CaseEvent> open(OpenCase c) {
        if (opened != null) {
            return List.of();
        }
        Refused.unless(
                c.offence().caseId().equals(c.id()),
                Reason.INVALID_SPEC,
                "the case of this offence is " + c.offence().caseId());
        requireFounded(c);
        Refused.unless(
                PenaltyPolicy.isVersion(c.formulaVersion()),
                Reason.INVALID_SPEC,
                "no version " + c.formulaVersion() + " of the penalties is known");
        Refused.unless(c.rateBps() > 0, Reason.INVALID_SPEC, "nothing is due for this yet");
        return List.of(new CaseOpened(
                c.id(),
                c.offence(),
                c.rateBps(),
                c.amount(),
                c.offenceDay(),
                c.formulaVersion(),
                c.authorization(),
                c.at()));
    }

    private static void requireFounded(OpenCase c) {
        if (c.offence() instanceof Offence.Equivocation e) {
            Refused.unless(
                    e.contradicts(),
                    Reason.INVALID_SPEC,
                    "the two reports are not two reports of one checker for one round");
        } else if (c.offence() instanceof Offence.RefutedMatch e) {
            Refused.unless(
                    e.isProven(),
                    Reason.INVALID_SPEC,
                    "the leaves are not those of the match in the batch, or they do not differ");
        } else if (c.offence() instanceof Offence.Dispute e) {
            Authorization by = c.authorization();
            if (by == null) {
                throw new Refused(Reason.NOT_ALLOWED, "only a task's client disputes it");
            }
            by.requireBy(e.client());
            requireWhy(e.why());
            Refused.unless(!e.deposit().isZero(), Reason.BOND_TOO_LOW, "a dispute needs its deposit");
        }
    }

    private static void requireWhy(String why) {
        Refused.unless(
                !why.isBlank() && why.length() <= Limits.REASON_CHARS,
                Reason.INVALID_SPEC,
                "why must have 1 to " + Limits.REASON_CHARS + " characters");
    }

    private List<CaseEvent> judge(JudgeCase c) {
        known();
        Refused.unless(
                c.round() != null || c.ruling() == Ruling.HUNG,
                Reason.INVALID_SPEC,
                "without a committee nothing is decided");
        return stage == Stage.OPEN && judgement == null
                ? List.of(new CaseJudged(c.id(), c.round(), c.ruling(), c.judges(), c.at()))
                : List.of();
    }

    /** Whether a large committee has authorised the penalty. */
    public boolean isAuthorised() {
        return judgement != null && judgement.ruling() == Ruling.UPHELD;
    }

    /** Whether the first instance has decided against the penalty: a dispute needs it, any other case bears without it. */
    public boolean isRefused() {
        boolean dispute = known().offence() instanceof Offence.Dispute;
        return judgement != null && (judgement.ruling() == Ruling.REVERSED || dispute && !isAuthorised());
    }

    private boolean isBorne() {
        return !isRefused() && (isAuthorised() || !(known().offence() instanceof Offence.Dispute));
    }

    private List<CaseEvent> raise(RaisePenalty c) {
        known();
        boolean higher = stage == Stage.OPEN && !amount.covers(c.amount());
        return higher ? List.of(new PenaltyRaised(c.id(), c.rateBps(), c.amount(), c.at())) : List.of();
    }

    private List<CaseEvent> stay(BeginStay c) {
        known();
        Refused.unless(c.until().isAfter(c.at()), Reason.INVALID_SPEC, "a stay ends after it begins");
        Refused.unless(isBorne(), Reason.WRONG_STATE, "no committee has upheld the case");
        return stage == Stage.OPEN ? List.of(new StayBegun(c.id(), c.until(), c.at())) : List.of();
    }

    private List<CaseEvent> appeal(LodgeAppeal c) {
        CaseOpened of = known();
        c.authorization().requireBy(of.offence().accused().operator());
        Refused.unless(appeal == null, Reason.WRONG_STATE, "there is one appeal, and it has been lodged");
        Refused.unless(
                isBorne(), Reason.WRONG_STATE, "no committee has upheld the case, so there is nothing to appeal");
        if (stage == Stage.OPEN) {
            throw new Refused(
                    Reason.WRONG_STATE,
                    "the case is OPEN: what it takes may still rise",
                    "Appeal when its stay has begun; 'athanor case show' says until when.");
        }
        Refused.unless(
                stage == Stage.STAYED || stage == Stage.EXECUTED,
                Reason.WRONG_STATE,
                "the case is " + stage + " already");
        Instant until = appealUntil(Duration.between(c.at(), c.decideBy()));
        Refused.unless(
                until == null || c.at().isBefore(until),
                Reason.WINDOW_CLOSED,
                "an appeal could be lodged until " + until);
        requireWhy(c.why());
        Refused.unless(!c.bond().isZero(), Reason.INVALID_SPEC, "an appeal needs its bond");
        return List.of(new AppealLodged(c.id(), c.bond(), c.why(), c.decideBy(), c.authorization(), c.at()));
    }

    /** Null while no stay has begun. After the execution it is as long as a decision may take. */
    private @Nullable Instant appealUntil(Duration decision) {
        return executed == null ? stayUntil : executed.at().plus(decision);
    }

    private List<CaseEvent> closeReview(CloseReview c) {
        known();
        Refused.unless(
                stage == Stage.CONFIRMED || stage == Stage.OVERTURNED, Reason.WRONG_STATE, "the case is " + stage);
        Ath taken = executed == null ? Ath.ZERO : executed.taken();
        Refused.unless(
                c.restituted().equals(stage == Stage.OVERTURNED ? taken : Ath.ZERO),
                Reason.WRONG_STATE,
                "what was taken is restituted where the penalty is reversed, and nothing where it stands");
        Ath given = Ath.sum(c.shares().stream().map(PenaltyShare::amount).toList());
        Ath bond = appeal == null ? Ath.ZERO : appeal.bond();
        Refused.unless(
                given.equals(c.restituted().plus(bond)), Reason.WRONG_STATE, "the shares must add up to what is given");
        return List.of(new ReviewClosed(c.id(), c.restituted(), c.shares(), c.at()));
    }

    private List<CaseEvent> decideAppeal(DecideAppeal c) {
        known();
        boolean waits = stage == Stage.APPEALED || stage == Stage.REOPENED;
        return waits ? List.of(new AppealDecided(c.id(), c.round(), c.ruling(), c.at())) : List.of();
    }

    private List<CaseEvent> execute(ExecutePenalty c) {
        known();
        boolean due =
                stage == Stage.UPHELD || stage == Stage.STAYED && stayUntil != null && !c.at().isBefore(stayUntil);
        Refused.unless(
                due, Reason.WRONG_STATE, "the case is " + stage + (stayUntil == null ? "" : " until " + stayUntil));
        Refused.unless(amount.covers(c.taken()), Reason.WRONG_STATE, "no more than " + amount + " is at risk");
        Ath given = Ath.sum(c.shares().stream().map(PenaltyShare::amount).toList());
        Refused.unless(
                given.equals(c.taken().plus(held())), Reason.WRONG_STATE, "the shares must add up to what was taken");
        return List.of(new PenaltyExecuted(c.id(), c.taken(), c.shares(), c.at()));
    }

    private List<CaseEvent> dismiss(DismissCase c) {
        known();
        boolean open = stage == Stage.OPEN || stage == Stage.STAYED || stage == Stage.REVERSED;
        Refused.unless(open, Reason.WRONG_STATE, "the case is " + stage);
        return List.of(new CaseDismissed(c.id(), c.why(), c.at()));
    }

    /** Owner groups whose checkers judged this before, at the delivery, in the rounds it rests on or in the first instance. */
    public Set<String> judges() {
        Set<String> groups = new TreeSet<>(
                switch (known().offence()) {
                    case Offence.Downtime e -> e.judges();
                    case Offence.Dispute e -> e.judges();
                    case Offence.Equivocation e -> List.of();
                    case Offence.Counterfeit e -> e.judges();
                    case Offence.FailedCanary e -> List.of();
                    case Offence.FalseResult e -> List.of();
                    case Offence.RefutedMatch e -> List.of();
                });
        if (judgement != null) {
            groups.addAll(judgement.judges());
        }
        return groups;
    }

    /** What a restitution takes of the treasury beyond what this penalty brought it. */
    public Ath fronted() {
        if (executed == null) {
            return Ath.ZERO;
        }
        Ath brought = Ath.sum(executed.shares().stream()
                .filter(share -> share.kind() == PenaltyShare.Kind.TREASURY)
                .map(PenaltyShare::amount)
                .toList());
        return executed.taken().minus(brought);
    }

    /** What the parties put up and the case holds. */
    public Ath held() {
        Ath bond = appeal == null ? Ath.ZERO : appeal.bond();
        return opened != null && opened.offence() instanceof Offence.Dispute e ? bond.plus(e.deposit()) : bond;
    }

    @Override
    public boolean isOver() {
        return stage == Stage.EXECUTED || stage == Stage.DISMISSED || stage == Stage.RESTITUTED;
    }

    /** The opening. Error: {@link Refused} NOT_FOUND before it. */
    public CaseOpened known() {
        if (opened == null) {
            throw new Refused(Reason.NOT_FOUND, "the case does not exist");
        }
        return opened;
    }

    @Override
    public PenaltyCase evolve(CaseEvent event) {
        return switch (event) {
            case CaseOpened e -> new PenaltyCase(Stage.OPEN, e, e.amount(), null, null, null, null, null);
            case PenaltyRaised e ->
                new PenaltyCase(stage, opened, e.amount(), stayUntil, appeal, decision, judgement, executed);
            case StayBegun e ->
                new PenaltyCase(Stage.STAYED, opened, amount, e.until(), appeal, decision, judgement, executed);
            case CaseJudged e -> new PenaltyCase(stage, opened, amount, stayUntil, appeal, decision, e, executed);
            case AppealLodged e -> {
                Stage next = executed == null ? Stage.APPEALED : Stage.REOPENED;
                yield new PenaltyCase(next, opened, amount, stayUntil, e, decision, judgement, executed);
            }
            case AppealDecided e ->
                new PenaltyCase(decided(e.ruling()), opened, amount, stayUntil, appeal, e, judgement, executed);
            case PenaltyExecuted e ->
                new PenaltyCase(Stage.EXECUTED, opened, amount, stayUntil, appeal, decision, judgement, e);
            case CaseDismissed e -> at(Stage.DISMISSED);
            case ReviewClosed e -> at(stage == Stage.OVERTURNED ? Stage.RESTITUTED : Stage.EXECUTED);
        };
    }

    private Stage decided(Ruling ruling) {
        boolean reversed = ruling == Ruling.REVERSED;
        return executed == null
                ? reversed ? Stage.REVERSED : Stage.UPHELD
                : reversed ? Stage.OVERTURNED : Stage.CONFIRMED;
    }

    private PenaltyCase at(Stage newStage) {
        return new PenaltyCase(newStage, opened, amount, stayUntil, appeal, decision, judgement, executed);
    }
}
