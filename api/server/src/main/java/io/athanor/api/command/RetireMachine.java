package io.athanor.api.command;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.MachineCommand;
import io.athanor.domain.query.Queries.FindObligation;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.StakePoolCommand.ReleaseCommitment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a machine out for good, and lets go of the stake that stood behind it. Error: {@link Refused} WRONG_STATE while it
 * holds leases, an outage of it is not settled or a case against it is open.
 */
public record RetireMachine(
        MachineId machine,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(MachineId machine) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.retireMachine(machine, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(machine);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        here.reads().find(new FindObligation(machine, at), String.class).ifPresent(what -> {
            throw new Refused(Reason.WRONG_STATE, what, "Retire it when that is over; 'athanor case list' shows it.");
        });
        return List.of(
                new MachineCommand.RetireMachine(machine, authorization, at),
                new ReleaseCommitment(PoolId.ofProvider(authorization.wallet()), machine, at));
    }
}
