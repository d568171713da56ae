package io.athanor.domain.checker;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import java.time.Instant;

/** Orders to a checker. */
public sealed interface CheckerCommand extends Command {
    Wallet checker();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.CHECKER, checker());
    }

    /**
     * Registers a checker and its hot key.
     *
     * @param networkGroup the network it sits in, such as an autonomous system, as declared
     * @param endpoint where machines reach it, {@code http(s)://host:port}
     * @param attester address of the key that signs reports
     */
    record RegisterChecker(
            Wallet checker,
            String ownerGroup,
            String networkGroup,
            Region region,
            String endpoint,
            Wallet attester,
            Authorization authorization,
            Instant at)
            implements CheckerCommand {}

    /** The stake is there: it may be drawn from the next freeze on. */
    record ActivateChecker(Wallet checker, Instant at) implements CheckerCommand {}

    /**
     * Takes it out of the draws for a time.
     *
     * @param wrong of its {@code rounds} in the window of days that counts
     */
    record JailChecker(Wallet checker, int wrong, int rounds, Instant until, Instant at) implements CheckerCommand {}

    /** Its time is served. */
    record ReleaseChecker(Wallet checker, Instant at) implements CheckerCommand {}

    /** @param because the case that proved it */
    record TombstoneChecker(Wallet checker, String because, Instant at) implements CheckerCommand {}
}
