package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.protocol.Economy.Delegation;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Timing;
import java.time.Instant;

/**
 * The parameters in force that a pool's decisions follow; a command carries them as it carries the time.
 *
 * @param selfBondBps the least part of a pool's stake that is its operator's own
 */
public record StakeRules(Delegation delegation, long selfBondBps) {
    /** Settlement days that a slash can look back: evidence, stay and appeal. No parameter goes below their sum. */
    public static final int EVIDENCE_DAYS = 7;

    public static final int STAY_DAYS = 2;
    public static final int APPEAL_DAYS = 7;
    public static final int LEAST_UNBONDING_DAYS = EVIDENCE_DAYS + STAY_DAYS + APPEAL_DAYS;
    /** Locks last one week to four years. */
    public static final int LOCK_DAYS_MIN = 7;

    public static final int LOCK_DAYS_MAX = 1_461;
    /** Raises are summed over so many days. */
    static final int COMMISSION_WINDOW_DAYS = 30;

    private static final long BPS = 10_000;

    public static StakeRules of(ProtocolParameters parameters) {
        return new StakeRules(
                parameters.economics().delegation(), parameters.stake().selfBondBps());
    }

    /** The settlement day of an instant: whole days since genesis. A network's timing never changes. */
    public static long day(Instant at, Instant genesis, Timing timing) {
        return Math.floorDiv(at.toEpochMilli() - genesis.toEpochMilli(), timing.dayMillis());
    }

    /** When a day begins. */
    public static Instant start(long day, Instant genesis, Timing timing) {
        return genesis.plusMillis(day * timing.dayMillis());
    }

    /** Days from the beginning of unbonding to its maturity. */
    long unbondingDays(PoolId pool) {
        return pool.kind() == PoolId.Kind.PROVIDER
                ? delegation.providerUnbondingDays()
                : delegation.checkerUnbondingDays();
    }

    /** The most that others may have delegated beside this much of the operator's own. */
    public Ath room(Ath self) {
        Ath byRatio = self.times(delegation.ratio());
        Ath byShare = self.share(BPS - selfBondBps, selfBondBps);
        return byRatio.min(byShare);
    }
}
