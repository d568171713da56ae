package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;

/**
 * A stake pool as it stands. Amounts in wei, rates in basis points.
 *
 * @param unbonding what has left and is not released
 * @param rewards what delegators have not claimed
 * @param room what may still be delegated
 * @param required what the operator's machines on offer hold
 * @param frozen what open cases may take
 * @param announcedBps the commission that was announced last
 * @param baitWarning whether the commission rises steeply over what attracted delegators
 * @param day the settlement day of the answer
 */
public record PoolView(
        PoolId id,
        Ath selfBond,
        Ath delegated,
        int delegators,
        Ath unbonding,
        Ath rewards,
        Ath room,
        Ath required,
        Ath frozen,
        int commissionBps,
        int announcedBps,
        boolean baitWarning,
        boolean closed,
        long day,
        long asOf) {}
