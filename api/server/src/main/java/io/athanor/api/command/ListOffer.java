package io.athanor.api.command;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.MachineCommand;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.OfferStake;
import io.athanor.domain.stake.StakePoolCommand.CommitStake;
import io.athanor.domain.view.MachineView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names a machine's price per GPU-second, in wei, and commits the stake that its GPUs require. */
public record ListOffer(
        MachineId machine,
        Ath price,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(MachineId machine, Ath price) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.listOffer(machine, price, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(machine, price);
    }

    @Override
    public boolean stopsInPause() {
        return true;
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        MachineCommand.ListOffer offer = new MachineCommand.ListOffer(machine, price, authorization, at);
        MachineView known = here.reads().get(new FindMachine(machine), MachineView.class, "machine " + machine);
        Ath stake = OfferStake.required(
                known.inventory(), known.score(), here.network().parameters());
        PoolId pool = PoolId.ofProvider(known.provider());
        return stake.isZero() ? List.of(offer) : List.of(new CommitStake(pool, machine, stake, at), offer);
    }
}
