package io.athanor.api.command;

import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for payout on chain, in wei, of what is available with all that has vested by now. */
public record RequestWithdrawal(
        Ath amount, Authorization authorization, @Nullable Long chainId) implements SignedCommand {
    private record Content(Ath amount) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.requestWithdrawal(
                authorization.wallet(), amount, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(amount);
    }

    @Override
    public boolean stopsInPause() {
        return true;
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(
                new AccountCommand.ReleaseEarnings(
                        authorization.wallet(), here.network().day(at), at),
                new AccountCommand.RequestWithdrawal(authorization.wallet(), amount, authorization, at));
    }
}
