package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.governance.Tally.Result;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import java.time.Instant;
import java.util.List;

/** Orders to a proposal. Days are settlement days, powers wei of {@link PowerSnapshot}. */
public sealed interface ProposalCommand extends Command {
    ProposalId proposal();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.PROPOSAL, proposal());
    }

    /** The commands that begin a stream. */
    sealed interface Create extends ProposalCommand {}

    /**
     * Proposes a measure; its deposit is lodged by the account in the same order.
     *
     * @param power the proposer's and {@code totalPower} everybody's, now
     * @param current the parameters in force
     */
    record SubmitProposal(
            ProposalId proposal,
            Wallet proposer,
            String title,
            Measure measure,
            Ath power,
            Ath totalPower,
            ParametersActivated current,
            long epoch,
            long day,
            Authorization authorization,
            Instant at)
            implements Create {}

    /** The delay is over; {@code totalPower} is that of the snapshot. */
    record OpenVoting(ProposalId proposal, Ath totalPower, long day, Instant at) implements ProposalCommand {}

    /** @param lines the voter's of the snapshot */
    record CastVote(
            ProposalId proposal,
            Wallet voter,
            Choice choice,
            List<PowerLine> lines,
            long day,
            Authorization authorization,
            Instant at)
            implements ProposalCommand {
        public CastVote {
            lines = List.copyOf(lines);
        }
    }

    /**
     * The vote is over.
     *
     * @param expected the result that the order's other commands stand on
     */
    record TallyProposal(ProposalId proposal, Result expected, long day, Instant at) implements ProposalCommand {}

    /** The timelock is over; what the measure does stands behind it in the same order. */
    record ExecuteProposal(ProposalId proposal, long day, Instant at) implements ProposalCommand {}

    /** The reporter holds the programs of this upgrade; its signature was verified. */
    record ReportReadiness(ProposalId proposal, StreamId reporter, Sha256 artifact, String signature, Instant at)
            implements ProposalCommand {}

    /** What it was based on is no longer there. */
    record CancelProposal(ProposalId proposal, String why, Instant at) implements ProposalCommand {}
}
