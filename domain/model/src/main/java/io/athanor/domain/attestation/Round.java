package io.athanor.domain.attestation;

import io.athanor.domain.attestation.RoundCommand.CloseRound;
import io.athanor.domain.attestation.RoundCommand.CommitReport;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.RoundCommand.RevealReport;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.State;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A committee's verdict over one epoch and shard, by commit and reveal.
 *
 * <p>Invariant: only members commit, once, inside the commit window, and no two alike; only what was committed is
 * revealed, after the commit window and inside the reveal window; the round closes once.
 */
public record Round(
        @Nullable RoundOpened opened,
        Map<Wallet, Hash32> commitments,
        Map<Wallet, ReportRevealed> reveals,
        boolean closed)
        implements State<Round, RoundCommand, RoundEvent> {
    public static final Round EMPTY = new Round(null, Map.of(), Map.of(), false);

    public Round {
        commitments = Map.copyOf(commitments);
        reveals = Map.copyOf(reveals);
    }

    @Override
    public List<RoundEvent> decide(RoundCommand command) {
        return switch (command) {
            case OpenRound c -> open(c);
            case CommitReport c -> commit(c);
            case RevealReport c -> reveal(c);
            case CloseRound c -> close(c);
        };
    }

    private List<RoundEvent> open(OpenRound c) {
        if (opened != null) {
            return List.of();
        }
        int subjects = c.subjects().size();
        Refused.unless(
                subjects >= 1 && subjects <= Limits.SHARD_SUBJECTS,
                Reason.INVALID_SPEC,
                "a round has 1 to " + Limits.SHARD_SUBJECTS + " subjects, not " + subjects);
        requireOneKind(c);
        requireMajority(c);
        boolean ordered =
                c.commitFrom().isBefore(c.commitUntil()) && c.commitUntil().isBefore(c.revealUntil());
        Refused.unless(ordered, Reason.INVALID_SPEC, "commit window, then reveal window, and neither empty");
        return List.of(new RoundOpened(
                c.round(),
                c.chainId(),
                c.subjects(),
                c.committee(),
                c.quorum(),
                c.draw(),
                c.commitFrom(),
                c.commitUntil(),
                c.revealUntil(),
                c.at()));
    }

    private static void requireOneKind(OpenRound c) {
        long keys = c.subjects().stream().map(Subject::key).distinct().count();
        Refused.unless(keys == c.subjects().size(), Reason.INVALID_SPEC, "a subject is listed twice");
        boolean fits = c.subjects().stream().allMatch(subject -> isOf(c.round().kind(), subject));
        Refused.unless(
                fits, Reason.INVALID_SPEC, "a round looks at machines, at deliveries, or at a case, by its kind");
    }

    private static boolean isOf(RoundId.Kind kind, Subject subject) {
        return switch (kind) {
            case LIVENESS, ONBOARDING, CAPACITY -> subject instanceof MachineSubject;
            case DELIVERY -> subject instanceof DeliverySubject;
            case APPEAL, SLASH -> subject instanceof CaseSubject;
        };
    }

    /** Two facts can then never both reach the quorum. */
    private static void requireMajority(OpenRound c) {
        long members = c.committee().stream().map(Seat::checker).distinct().count();
        Refused.unless(members == c.committee().size(), Reason.INVALID_SPEC, "a member is listed twice");
        int seats = c.committee().stream().mapToInt(Seat::seats).sum();
        Refused.unless(c.quorum() * 2 > seats, Reason.INVALID_SPEC, c.quorum() + " of " + seats + " is no majority");
    }

    private List<RoundEvent> commit(CommitReport c) {
        RoundOpened round = open(c.checker());
        Hash32 earlier = commitments.get(c.checker());
        if (earlier != null) {
            Refused.unless(
                    earlier.equals(c.commitment()),
                    Reason.DUPLICATE_COMMITMENT,
                    c.checker() + " has already committed");
            return List.of();
        }
        boolean inWindow = !c.at().isBefore(round.commitFrom()) && c.at().isBefore(round.commitUntil());
        Refused.unless(inWindow && !closed, Reason.WINDOW_CLOSED, "the commit window is not open");
        Refused.unless(
                !commitments.containsValue(c.commitment()),
                Reason.DUPLICATE_COMMITMENT,
                "another member made the same commitment");
        return List.of(new ReportCommitted(c.round(), c.checker(), c.commitment(), c.signature(), c.at()));
    }

    private List<RoundEvent> reveal(RevealReport c) {
        RoundOpened round = open(c.checker());
        Hash32 commitment = commitments.get(c.checker());
        if (commitment == null) {
            throw new Refused(Reason.REVEAL_WITHOUT_COMMIT, c.checker() + " did not commit to a report");
        }
        Refused.unless(
                commitment.equals(Commitment.of(round.chainId(), c.report(), c.salt())),
                Reason.REVEAL_MISMATCH,
                "report and salt do not give the commitment");
        if (reveals.containsKey(c.checker())) {
            return List.of();
        }
        boolean inWindow = !c.at().isBefore(round.commitUntil()) && c.at().isBefore(round.revealUntil());
        Refused.unless(inWindow && !closed, Reason.WINDOW_CLOSED, "the reveal window is not open");
        requireShape(round, c.report(), c.checker());
        return List.of(new ReportRevealed(c.round(), c.checker(), c.report(), c.salt(), c.signature(), c.at()));
    }

    private static void requireShape(RoundOpened round, Report report, Wallet checker) {
        List<String> wanted = round.subjects().stream().map(Subject::key).toList();
        List<String> given = report.findings().stream().map(Finding::subject).toList();
        boolean fits = wanted.equals(given)
                && report.round().equals(round.round())
                && report.checker().equals(checker);
        Refused.unless(fits, Reason.INVALID_SPEC, "a report has one finding a subject, in the round's order");
        RoundId.Kind kind = round.round().kind();
        for (Finding finding : report.findings()) {
            Refused.unless(
                    finding.fact().isOf(kind), Reason.INVALID_SPEC, "no round of " + kind + " finds " + finding.fact());
        }
    }

    private List<RoundEvent> close(CloseRound c) {
        RoundOpened round = known();
        if (closed) {
            return List.of();
        }
        boolean due = !c.at().isBefore(round.revealUntil())
                || !c.at().isBefore(round.commitUntil())
                        && reveals.size() == round.committee().size();
        Refused.unless(due, Reason.WRONG_STATE, "the reveal window is open until " + round.revealUntil());
        return List.of(Consensus.judge(this, c.at()));
    }

    private RoundOpened open(Wallet checker) {
        RoundOpened round = known();
        boolean member =
                round.committee().stream().anyMatch(seat -> seat.checker().equals(checker));
        Refused.unless(member, Reason.NOT_IN_COMMITTEE, checker + " is not in the committee of " + round.round());
        return round;
    }

    /** The opening. Error: {@link Refused} NOT_FOUND before it. */
    public RoundOpened known() {
        if (opened == null) {
            throw new Refused(Reason.NOT_FOUND, "the round does not exist");
        }
        return opened;
    }

    @Override
    public boolean isOver() {
        return closed;
    }

    @Override
    public Round evolve(RoundEvent event) {
        return switch (event) {
            case RoundOpened e -> new Round(e, Map.of(), Map.of(), false);
            case ReportCommitted e -> {
                Map<Wallet, Hash32> more = new HashMap<>(commitments);
                more.put(e.checker(), e.commitment());
                yield new Round(opened, more, reveals, false);
            }
            case ReportRevealed e -> {
                Map<Wallet, ReportRevealed> more = new HashMap<>(reveals);
                more.put(e.checker(), e);
                yield new Round(opened, commitments, more, false);
            }
            case RoundFinalized e -> new Round(opened, commitments, reveals, true);
            case RoundInconclusive e -> new Round(opened, commitments, reveals, true);
        };
    }
}
