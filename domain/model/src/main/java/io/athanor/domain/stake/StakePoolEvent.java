package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;

/** What happened to a stake pool. Amounts in wei. */
public sealed interface StakePoolEvent extends Event {
    PoolId pool();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.POOL, pool());
    }

    record StakeBonded(PoolId pool, long number, Ath amount, Hash32 transaction, long block, Instant at)
            implements StakePoolEvent {}
}
