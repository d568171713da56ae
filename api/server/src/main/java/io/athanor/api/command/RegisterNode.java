package io.athanor.api.command;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.signing.TypedEconomy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has upgrades wait for a node's readiness, or no more; the guardian's. */
public record RegisterNode(
        Wallet node,
        boolean active,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(Wallet node, boolean active) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.registerNode(
                authorization.wallet(), node, active, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(node, active);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new ProtocolCommand.RegisterNode(node, active, authorization, at));
    }
}
