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

/** Moves a delegation to another pool of the same kind, in wei. */
public record RedelegateStake(
        PoolId pool,
        PoolId to,
        Ath amount,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(PoolId pool, PoolId to, Ath amount) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.redelegate(
                pool, authorization.wallet(), to, amount, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(pool, to, amount);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(
                new StakePoolCommand.Redelegate(
                        pool,
                        authorization.wallet(),
                        to,
                        amount,
                        here.network().stakeRules(),
                        here.network().day(at),
                        authorization,
                        at),
                new StakePoolCommand.ReceiveRedelegation(
                        to,
                        authorization.wallet(),
                        pool,
                        amount,
                        here.network().stakeRules(),
                        here.network().day(at),
                        at));
    }
}
