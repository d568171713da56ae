package io.athanor.domain.penalty;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseCommand.BeginStay;
import io.athanor.domain.penalty.CaseCommand.DecideAppeal;
import io.athanor.domain.penalty.CaseCommand.DismissCase;
import io.athanor.domain.penalty.CaseCommand.ExecutePenalty;
import io.athanor.domain.penalty.CaseCommand.JudgeCase;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.PenaltyShare.Kind;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client's dispute: judged first, then a case like any other. */
class DisputeTest {
    private static final RoundId ROUND = new RoundId(12, RoundId.Kind.SLASH, 0, 0);
    private static final RoundId APPEAL = new RoundId(13, RoundId.Kind.APPEAL, 0, 0);
    private static final Ath BILL = Ath.ofWhole(40);
    private static final Ath DEPOSIT = Ath.ofWhole(2);
    private static final Ath BOND = Ath.ofWhole(100);
    private static final List<String> JUDGES = List.of("group-a", "group-b");
    private final Samples samples = new Samples(71);
    private final Wallet client = samples.wallet();
    private final Wallet provider = samples.wallet();
    private final Authorization signed = samples.authorization(client);
    private final LeaseId lease = samples.task().lease(1);
    private final DeliverySubject delivery = new DeliverySubject(lease, samples.machine(), provider, "0x11");
    private final Dispute dispute = dispute(DEPOSIT, "the output is empty");
    private final CaseId id = dispute.caseId();
    private final Scenario<PenaltyCase, CaseCommand, CaseEvent> opened =
            Scenario.penaltyCase().done(open(dispute, signed));
    private final Scenario<PenaltyCase, CaseCommand, CaseEvent> upheld = opened.done(judge(Ruling.UPHELD, ROUND));
    private final Scenario<PenaltyCase, CaseCommand, CaseEvent> stayed =
            upheld.done(new BeginStay(id, at(100), at(20)));

    private Dispute dispute(Ath deposit, String why) {
        return new Dispute(PoolId.ofProvider(provider), delivery, client, BILL, deposit, why, List.of("g"), at(5));
    }

    private OpenCase open(Dispute offence, @Nullable Authorization by) {
        return new OpenCase(offence.caseId(), offence, 10_000, BILL, 3, 1, by, at(10));
    }

    private JudgeCase judge(Ruling ruling, @Nullable RoundId round) {
        return new JudgeCase(id, round, ruling, JUDGES, at(15));
    }

    private PenaltyShare share(Kind kind, @Nullable Wallet to, Ath amount) {
        return new PenaltyShare(kind, to, amount);
    }

    @Test
    void onlyTheClientDisputesWithADepositAndAReason() {
        Scenario.penaltyCase()
                .when(open(dispute, signed))
                .events(new CaseOpened(id, dispute, 10_000, BILL, 3, 1, signed, at(10)));
        Scenario.penaltyCase().when(open(dispute, null)).refused(Reason.NOT_ALLOWED);
        Scenario.penaltyCase()
                .when(open(dispute, samples.authorization(provider)))
                .refused(Reason.NOT_ALLOWED);
        Scenario.penaltyCase().when(open(dispute(Ath.ZERO, "why"), signed)).refused(Reason.BOND_TOO_LOW);
        Scenario.penaltyCase().when(open(dispute(DEPOSIT, " "), signed)).refused(Reason.INVALID_SPEC, "why");
        assertThat(dispute(BOND, "another word").caseId())
                .as("one lease, one dispute")
                .isEqualTo(id);
    }

    @Test
    void nothingGoesOnBeforeACommitteeUpholdsIt() {
        BeginStay stay = new BeginStay(id, at(100), at(20));
        opened.when(stay).refused(Reason.WRONG_STATE, "upheld");
        opened.done(judge(Ruling.REVERSED, ROUND)).when(stay).refused(Reason.WRONG_STATE, "upheld");
        opened.when(appeal(12)).refused(Reason.WRONG_STATE, "nothing to appeal");
        opened.when(judge(Ruling.REVERSED, null)).refused(Reason.INVALID_SPEC, "committee");
        opened.when(judge(Ruling.UPHELD, ROUND))
                .events(new CaseJudged(id, ROUND, Ruling.UPHELD, JUDGES, at(15)))
                .when(judge(Ruling.REVERSED, ROUND))
                .nothing();
    }

    private LodgeAppeal appeal(long time) {
        return new LodgeAppeal(id, BOND, "it was delivered", at(500), samples.authorization(provider), at(time));
    }

    @Test
    void anUpheldDisputeGivesTheBillAndTheDepositBack() {
        List<PenaltyShare> shares = List.of(share(Kind.CLIENT, client, BILL), share(Kind.DEPOSIT, client, DEPOSIT));
        assertThat(PenaltyPolicy.split(dispute, BILL, client, SampleParameters.get()))
                .containsExactly(share(Kind.CLIENT, client, BILL));
        assertThat(PenaltyPolicy.bonds(stayed.state(), true)).containsExactly(share(Kind.DEPOSIT, client, DEPOSIT));
        stayed.when(new ExecutePenalty(id, BILL, shares.subList(0, 1), at(100))).refused(Reason.WRONG_STATE, "add up");
        stayed.when(new ExecutePenalty(id, BILL, shares, at(100)))
                .events(new PenaltyExecuted(id, BILL, shares, at(100)));
    }

    @Test
    void aRefusedDisputeCostsTheDepositAndAnUndecidedOneDoesNot() {
        var refused = opened.done(judge(Ruling.REVERSED, ROUND));
        refused.when(new DismissCase(id, "it was delivered", at(30)))
                .events(new CaseDismissed(id, "it was delivered", at(30)));
        assertThat(PenaltyPolicy.bonds(refused.state(), false)).containsExactly(share(Kind.DEPOSIT, provider, DEPOSIT));
        assertThat(PenaltyPolicy.bonds(opened.done(judge(Ruling.HUNG, ROUND)).state(), false))
                .containsExactly(share(Kind.DEPOSIT, client, DEPOSIT));
        assertThat(PenaltyPolicy.bonds(opened.done(judge(Ruling.HUNG, null)).state(), false))
                .containsExactly(share(Kind.DEPOSIT, client, DEPOSIT));
    }

    @Test
    void aProvidersAppealDecidesOverBothDeposits() {
        var appealed = stayed.done(appeal(30));
        var reversed = appealed.done(new DecideAppeal(id, APPEAL, Ruling.REVERSED, at(40)));
        assertThat(PenaltyPolicy.bonds(reversed.state(), false))
                .containsExactly(share(Kind.BOND, provider, BOND), share(Kind.DEPOSIT, provider, DEPOSIT));
        var confirmed = appealed.done(new DecideAppeal(id, APPEAL, Ruling.UPHELD, at(40)));
        assertThat(PenaltyPolicy.bonds(confirmed.state(), true))
                .containsExactly(share(Kind.BOND, null, BOND), share(Kind.DEPOSIT, client, DEPOSIT));
        assertThat(confirmed.state().held()).isEqualTo(BOND.plus(DEPOSIT));
    }

    @Test
    void theDepositIsAShareOfTheBillAndAtLeastOne() {
        assertThat(PenaltyPolicy.disputeDeposit(BILL, SampleParameters.get())).isEqualTo(DEPOSIT);
        assertThat(PenaltyPolicy.disputeDeposit(Ath.ofWei(7), SampleParameters.get()))
                .isEqualTo(Ath.ofWhole(1));
    }
}
