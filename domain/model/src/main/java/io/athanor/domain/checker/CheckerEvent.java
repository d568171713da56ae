package io.athanor.domain.checker;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import java.time.Instant;

/** What happened to a checker. */
public sealed interface CheckerEvent extends Event {
    Wallet checker();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.CHECKER, checker());
    }

    record CheckerRegistered(
            Wallet checker,
            String ownerGroup,
            String networkGroup,
            Region region,
            String endpoint,
            Authorization authorization,
            Instant at)
            implements CheckerEvent {}

    record AttesterAuthorised(Wallet checker, Wallet attester, Instant at) implements CheckerEvent {}

    record CheckerActivated(Wallet checker, Instant at) implements CheckerEvent {}

    record CheckerJailed(Wallet checker, int wrong, int rounds, Instant until, Instant at) implements CheckerEvent {}

    record CheckerReleased(Wallet checker, Instant at) implements CheckerEvent {}

    record CheckerTombstoned(Wallet checker, String because, Instant at) implements CheckerEvent {}
}
