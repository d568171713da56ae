package io.athanor.domain.stake;

import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import java.math.BigInteger;

/**
 * Stake that moved to another pool and still answers for what this pool's operator did before.
 *
 * @param cohort whose remaining stake says what the {@code shares} are still worth
 */
public record Redelegation(Wallet delegator, PoolId to, long cohort, BigInteger shares) {
    /** One a cohort, delegator and pool. */
    String key() {
        return cohort + "/" + delegator + "/" + to;
    }

    Redelegation joined(BigInteger minted) {
        return new Redelegation(delegator, to, cohort, shares.add(minted));
    }
}
