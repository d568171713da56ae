package io.athanor.api.command;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.signing.TypedEconomy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stops new work for so many milliseconds; the guardian's. */
public record PauseNetwork(
        String why,
        long millis,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(String why, long millis) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.pauseNetwork(
                authorization.wallet(), why, millis, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(why, millis);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new ProtocolCommand.PauseNetwork(why, millis, authorization, at));
    }
}
