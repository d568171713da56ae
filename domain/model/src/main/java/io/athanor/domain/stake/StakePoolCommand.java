package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;

/** Orders to a stake pool. */
public sealed interface StakePoolCommand extends Command {
    PoolId pool();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.POOL, pool());
    }

    /** A final, numbered bond of the vault. Repeats (a number not above the last) change nothing. */
    record CreditBond(PoolId pool, long number, Ath amount, Hash32 transaction, long block, Instant at)
            implements StakePoolCommand {}
}
