package io.athanor.api.command;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.stake.StakePoolCommand;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Locks the wallet's stake in a pool until a settlement day, so that it weighs more in votes. */
public record LockStake(
        PoolId pool,
        long untilDay,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(PoolId pool, long untilDay) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.lockStake(
                pool, authorization.wallet(), untilDay, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(pool, untilDay);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new StakePoolCommand.LockStake(
                pool, authorization.wallet(), untilDay, here.network().day(at), authorization, at));
    }
}
