package io.athanor.api.command;

import io.athanor.domain.checker.CheckerCommand;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Registers the signing wallet as a checker with its hot key. */
public record RegisterChecker(
        String ownerGroup,
        String networkGroup,
        Region region,
        String endpoint,
        Wallet attester,
        Authorization authorization,
        @Nullable Long chainId)
        implements SignedCommand {
    private record Content(String ownerGroup, String networkGroup, Region region, String endpoint, Wallet attester) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.registerChecker(
                authorization.wallet(),
                ownerGroup,
                networkGroup,
                region.name(),
                endpoint,
                attester,
                authorization.commandId(),
                authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(ownerGroup, networkGroup, region, endpoint, attester);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        return List.of(new CheckerCommand.RegisterChecker(
                authorization.wallet(), ownerGroup, networkGroup, region, endpoint, attester, authorization, at));
    }
}
