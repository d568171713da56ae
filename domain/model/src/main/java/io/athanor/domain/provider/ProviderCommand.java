package io.athanor.domain.provider;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.Suspension.LowQuality;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
     * A penalty for a machine's downtime or false result was executed; goes with the case's execution in one order.
     *
     * @param terms what follows from it
     */
    record SuspendProvider(Wallet provider, MachineId machine, CaseId penaltyCase, Suspension.Terms terms, Instant at)
            implements ProviderCommand {}

    /**
     * A machine did too little for days, without a lease lost; goes with the newest day's score in one order.
     *
     * @param quality over the days until the one that was scored
     * @param terms what follows from it
     */
    record SuspendForQuality(Wallet provider, MachineId machine, LowQuality quality, Suspension.Terms terms, Instant at)
            implements ProviderCommand {}

    /** Hardware that is not what was claimed: goes with the case's execution in one order. */
    record ExpelProvider(Wallet provider, CaseId penaltyCase, Instant at) implements ProviderCommand {}

    /** Ends a machine's suspension whose time is over; in histories from before it took clean days and an inspection. */
    record ReinstateProvider(Wallet provider, MachineId machine, Instant at) implements ProviderCommand {}

    /**
     * Ends a machine's suspension whose time is over, after clean days; goes with its certificate in one order.
     *
     * @param inspection the round that certified it again
     * @param day the newest of the clean days
     */
    record ReadmitMachine(Wallet provider, MachineId machine, RoundId inspection, long day, Instant at)
            implements ProviderCommand {}

    /**
     * The case that a suspension or an expulsion follows from was overturned.
     *
     * @param terms by which the machine's cut-off is looked at again; null in histories from before it was
     */
    record LiftSuspension(Wallet provider, CaseId penaltyCase, Suspension.@Nullable Terms terms, Instant at)
            implements ProviderCommand {}
}
