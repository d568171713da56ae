package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.governance.Tally.Result;
import io.athanor.domain.protocol.Economy.Governance;
import java.time.Instant;
import java.util.List;

/** What happened to a proposal. */
public sealed interface ProposalEvent extends Event {
    ProposalId proposal();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.PROPOSAL, proposal());
    }

    /**
     * The point of the history at which voting power is taken.
     *
     * @param rules that this vote follows to its end, whatever is changed meanwhile
     * @param deposit lodged, in wei
     */
    record ProposalSubmitted(
            ProposalId proposal,
            Wallet proposer,
            String title,
            Measure measure,
            Ath power,
            Ath deposit,
            Governance rules,
            long day,
            long opensDay,
            Authorization authorization,
            Instant at)
            implements ProposalEvent {}

    record VotingOpened(ProposalId proposal, Ath totalPower, long untilDay, Instant at) implements ProposalEvent {}

    record VoteCast(
            ProposalId proposal,
            Wallet voter,
            Choice choice,
            List<PowerLine> lines,
            Authorization authorization,
            Instant at)
            implements ProposalEvent {
        public VoteCast {
            lines = List.copyOf(lines);
        }
    }

    /** The quorum was reached late: the others get time to answer. Once. */
    record VotingExtended(ProposalId proposal, long untilDay, Instant at) implements ProposalEvent {}

    record ProposalTallied(ProposalId proposal, Tally tally, Result result, Instant at) implements ProposalEvent {}

    record ProposalQueued(ProposalId proposal, long executableDay, Instant at) implements ProposalEvent {}

    /** @param forfeited the deposit that a veto costs, in wei */
    record ProposalDefeated(ProposalId proposal, Result result, Ath forfeited, Instant at) implements ProposalEvent {}

    record ProposalExecuted(ProposalId proposal, long day, Instant at) implements ProposalEvent {}

    /**
     * A machine or a checker holds the programs of this upgrade.
     *
     * @param reporter its stream
     * @param signature the machine's device key's or the checker's attester's, 0x hex
     */
    record ReadinessReported(ProposalId proposal, StreamId reporter, Sha256 artifact, String signature, Instant at)
            implements ProposalEvent {}

    record ProposalCancelled(ProposalId proposal, String why, Instant at) implements ProposalEvent {}
}
