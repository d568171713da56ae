package io.athanor.domain.provider;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
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
}
