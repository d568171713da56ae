package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.ProposalCommand.CancelProposal;
import io.athanor.domain.governance.ProposalCommand.CastVote;
import io.athanor.domain.governance.ProposalCommand.ExecuteProposal;
import io.athanor.domain.governance.ProposalCommand.OpenVoting;
import io.athanor.domain.governance.ProposalCommand.ReportReadiness;
import io.athanor.domain.governance.ProposalCommand.SubmitProposal;
import io.athanor.domain.governance.ProposalCommand.TallyProposal;
import io.athanor.domain.governance.ProposalEvent.ProposalCancelled;
import io.athanor.domain.governance.ProposalEvent.ProposalDefeated;
import io.athanor.domain.governance.ProposalEvent.ProposalExecuted;
import io.athanor.domain.governance.ProposalEvent.ProposalQueued;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.ProposalEvent.ReadinessReported;
import io.athanor.domain.governance.ProposalEvent.VoteCast;
import io.athanor.domain.governance.ProposalEvent.VotingExtended;
import io.athanor.domain.governance.ProposalEvent.VotingOpened;
import io.athanor.domain.governance.Tally.Result;
import io.athanor.domain.protocol.Economy.Governance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One vote: NONE → SUBMITTED → VOTING → QUEUED → EXECUTED, or → DEFEATED after the vote, or → CANCELLED from the queue.
 *
 * <p>Invariant: one vote a wallet, with the power it had at submission; the count happens once, after the last day; nothing
 * is executed before its timelock. Days are settlement days.
 *
 * @param until the day on which voting or the timelock ends, by stage
 * @param ready who reported to hold an upgrade's programs, and when, by stream; null as empty, in states kept before there
 *     were any
 */
