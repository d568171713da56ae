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

/** Announces what an operator keeps of its pool's rewards, in basis points. */
public record SetCommission(
        PoolId pool,
        int bps,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(PoolId pool, int bps) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.setCommission(pool, bps, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(pool, bps);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new StakePoolCommand.SetCommission(
                pool, bps, here.network().stakeRules(), here.network().day(at), authorization, at));
    }
}
