package io.athanor.api.command;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.governance.ProposalCommand;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.query.Queries.FindVotingPower;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.VotingPowerView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Votes with the power that the wallet had when the proposal was submitted. */
public record CastVote(
        ProposalId proposalId,
        Choice choice,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(ProposalId proposalId, Choice choice) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.castVote(
                proposalId, authorization.wallet(), choice, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(proposalId, choice);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        VotingPowerView power =
                here.reads().one(new FindVotingPower(authorization.wallet(), proposalId), VotingPowerView.class);
        return List.of(new ProposalCommand.CastVote(
                proposalId,
                authorization.wallet(),
                choice,
                power.lines(),
                here.network().day(at),
                authorization,
                at));
    }
}