public record Proposal(
        Stage stage,
        @Nullable ProposalSubmitted submitted,
        Ath totalPower,
        Map<Wallet, Vote> votes,
        boolean extended,
        long until,
        @Nullable ProposalTallied tallied,
        long executedDay,
        @Nullable Map<String, Instant> ready)
        implements State<Proposal, ProposalCommand, ProposalEvent> {
    public static final Proposal EMPTY =
            new Proposal(Stage.NONE, null, Ath.ZERO, Map.of(), false, 0, null, 0, Map.of());

    public Proposal {
        votes = PersistentMap.copyOf(votes);
        ready = PersistentMap.copyOf(ready == null ? Map.of() : ready);
    }

    /** How far it is. */
    public enum Stage {
        NONE,
        SUBMITTED,
        VOTING,
        QUEUED,
        EXECUTED,
        DEFEATED,
        CANCELLED;

        public boolean isOver() {
            return this == EXECUTED || this == DEFEATED || this == CANCELLED;
        }
    }

    /** Error: {@link Refused} NOT_FOUND before it was submitted. */
    public ProposalSubmitted known() {
        if (submitted == null) {
            throw new Refused(Reason.NOT_FOUND, "there is no such proposal");
        }
        return submitted;
    }

    /** How it would end now. */
    public Result result() {
        return tally().result(known().rules(), known().measure().weighty());
    }

    public Tally tally() {
        return Tally.of(votes, totalPower);
    }

    @Override
    public List<ProposalEvent> decide(ProposalCommand command) {
        return switch (command) {
            case SubmitProposal c -> submit(c);
            case OpenVoting c -> open(c);
            case CastVote c -> vote(c);
            case TallyProposal c -> count(c);
            case ExecuteProposal c -> execute(c);
            case ReportReadiness c -> ready(c);
            case CancelProposal c ->
                stage == Stage.QUEUED
                        ? List.of(new ProposalCancelled(c.proposal(), c.why(), c.at()))
                        : refuse("only a queued proposal is cancelled");
        };
    }

    private List<ProposalEvent> refuse(String detail) {
        throw new Refused(Reason.WRONG_STATE, detail + "; it is " + stage);
    }

    private List<ProposalEvent> submit(SubmitProposal c) {
        c.authorization().requireBy(c.proposer());
        Refused.unless(stage == Stage.NONE, Reason.ID_TAKEN, "proposal " + c.proposal() + " exists");
        MeasureRules.requireText("title", c.title(), Limits.NAME_CHARS);
        MeasureRules.require(c.measure(), c.current(), c.epoch());
        Governance rules = c.current().parameters().economics().governance();
        Ath threshold = c.totalPower().ppm(rules.thresholdPpm());
        Refused.unless(
                !c.power().isZero() && c.power().covers(threshold),
                Reason.NO_VOTING_POWER,
                "a proposer needs " + threshold.display() + " of voting power, has "
                        + c.power().display());
        return List.of(new ProposalSubmitted(
                c.proposal(),
                c.proposer(),
                c.title(),
                c.measure(),
                c.power(),
                rules.deposit(),
                rules,
                c.day(),
                c.day() + rules.delayDays(),
                c.authorization(),
                c.at()));
    }

    private List<ProposalEvent> open(OpenVoting c) {
        ProposalSubmitted p = known();
        if (stage != Stage.SUBMITTED) {
            return List.of();
        }
        Refused.unless(c.day() >= p.opensDay(), Reason.TOO_EARLY, "voting opens on settlement day " + p.opensDay());
        return List.of(new VotingOpened(
                c.proposal(), c.totalPower(), c.day() + p.rules().votingDays(), c.at()));
    }

    private List<ProposalEvent> vote(CastVote c) {
        c.authorization().requireBy(c.voter());
        ProposalSubmitted p = known();
        Refused.unless(
                stage == Stage.VOTING && c.day() < until,
                stage == Stage.SUBMITTED ? Reason.TOO_EARLY : Reason.WINDOW_CLOSED,
                "the proposal is " + stage + "; votes are taken from its opening to settlement day " + until);
        Refused.unless(!votes.containsKey(c.voter()), Reason.ALREADY_VOTED, c.voter() + " has voted");
        Refused.unless(
                !c.lines().isEmpty(),
                Reason.NO_VOTING_POWER,
                c.voter() + " had no stake when the proposal was submitted; what came later does not vote on it");
        VoteCast cast = new VoteCast(c.proposal(), c.voter(), c.choice(), c.lines(), c.authorization(), c.at());
        List<ProposalEvent> events = new ArrayList<>(List.of(cast));
        Governance rules = p.rules();
        boolean late = !extended && c.day() >= until - rules.extensionDays();
        if (late && !tally().hasQuorum(rules) && evolve(cast).tally().hasQuorum(rules)) {
            events.add(new VotingExtended(c.proposal(), until + rules.extensionDays(), c.at()));
        }
        return events;
    }

    private List<ProposalEvent> count(TallyProposal c) {
        ProposalSubmitted p = known();
        if (stage != Stage.VOTING) {
            return refuse("a vote is counted once");
        }
        Refused.unless(c.day() >= until, Reason.TOO_EARLY, "the vote ends on settlement day " + until);
        Tally count = tally();
        Result result = count.result(p.rules(), p.measure().weighty());
        Refused.unless(result == c.expected(), Reason.CONFLICT, "the result is " + result);
        ProposalTallied tally = new ProposalTallied(c.proposal(), count, result, c.at());
        return result == Result.PASSED
                ? List.of(tally, new ProposalQueued(c.proposal(), c.day() + timelock(p), c.at()))
                : List.of(tally, defeated(p, result, c.at()));
    }

    private List<ProposalEvent> ready(ReportReadiness c) {
        boolean upgrades =
                known().measure() instanceof UpgradeNetwork m && m.artifact().equals(c.artifact());
        Refused.unless(upgrades, Reason.INVALID_SPEC, "this proposal brings no programs " + c.artifact());
        Refused.unless(
                stage == Stage.QUEUED || stage == Stage.EXECUTED,
                Reason.WRONG_STATE,
                "readiness is reported for upgrades that have passed; it is " + stage);
        return isReady(c.reporter())
                ? List.of()
                : List.of(new ReadinessReported(c.proposal(), c.reporter(), c.artifact(), c.signature(), c.at()));
    }

    /** Whether this machine or checker reported to hold the upgrade's programs. */
    public boolean isReady(StreamId reporter) {
        return ready != null && ready.containsKey(reporter.toString());
    }

    private static ProposalDefeated defeated(ProposalSubmitted p, Result result, Instant at) {
        return new ProposalDefeated(p.proposal(), result, result == Result.VETOED ? p.deposit() : Ath.ZERO, at);
    }

    private static long timelock(ProposalSubmitted p) {
        return p.measure() instanceof UpgradeNetwork
                ? p.rules().upgradeTimelockDays()
                : p.rules().timelockDays();
    }

    private List<ProposalEvent> execute(ExecuteProposal c) {
        known();
        if (stage != Stage.QUEUED) {
            return refuse("only a queued proposal is executed");
        }
        Refused.unless(c.day() >= until, Reason.TOO_EARLY, "its timelock ends on settlement day " + until);
        return List.of(new ProposalExecuted(c.proposal(), c.day(), c.at()));
    }

    @Override
    public boolean isOver() {
        return stage.isOver();
    }

    @Override
    public Proposal evolve(ProposalEvent event) {
        return switch (event) {
            case ProposalSubmitted e ->
                new Proposal(Stage.SUBMITTED, e, Ath.ZERO, Map.of(), false, e.opensDay(), null, 0, ready);
            case VotingOpened e ->
                new Proposal(Stage.VOTING, submitted, e.totalPower(), votes, false, e.untilDay(), null, 0, ready);
            case VoteCast e -> {
                PersistentMap<Wallet, Vote> all = PersistentMap.copyOf(votes);
                yield new Proposal(
                        stage,
                        submitted,
                        totalPower,
                        all.with(e.voter(), new Vote(e.choice(), e.lines())),
                        extended,
                        until,
                        tallied,
                        0,
                        ready);
            }
            case VotingExtended e ->
                new Proposal(stage, submitted, totalPower, votes, true, e.untilDay(), tallied, 0, ready);
            case ProposalTallied e -> new Proposal(stage, submitted, totalPower, votes, extended, until, e, 0, ready);
            case ProposalQueued e -> at(Stage.QUEUED, e.executableDay(), 0);
            case ProposalDefeated e -> at(Stage.DEFEATED, until, 0);
            case ProposalExecuted e -> at(Stage.EXECUTED, until, e.day());
            case ProposalCancelled e -> at(Stage.CANCELLED, until, 0);
            case ReadinessReported e ->
                new Proposal(
                        stage,
                        submitted,
                        totalPower,
                        votes,
                        extended,
                        until,
                        tallied,
                        executedDay,
                        PersistentMap.<String, Instant>copyOf(ready == null ? Map.of() : ready)
                                .with(e.reporter().toString(), e.at()));
        };
    }

    private Proposal at(Stage next, long day, long executed) {
        return new Proposal(next, submitted, totalPower, votes, extended, day, tallied, executed, ready);
    }
}
