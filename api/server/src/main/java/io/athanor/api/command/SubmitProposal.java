package io.athanor.api.command;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.ProposalCommand;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.query.Queries.FindVotingPower;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.VotingPowerView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proposes a measure, with the deposit that the parameters ask for. */
public record SubmitProposal(
        ProposalId proposalId,
        String title,
        Measure measure,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(ProposalId proposalId, String title, Measure measure) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.submitProposal(
                proposalId,
                authorization.wallet(),
                title,
                Json.digest(measure),
                authorization.commandId(),
                authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(proposalId, title, measure);
    }

    /** The proposal is decided first: nobody lodges a deposit for what may not be proposed. */
    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        Wallet proposer = authorization.wallet();
        VotingPowerView power = here.reads().one(new FindVotingPower(proposer, null), VotingPowerView.class);
        ParametersActivated current = here.network().inForce();
        return List.of(
                new ProposalCommand.SubmitProposal(
                        proposalId,
                        proposer,
                        title,
                        measure,
                        power.own(),
                        power.total(),
                        current,
                        here.network().epoch(at),
                        here.network().day(at),
                        authorization,
                        at),
                new AccountCommand.LodgeDeposit(
                        proposer,
                        proposalId,
                        current.parameters().economics().governance().deposit(),
                        authorization,
                        at));
    }
}
