package io.athanor.api.command;

import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a session key. */
public record RevokeSessionKey(
        Wallet key, Authorization authorization, @Nullable Long chainId) implements SignedCommand {
    private record Content(Wallet key) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.revokeSessionKey(
                authorization.wallet(), key, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(key);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new AccountCommand.RevokeSessionKey(authorization.wallet(), key, authorization, at));
    }
}
