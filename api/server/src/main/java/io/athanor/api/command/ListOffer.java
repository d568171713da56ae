package io.athanor.api.command;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.MachineCommand;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names a machine's price per GPU-second, in wei. */
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
        return List.of(new MachineCommand.ListOffer(machine, price, authorization, at));
    }
}
