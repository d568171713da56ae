package io.athanor.domain.penalty;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseCommand.BeginStay;
import io.athanor.domain.penalty.CaseCommand.CloseReview;
import io.athanor.domain.penalty.CaseCommand.DecideAppeal;
import io.athanor.domain.penalty.CaseCommand.DismissCase;
import io.athanor.domain.penalty.CaseCommand.ExecutePenalty;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseCommand.RaisePenalty;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyShare.Kind;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PenaltyCaseTest {
    private static final RoundId ROUND = new RoundId(12, RoundId.Kind.LIVENESS, 0, 0);
    private static final RoundId APPEAL = new RoundId(13, RoundId.Kind.APPEAL, 0, 0);
    private static final Ath FIVE = Ath.ofWhole(5);
    private static final Ath BOND = Ath.ofWhole(100);
    private final Samples samples = new Samples(31);
    private final Wallet accused = samples.wallet();
    private final Authorization signed = samples.authorization(accused);
    private final Offence offence = equivocation(Finding.Fact.OFFLINE);
    private final CaseId id = offence.caseId();
    private final OpenCase open = new OpenCase(id, offence, 500, FIVE, 3, 1, null, at(10));
    private final Scenario<PenaltyCase, CaseCommand, CaseEvent> opened =
            Scenario.penaltyCase().done(open);
    private final Scenario<PenaltyCase, CaseCommand, CaseEvent> stayed =
            opened.done(new BeginStay(id, at(100), at(20)));

    private Offence equivocation(Finding.Fact second) {
        Finding one = new Finding("m", Finding.Fact.ONLINE, samples.hash(), 3, 1);
        Finding two = new Finding("m", second, one.digest(), 3, 1);
        return new Offence.Equivocation(
                PoolId.ofChecker(accused),
                samples.wallet(),
                new SignedReport(new Report(ROUND, accused, List.of(one), sample()), "0x"),
                new SignedReport(new Report(ROUND, accused, List.of(two), sample()), "0x"),
                at(5));
    }

    private static io.athanor.domain.common.Sha256 sample() {
        return io.athanor.domain.common.Sha256.of(new byte[] {1});
    }

    private LodgeAppeal appeal(long time) {
        return new LodgeAppeal(id, BOND, "it was maintenance", at(500), signed, at(time));
    }

    private static List<PenaltyShare> treasury(Ath amount) {
        return List.of(new PenaltyShare(Kind.TREASURY, null, amount));
    }

    @Test
    void oneOffenceIsOneCaseWhoeverReportsIt() {
        Scenario.penaltyCase().when(open).events(new CaseOpened(id, offence, 500, FIVE, 3, 1, null, at(10)));
        opened.when(open).nothing();
        CaseId other = new CaseId(samples.uuid());
        Scenario.penaltyCase()
                .when(new OpenCase(other, offence, 500, FIVE, 3, 1, null, at(10)))
                .refused(Reason.INVALID_SPEC, id.toString());
        assertThat(equivocation(Finding.Fact.NETWORK).caseId()).isEqualTo(id);
    }

    @Test
    void twoReportsThatSayTheSameProveNothing() {
        Offence same = equivocation(Finding.Fact.ONLINE);
        Scenario.penaltyCase()
                .when(new OpenCase(same.caseId(), same, 500, FIVE, 3, 1, null, at(10)))
                .refused(Reason.INVALID_SPEC, "two reports");
        Scenario.penaltyCase()
                .when(new OpenCase(id, offence, 0, FIVE, 3, 1, null, at(10)))
                .refused(Reason.INVALID_SPEC, "nothing is due");
    }

    @Test
    void theHigherBandReplacesTheLowerUntilTheStay() {
        RaisePenalty higher = new RaisePenalty(id, 800, Ath.ofWhole(8), at(11));
        opened.when(new RaisePenalty(id, 400, Ath.ofWhole(4), at(11))).nothing();
        opened.when(higher)
                .events(new PenaltyRaised(id, 800, Ath.ofWhole(8), at(11)))
                .when(higher)
                .nothing();
        stayed.when(higher).nothing();
    }

    @Test
    void nothingIsExecutedBeforeTheStayIsOver() {
        opened.when(new ExecutePenalty(id, FIVE, treasury(FIVE), at(200))).refused(Reason.WRONG_STATE);
        stayed.when(new ExecutePenalty(id, FIVE, treasury(FIVE), at(99))).refused(Reason.WRONG_STATE);
        stayed.when(new ExecutePenalty(id, FIVE, treasury(FIVE), at(100)))
                .events(new PenaltyExecuted(id, FIVE, treasury(FIVE), at(100)))
                .when(new ExecutePenalty(id, FIVE, treasury(FIVE), at(101)))
                .refused(Reason.WRONG_STATE, "EXECUTED");
    }

    @Test
    void noMoreIsTakenThanWasAtRiskAndAllOfItIsGiven() {
        Ath six = Ath.ofWhole(6);
        stayed.when(new ExecutePenalty(id, six, treasury(six), at(100))).refused(Reason.WRONG_STATE, "at risk");
        stayed.when(new ExecutePenalty(id, FIVE, treasury(six), at(100))).refused(Reason.WRONG_STATE, "add up");
    }

    @Test
    void theAccusedAppealsOnceInsideTheStay() {
        Authorization other = samples.authorization(samples.wallet());
        LodgeAppeal stranger = new LodgeAppeal(id, BOND, "why", at(500), other, at(30));
        stayed.when(stranger).refused(Reason.NOT_ALLOWED);
        stayed.when(appeal(100)).refused(Reason.WINDOW_CLOSED, "until");
        stayed.when(new LodgeAppeal(id, Ath.ZERO, "why", at(500), signed, at(30)))
                .refused(Reason.INVALID_SPEC, "bond");
        stayed.when(new LodgeAppeal(id, BOND, " ", at(500), signed, at(30))).refused(Reason.INVALID_SPEC, "why");
        stayed.when(appeal(99))
                .events(new AppealLodged(id, BOND, "it was maintenance", at(500), signed, at(99)))
                .when(appeal(99))
                .refused(Reason.WRONG_STATE, "one appeal");
    }

    /** Or it would keep the case at its lowest band and away from the large committee. */
    @Test
    void nobodyAppealsWhileWhatIsAtRiskMayStillRise() {
        opened.when(appeal(15)).refused(Reason.WRONG_STATE, "OPEN");
        RaisePenalty higher = new RaisePenalty(id, 800, Ath.ofWhole(8), at(16));
        opened.done(higher, new BeginStay(id, at(100), at(20)))
                .when(appeal(30))
                .events(new AppealLodged(id, BOND, "it was maintenance", at(500), signed, at(30)));
    }

    @Test
    void anAppealSuspendsUntilItIsDecided() {
        var appealed = stayed.done(appeal(30));
        appealed.when(new ExecutePenalty(id, FIVE, treasury(FIVE.plus(BOND)), at(300)))
                .refused(Reason.WRONG_STATE);
        appealed.when(new DismissCase(id, "why", at(300))).refused(Reason.WRONG_STATE);
        DecideAppeal upheld = new DecideAppeal(id, APPEAL, Ruling.UPHELD, at(300));
        var over = appealed.when(upheld).events(new AppealDecided(id, APPEAL, Ruling.UPHELD, at(300)));
        over.when(upheld).nothing();
        over.when(new ExecutePenalty(id, FIVE, treasury(FIVE), at(301))).refused(Reason.WRONG_STATE, "add up");
        List<PenaltyShare> all = treasury(FIVE.plus(BOND));
        over.when(new ExecutePenalty(id, FIVE, all, at(301))).events(new PenaltyExecuted(id, FIVE, all, at(301)));
    }

    @Test
    void aReversalEndsWithoutAPenalty() {
        var reversed = stayed.done(appeal(30), new DecideAppeal(id, APPEAL, Ruling.REVERSED, at(300)));
        reversed.when(new ExecutePenalty(id, FIVE, treasury(FIVE.plus(BOND)), at(301)))
                .refused(Reason.WRONG_STATE);
        reversed.when(new DismissCase(id, "reversed", at(301)))
                .events(new CaseDismissed(id, "reversed", at(301)))
                .when(new DismissCase(id, "reversed", at(302)))
                .refused(Reason.WRONG_STATE, "DISMISSED");
    }

    @Test
    void aHungCommitteeDoesNotReverse() {
        var hung = stayed.done(appeal(30), new DecideAppeal(id, APPEAL, Ruling.HUNG, at(300)));
        assertThat(hung.state().stage()).isEqualTo(PenaltyCase.Stage.UPHELD);
    }

    private final Scenario<PenaltyCase, CaseCommand, CaseEvent> executed =
            stayed.done(new ExecutePenalty(id, FIVE, treasury(FIVE), at(100)));

    private LodgeAppeal late(long time) {
        return new LodgeAppeal(id, BOND, "the reports are forged", at(time + 500), signed, at(time));
    }

    @Test
    void anExecutedPenaltyIsAppealedOnceForAsLongAsADecisionMayTake() {
        executed.when(late(600)).refused(Reason.WINDOW_CLOSED, "until");
        var reopened = executed.when(late(599))
                .events(new AppealLodged(id, BOND, "the reports are forged", at(1_099), signed, at(599)));
        assertThat(reopened.state().stage()).isEqualTo(PenaltyCase.Stage.REOPENED);
        reopened.when(late(599)).refused(Reason.WRONG_STATE, "one appeal");
        reopened.when(new ExecutePenalty(id, FIVE, treasury(FIVE), at(700))).refused(Reason.WRONG_STATE);
        stayed.done(appeal(30), new DecideAppeal(id, APPEAL, Ruling.UPHELD, at(40)))
                .done(new ExecutePenalty(id, FIVE, treasury(FIVE.plus(BOND)), at(50)))
                .when(late(60))
                .refused(Reason.WRONG_STATE, "one appeal");
    }

    @Test
    void aReversedPenaltyIsRestitutedAndAConfirmedOneStands() {
        var reopened = executed.done(late(200));
        PenaltyShare loss = new PenaltyShare(Kind.RESTITUTION, accused, FIVE);
        PenaltyShare back = new PenaltyShare(Kind.BOND, accused, BOND);
        var overturned = reopened.done(new DecideAppeal(id, APPEAL, Ruling.REVERSED, at(300)));
        assertThat(PenaltyPolicy.review(overturned.state(), Map.of(accused, FIVE)))
                .containsExactly(loss, back);
        overturned
                .when(new CloseReview(id, Ath.ZERO, List.of(back), at(301)))
                .refused(Reason.WRONG_STATE, "restituted");
        overturned.when(new CloseReview(id, FIVE, List.of(loss), at(301))).refused(Reason.WRONG_STATE, "add up");
        var restituted = overturned
                .when(new CloseReview(id, FIVE, List.of(loss, back), at(301)))
                .events(new ReviewClosed(id, FIVE, List.of(loss, back), at(301)));
        assertThat(restituted.state().stage()).isEqualTo(PenaltyCase.Stage.RESTITUTED);
        assertThat(restituted.state().isOver()).isTrue();
        restituted.when(new CloseReview(id, FIVE, List.of(loss, back), at(302))).refused(Reason.WRONG_STATE);
        var confirmed = reopened.done(new DecideAppeal(id, APPEAL, Ruling.UPHELD, at(300)));
        List<PenaltyShare> lost = PenaltyPolicy.review(confirmed.state(), Map.of(accused, FIVE));
        assertThat(lost).containsExactly(new PenaltyShare(Kind.BOND, null, BOND));
        confirmed.when(new CloseReview(id, FIVE, List.of(loss, back), at(301))).refused(Reason.WRONG_STATE);
        assertThat(confirmed
                        .done(new CloseReview(id, Ath.ZERO, lost, at(301)))
                        .state()
                        .stage())
                .isEqualTo(PenaltyCase.Stage.EXECUTED);
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        Scenario.penaltyCase().when(appeal(1)).refused(Reason.NOT_FOUND);
        Scenario.penaltyCase().when(new BeginStay(id, at(9), at(1))).refused(Reason.NOT_FOUND);
        opened.when(new BeginStay(id, at(9), at(9))).refused(Reason.INVALID_SPEC);
        opened.when(new BeginStay(id, at(100), at(20))).events(new StayBegun(id, at(100), at(20)));
    }
}
