package io.athanor.domain.provider;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import java.time.Instant;

/** What happened to a provider. */
public sealed interface ProviderEvent extends Event {
    Wallet provider();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.PROVIDER, provider());
    }

    record ProviderRegistered(Wallet provider, String name, String ownerGroup, Authorization authorization, Instant at)
            implements ProviderEvent {}

    record ProviderActivated(Wallet provider, Instant at) implements ProviderEvent {}
}
