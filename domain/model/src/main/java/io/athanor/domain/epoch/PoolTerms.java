package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.stake.StakePool;

/**
 * How an operator shares its rewards with its delegators in one epoch, frozen when the next epoch opens. Stake in wei.
 *
 * @param earning the delegated stake that was there before the epoch's settlement day
 */
public record PoolTerms(int commissionBps, Ath selfBond, Ath earning) {
    private static final long BPS = 10_000;

    public static PoolTerms of(StakePool pool, long day) {
        return new PoolTerms(pool.commission().at(day), pool.selfBond(), pool.earning(day));
    }

    /** Whether anybody but the operator earns. */
    public boolean isShared() {
        return !earning.isZero();
    }

    /**
     * What of a reward belongs to the delegators: {@code (1 - commission) · reward}, by their part of the stake. Floored
     * twice; the operator has the rest.
     */
    Ath delegators(Ath reward) {
        return reward.bps(BPS - commissionBps)
                .share(earning.wei(), selfBond.plus(earning).wei());
    }
}
