package io.athanor.domain.governance;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.AttachedReport;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Milestone;
import io.athanor.domain.governance.Measure.Subject;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.Proposal.Stage;
import io.athanor.domain.governance.ProposalCommand.CastVote;
import io.athanor.domain.governance.ProposalCommand.ExecuteProposal;
import io.athanor.domain.governance.ProposalCommand.OpenVoting;
import io.athanor.domain.governance.ProposalCommand.ReportReadiness;
import io.athanor.domain.governance.ProposalCommand.SubmitProposal;
import io.athanor.domain.governance.ProposalCommand.TallyProposal;
import io.athanor.domain.governance.ProposalEvent.ReadinessReported;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.governance.Tally.Result;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import io.athanor.domain.protocol.ProtocolParameters.Reward;
import io.athanor.domain.protocol.ProtocolParameters.Timing;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProposalTest {
    private static final Samples SAMPLES = new Samples(30);
    private static final ProposalId ID = new ProposalId(SAMPLES.uuid());
    private static final Wallet ANNA = SAMPLES.wallet();
    private static final Wallet BERT = SAMPLES.wallet();
    private static final Wallet CARL = SAMPLES.wallet();
    private static final PoolId POOL = PoolId.ofChecker(ANNA);
    private static final ProtocolParameters NOW = SampleParameters.get();
    private static final ParametersActivated CURRENT = new ParametersActivated(3, NOW, 100, at(0));
    private static final Measure GRANT =
            new FundCommunity(BERT, "a dashboard", List.of(new Milestone("all", Ath.ofWhole(5), 0)));

    private static SubmitProposal submit(Measure measure, Ath power) {
        return new SubmitProposal(
                ID, ANNA, "Title", measure, power, Ath.ofWhole(1_000), CURRENT, 110, 20, by(ANNA), at(0));
    }

    private static SubmitProposal submit(Measure measure) {
        return submit(measure, Ath.ofWhole(1));
    }

    private static Authorization by(Wallet wallet) {
        return SAMPLES.authorization(wallet);
    }

    private static CastVote vote(Wallet voter, Choice choice, long own, long represented, long day) {
        PoolId pool = PoolId.ofChecker(voter);
        List<PowerLine> lines = List.of(new PowerLine(pool, Ath.ofWhole(own), Ath.ofWhole(represented)));
        return new CastVote(ID, voter, choice, lines, day, by(voter), at(0));
    }

    /** Of a delegator to Anna's pool. */
    private static CastVote delegatedVote(Wallet voter, Choice choice, long own, long day) {
        List<PowerLine> lines = List.of(new PowerLine(POOL, Ath.ofWhole(own), Ath.ZERO));
        return new CastVote(ID, voter, choice, lines, day, by(voter), at(0));
    }

    private static TallyProposal count(Result expected, long day) {
        return new TallyProposal(ID, expected, day, at(0));
    }

    private static Scenario<Proposal, ProposalCommand, ProposalEvent> voting(Measure measure) {
        return Scenario.proposal().done(submit(measure), new OpenVoting(ID, Ath.ofWhole(1_000), 22, at(0)));
    }

    private static Measure rewards(Reward reward) {
        return new ChangeParameters(Subject.REWARDS, 3, NOW.withReward(reward));
    }

    @Test
    void goesItsWholeWay() {
        var submitted = Scenario.proposal().done(submit(GRANT));
        submitted.when(new OpenVoting(ID, Ath.ofWhole(1_000), 21, at(0))).refused(Reason.TOO_EARLY, "22");
        submitted.when(vote(ANNA, Choice.FOR, 300, 0, 21)).refused(Reason.TOO_EARLY);
        var open = voting(GRANT).done(vote(ANNA, Choice.FOR, 300, 0, 22));
        open.when(count(Result.PASSED, 28)).refused(Reason.TOO_EARLY, "29");
        open.when(vote(BERT, Choice.FOR, 1, 0, 29)).refused(Reason.WINDOW_CLOSED);
        open.when(count(Result.NOT_ENOUGH, 29)).refused(Reason.CONFLICT, "PASSED");
        var queued = open.done(count(Result.PASSED, 29));
        queued.when(count(Result.PASSED, 29)).refused(Reason.WRONG_STATE);
        queued.when(new ExecuteProposal(ID, 30, at(0))).refused(Reason.TOO_EARLY, "31");
        var done = queued.done(new ExecuteProposal(ID, 31, at(0)));
        assertThat(done.state().stage()).isEqualTo(Stage.EXECUTED);
        done.when(new ExecuteProposal(ID, 31, at(0))).refused(Reason.WRONG_STATE);
    }

    @Test
    void whatIsConstIsRefusedAtSubmission() {
        Reward r = NOW.reward();
        Reward moreSupply = new Reward(
                r.providerYearsPpm(),
                r.providerReserve().plus(Ath.ofWei(1)),
                r.checkerReserve(),
                r.checkerBasePerDay(),
                r.protocolFeeBps(),
                r.deliveryCapPpm(),
                r.treasurySharePpm(),
                r.modelPpm());
        Scenario.proposal().when(submit(rewards(moreSupply))).refused(Reason.INVARIANT_BROKEN, "providerReserve");
        Timing t = NOW.timing();
        ProtocolParameters slower = new ProtocolParameters(
                NOW.profile(),
                new Timing(t.slotMillis() + 1, t.slotsPerEpoch(), t.epochsPerDay(), 3_000, 3_000),
                NOW.admission(),
                NOW.liveness(),
                NOW.sla(),
                NOW.committee(),
                r,
                NOW.stake(),
                NOW.market());
        Scenario.proposal()
                .when(submit(new ChangeParameters(Subject.PARAMETERS, 3, slower)))
                .refused(Reason.INVARIANT_BROKEN, "timing");
        Reward fee = SampleParameters.reward(3_001, 900_000, 1_000_000);
        Scenario.proposal().when(submit(rewards(fee))).refused(Reason.PARAMETER_OUT_OF_BOUNDS, "protocolFeeBps");
        Scenario.proposal().done(submit(rewards(SampleParameters.reward(1_000, 900_000, 1_000_000))));
    }

    @Test
    void aProposalChangesOneVersionAndOneSubject() {
        ProtocolParameters next = NOW.withReward(SampleParameters.reward(1_000, 900_000, 1_000_000));
        Scenario.proposal()
                .when(submit(new ChangeParameters(Subject.REWARDS, 2, next)))
                .refused(Reason.WRONG_STATE, "version 3");
        Scenario.proposal()
                .when(submit(new ChangeParameters(Subject.PARAMETERS, 3, next)))
                .refused(Reason.INVALID_SPEC, "PARAMETERS");
        Scenario.proposal()
                .when(submit(new ChangeParameters(Subject.REWARDS, 3, NOW)))
                .refused(Reason.INVALID_SPEC, "changes nothing");
    }

    /** Jail of another length, and nothing else. */
    private static ProtocolParameters harsher() {
        Accountability now = Accountability.STANDARD;
        Accountability other =
                new Accountability(new Jail(7, 2, 500, 60, 1_000), now.standing(), now.credits(), now.penalties());
        return new ProtocolParameters(
                NOW.profile(),
                NOW.timing(),
                NOW.admission(),
                NOW.liveness(),
                NOW.sla(),
                NOW.committee(),
                NOW.reward(),
                NOW.stake(),
                NOW.market(),
                other,
                NOW.economy());
    }

    @Test
    void theTableOfPenaltiesIsASubjectOfItsOwnAndNeedsTwoThirds() {
        Scenario.proposal()
                .when(submit(new ChangeParameters(Subject.PARAMETERS, 3, harsher())))
                .refused(Reason.INVALID_SPEC, "PARAMETERS");
        Scenario.proposal()
                .when(submit(new ChangeParameters(Subject.REWARDS, 3, harsher())))
                .refused(Reason.INVALID_SPEC, "REWARDS");
        Measure penalties = new ChangeParameters(Subject.PENALTIES, 3, harsher());
        ends(penalties, Result.NOT_ENOUGH, vote(ANNA, Choice.FOR, 666, 0, 22), vote(BERT, Choice.AGAINST, 334, 0, 22));
        ends(penalties, Result.PASSED, vote(ANNA, Choice.FOR, 667, 0, 22), vote(BERT, Choice.AGAINST, 333, 0, 22));
        Scenario.proposal()
                .when(submit(new ChangeParameters(
                        Subject.PENALTIES, 3, NOW.withReward(harsher().reward()))))
                .refused(Reason.INVALID_SPEC, "changes nothing");
    }

    @Test
    void aProposerNeedsPowerAndASignature() {
        Scenario.proposal()
                .when(submit(GRANT, Ath.ofWhole(1).minus(Ath.ofWei(1))))
                .refused(Reason.NO_VOTING_POWER);
        Scenario.proposal().done(submit(GRANT)).when(submit(GRANT)).refused(Reason.ID_TAKEN);
    }

    @Test
    void nobodyVotesTwiceOrWithStakeThatCameLater() {
        var open = voting(GRANT).done(vote(ANNA, Choice.FOR, 300, 0, 22));
        open.when(vote(ANNA, Choice.AGAINST, 300, 0, 22)).refused(Reason.ALREADY_VOTED);
        open.when(new CastVote(ID, BERT, Choice.FOR, List.of(), 22, by(BERT), at(0)))
                .refused(Reason.NO_VOTING_POWER, "came later");
        open.when(new CastVote(ID, BERT, Choice.FOR, List.of(), 22, by(CARL), at(0)))
                .refused(Reason.NOT_ALLOWED);
    }

    @Test
    void aDelegatorsOwnVoteOverridesItsDelegates() {
        // Anna runs the pool and speaks for 400 of others; Bert, with 150 of them, says otherwise.
        Proposal first = voting(GRANT)
                .done(vote(ANNA, Choice.FOR, 100, 400, 22), delegatedVote(BERT, Choice.AGAINST, 150, 23))
                .state();
        Proposal second = voting(GRANT)
                .done(delegatedVote(BERT, Choice.AGAINST, 150, 22), vote(ANNA, Choice.FOR, 100, 400, 23))
                .state();
        assertThat(first.tally()).isEqualTo(second.tally());
        assertThat(first.tally().inFavour()).isEqualTo(Ath.ofWhole(350));
        assertThat(first.tally().against()).isEqualTo(Ath.ofWhole(150));
    }

    private static void ends(Measure measure, Result result, CastVote... votes) {
        var open = voting(measure);
        for (CastVote vote : votes) {
            open = open.done(vote);
        }
        assertThat(open.state().result()).isEqualTo(result);
        open.done(count(result, 29));
    }

    @Test
    void quorumMajorityAndVetoDecide() {
        ends(GRANT, Result.NO_QUORUM, vote(ANNA, Choice.FOR, 199, 0, 22));
        ends(GRANT, Result.PASSED, vote(ANNA, Choice.FOR, 200, 0, 22));
        ends(GRANT, Result.NOT_ENOUGH, vote(ANNA, Choice.FOR, 100, 0, 22), vote(BERT, Choice.AGAINST, 100, 0, 22));
        ends(GRANT, Result.NOT_ENOUGH, vote(ANNA, Choice.ABSTAIN, 300, 0, 22));
        ends(GRANT, Result.VETOED, vote(ANNA, Choice.FOR, 666, 0, 22), vote(BERT, Choice.VETO, 334, 0, 22));
        ends(GRANT, Result.PASSED, vote(ANNA, Choice.FOR, 667, 0, 22), vote(BERT, Choice.VETO, 333, 0, 22));
        Measure upgrade = new UpgradeNetwork("0.2.0", SAMPLES.sha256(), 200);
        ends(upgrade, Result.NOT_ENOUGH, vote(ANNA, Choice.FOR, 666, 0, 22), vote(BERT, Choice.AGAINST, 334, 0, 22));
        ends(upgrade, Result.PASSED, vote(ANNA, Choice.FOR, 667, 0, 22), vote(BERT, Choice.AGAINST, 333, 0, 22));
    }

    @Test
    void aVetoCostsTheDepositAndUpgradesWaitLonger() {
        var vetoed = voting(GRANT).done(vote(ANNA, Choice.VETO, 300, 0, 22), count(Result.VETOED, 29));
        assertThat(vetoed.state().stage()).isEqualTo(Stage.DEFEATED);
        Measure upgrade = new UpgradeNetwork("0.2.0", SAMPLES.sha256(), 200);
        voting(upgrade)
                .done(vote(ANNA, Choice.FOR, 300, 0, 22), count(Result.PASSED, 29))
                .when(new ExecuteProposal(ID, 35, at(0)))
                .refused(Reason.TOO_EARLY, "36");
    }

    @Test
    void readinessIsReportedOnceForThePassedProgramsAlone() {
        Sha256 programs = SAMPLES.sha256();
        StreamId reporter = StreamId.of(StreamId.CHECKER, BERT);
        ReportReadiness report = new ReportReadiness(ID, reporter, programs, "0x01", at(0));
        var open = voting(new UpgradeNetwork("0.2.0", programs, 200)).done(vote(ANNA, Choice.FOR, 300, 0, 22));
        open.when(report).refused(Reason.WRONG_STATE, "passed");
        var passed = open.done(count(Result.PASSED, 29));
        passed.when(new ReportReadiness(ID, reporter, SAMPLES.sha256(), "0x01", at(0)))
                .refused(Reason.INVALID_SPEC, "no programs");
        passed.when(report)
                .events(new ReadinessReported(ID, reporter, programs, "0x01", at(0)))
                .when(report)
                .nothing();
        assertThat(passed.done(report).state().isReady(reporter)).isTrue();
    }

    @Test
    void aQuorumReachedLateGivesTheOthersTimeOnce() {
        var late = voting(GRANT).done(vote(ANNA, Choice.FOR, 199, 0, 22), vote(BERT, Choice.FOR, 1, 0, 27));
        assertThat(late.state().until()).isEqualTo(31);
        assertThat(late.done(vote(CARL, Choice.FOR, 1, 0, 30)).state().until()).isEqualTo(31);
        var early = voting(GRANT).done(vote(ANNA, Choice.FOR, 199, 0, 22), vote(BERT, Choice.FOR, 1, 0, 26));
        assertThat(early.state().until()).isEqualTo(29);
    }

    @Test
    void aReportIsOfThePast() {
        Sha256 digest = SAMPLES.sha256();
        ChangeParameters plain = new ChangeParameters(Subject.PENALTIES, 3, harsher());
        Scenario.proposal()
                .when(submit(reported(plain, new AttachedReport(digest, 1_000, 50, 111))))
                .refused(Reason.INVALID_SPEC, "whatIf", "110");
        Scenario.proposal()
                .when(submit(reported(plain, new AttachedReport(digest, 1_000, 60, 50))))
                .refused(Reason.INVALID_SPEC, "whatIf");
        Measure good = reported(plain, new AttachedReport(digest, 1_000, 50, 110));
        assertThat(Scenario.proposal().done(submit(good)).state().known().measure())
                .isEqualTo(good);
    }

    private static Measure reported(ChangeParameters plain, AttachedReport report) {
        return plain.withReport(report);
    }

    @Test
    void aChangeOfParametersNamesItsReportWhereTheNetworkDemandsIt() {
        Economy economy = NOW.economics();
        ProtocolParameters demanding = NOW.withEconomy(new Economy(
                economy.delegation(), economy.governance().with(true, null), economy.earnings(), economy.emergency()));
        ParametersActivated current = new ParametersActivated(3, demanding, 100, at(0));
        ChangeParameters plain = new ChangeParameters(Subject.PENALTIES, 3, demanding.withPenaltiesOf(harsher()));
        Scenario.proposal().when(submit(plain, current)).refused(Reason.REPORT_MISSING, "what-if report");
        Measure reported = reported(plain, new AttachedReport(SAMPLES.sha256(), 1_000, 50, 110));
        assertThat(Scenario.proposal()
                        .done(submit(reported, current))
                        .state()
                        .known()
                        .measure())
                .isEqualTo(reported);
        Scenario.proposal().done(submit(GRANT, current));
    }

    @Test
    void aQuarterKeepsItsLength() {
        ProtocolParameters now = paying(91);
        ParametersActivated current = new ParametersActivated(3, now, 100, at(0));
        Scenario.proposal()
                .when(submit(new ChangeParameters(Subject.REWARDS, 3, paying(90)), current))
                .refused(Reason.INVARIANT_BROKEN, "quarterDays");
        Scenario.proposal().done(submit(new ChangeParameters(Subject.REWARDS, 3, now.withReward(half())), current));
    }

    private static ProtocolParameters paying(int quarterDays) {
        CheckerPay pay = new CheckerPay(Ath.ofWhole(10), Ath.ofWhole(1_000), quarterDays);
        Economy economy = NOW.economics();
        return NOW.withEconomy(economy.withEarnings(new Earnings(2, Ath.ZERO, 9_500, true, true, pay)));
    }

    private static Reward half() {
        Reward r = NOW.reward();
        return new Reward(
                r.providerYearsPpm(),
                r.providerReserve(),
                r.checkerReserve(),
                r.checkerBasePerDay().share(1, 2),
                r.protocolFeeBps(),
                r.deliveryCapPpm(),
                r.treasurySharePpm(),
                r.modelPpm());
    }

    private static SubmitProposal submit(Measure measure, ParametersActivated current) {
        Ath power = Ath.ofWhole(1);
        return new SubmitProposal(
                ID, ANNA, "Title", measure, power, Ath.ofWhole(1_000), current, 110, 20, by(ANNA), at(0));
    }
}
