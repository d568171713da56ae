package io.athanor.domain.provider;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import java.time.Instant;

/** Orders to a provider. */
public sealed interface ProviderCommand extends Command {
    Wallet provider();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.PROVIDER, provider());
    }

    /** @param ownerGroup who controls it, as declared; related parties never judge or insure each other */
    record RegisterProvider(Wallet provider, String name, String ownerGroup, Authorization authorization, Instant at)
            implements ProviderCommand {}

    /** The provider's first machine was certified. */
    record ActivateProvider(Wallet provider, Instant at) implements ProviderCommand {}

    /**
     * A penalty for a machine's downtime was executed; goes with the case's execution in one order.
     *
     * @param terms what follows from it
     */
    record SuspendProvider(Wallet provider, MachineId machine, CaseId penaltyCase, Suspension.Terms terms, Instant at)
            implements ProviderCommand {}

    /** Ends a machine's suspension whose time is over. */
    record ReinstateProvider(Wallet provider, MachineId machine, Instant at) implements ProviderCommand {}
}
