package io.athanor.api.command;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.signing.TypedEconomy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fixes the mystery shopper's plan of a coming epoch by its digest. */
public record CommitCanaries(
        long epoch,
        Sha256 commitment,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(long epoch, Sha256 commitment) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.commitCanaries(
                authorization.wallet(), epoch, commitment, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(epoch, commitment);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new ProtocolCommand.CommitCanaries(
                epoch, commitment, here.network().epoch(at), authorization, at));
    }
}
