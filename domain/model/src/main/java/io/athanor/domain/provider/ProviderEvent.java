package io.athanor.domain.provider;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
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

    /** A penalty for its downtime was executed: the machine gets no new work until then. What runs on it is left to end. */
    record ProviderSuspended(Wallet provider, MachineId machine, CaseId penaltyCase, Instant until, Instant at)
            implements ProviderEvent {}

    /** The machine's suspension is over. */
    record ProviderReinstated(Wallet provider, MachineId machine, Instant at) implements ProviderEvent {}

    /** The machine was suspended too often: it gets no new work any more. */
    record ProviderCutOff(Wallet provider, MachineId machine, CaseId penaltyCase, Instant at)
            implements ProviderEvent {}
}
