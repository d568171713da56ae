package io.athanor.domain.provider;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.Suspension.LowQuality;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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

    /** The machine did too little for days: it gets no new work until then. */
    record SuspendedForQuality(Wallet provider, MachineId machine, LowQuality quality, Instant until, Instant at)
            implements ProviderEvent {}

    /** The machine did too little for days once too often: it gets no new work any more. */
    record CutOffForQuality(Wallet provider, MachineId machine, LowQuality quality, Instant at)
            implements ProviderEvent {}

    /** A machine of it was found to be other hardware than claimed: none of its machines gets new work any more. */
    record ProviderExpelled(Wallet provider, CaseId penaltyCase, Instant at) implements ProviderEvent {}

    /** The machine's suspension is over: its days were clean and a committee inspected it again. */
    record MachineReadmitted(Wallet provider, MachineId machine, RoundId inspection, long day, Instant at)
            implements ProviderEvent {}

    /**
     * The case was overturned: what followed from it is over, and a cut-off that needed it is a suspension for its time.
     *
     * @param terms of the suspensions that are left; null in histories from before cut-offs were looked at again
     */
    record SuspensionLifted(Wallet provider, CaseId penaltyCase, Suspension.@Nullable Terms terms, Instant at)
            implements ProviderEvent {}

    /** The machine's suspension is over; in histories from before it took clean days and an inspection. */
    record ProviderReinstated(Wallet provider, MachineId machine, Instant at) implements ProviderEvent {}

    /** The machine was suspended too often: it gets no new work any more. */
    record ProviderCutOff(Wallet provider, MachineId machine, CaseId penaltyCase, Instant at)
            implements ProviderEvent {}
}
