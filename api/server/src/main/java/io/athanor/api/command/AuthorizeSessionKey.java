package io.athanor.api.command;

import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets another key sign for the wallet, within a limit. */
public record AuthorizeSessionKey(
        SessionKey key,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(SessionKey key) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.authorizeSessionKey(
                authorization.wallet(), key, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(key);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new AccountCommand.AuthorizeSessionKey(authorization.wallet(), key, authorization, at));
    }
}
