package io.athanor.api.command;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.provider.ProviderCommand;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Registers the signing wallet as a provider. */
public record RegisterProvider(
        String name,
        String ownerGroup,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(String name, String ownerGroup) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.registerProvider(
                authorization.wallet(), name, ownerGroup, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(name, ownerGroup);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(
                new ProviderCommand.RegisterProvider(authorization.wallet(), name, ownerGroup, authorization, at));
    }
}
