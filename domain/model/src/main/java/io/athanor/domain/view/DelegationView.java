package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import java.util.List;

/**
 * A delegator's statement in one pool; the operator's own stake is one too. Amounts in wei.
 *
 * @param value what the active stake is worth
 * @param reward unclaimed
 * @param baitWarning whether the pool's commission rises steeply
 */
public record DelegationView(
        PoolId pool,
        Wallet delegator,
        Ath value,
        Ath reward,
        long lockedUntilDay,
        List<Leaving> unbonding,
        int commissionBps,
        boolean baitWarning,
        long day,
        long asOf) {
    public DelegationView {
        unbonding = List.copyOf(unbonding);
    }

    /** @param held whether an open case holds it back */
    public record Leaving(long cohort, Ath amount, long day, long matureDay, boolean held) {}
}
