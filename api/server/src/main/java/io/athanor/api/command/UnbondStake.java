package io.athanor.api.command;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.stake.StakePoolCommand;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins to take stake out of a pool, in wei. */
public record UnbondStake(
        PoolId pool,
        Ath amount,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(PoolId pool, Ath amount) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.unbond(
                pool, authorization.wallet(), amount, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(pool, amount);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new StakePoolCommand.StartUnbonding(
                pool,
                authorization.wallet(),
                amount,
                here.network().stakeRules(),
                here.network().day(at),
                authorization,
                at));
    }
}
