package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import java.math.BigInteger;

/**
 * The stake that began to leave a pool on one settlement day, and that stays slashable until it matures.
 *
 * <p>Invariant: {@code stake} is owned by {@code shares} as {@link Shares} says; a cohort that was slashed to nothing takes
 * nobody in any more. Amounts in wei, days as {@link StakeRules#day} counts them.
 *
 * @param number of the cohort within its pool
 * @param self the operator's own part, which is slashed before the others'
 */
public record Cohort(long number, Kind kind, long day, long matureDay, Ath stake, BigInteger shares, Ath self) {
    /** Where the stake of a cohort is. */
    public enum Kind {
        /** In the pool, until it is released. */
        UNBONDING,
        /** In another pool already; what is slashed of it is collected there. */
        REDELEGATED
    }

    static Cohort begun(long number, Kind kind, long day, long matureDay) {
        return new Cohort(number, kind, day, matureDay, Ath.ZERO, BigInteger.ZERO, Ath.ZERO);
    }

    /** What a part of it is worth, in wei; the last part takes the whole. */
    public Ath value(BigInteger part) {
        return Shares.value(part, stake, shares);
    }

    /** Whether stake that begins to leave now may join. */
    boolean takes(Kind asked, long onDay, long maturesOn) {
        boolean wiped = stake.isZero() && shares.signum() > 0;
        return kind == asked && day == onDay && matureDay == maturesOn && !wiped;
    }

    Cohort joined(Ath amount, BigInteger minted) {
        return new Cohort(number, kind, day, matureDay, stake.plus(amount), shares.add(minted), self);
    }

    Cohort joinedBySelf(Ath amount) {
        return new Cohort(number, kind, day, matureDay, stake, shares, self.plus(amount));
    }

    Cohort left(Ath amount, BigInteger burned) {
        return new Cohort(number, kind, day, matureDay, stake.minus(amount), shares.subtract(burned), self);
    }

    Cohort slashed(Ath selfCut, Ath stakeCut) {
        return new Cohort(number, kind, day, matureDay, stake.minus(stakeCut), shares, self.minus(selfCut));
    }

    boolean isEmpty() {
        return shares.signum() == 0 && self.isZero();
    }

    /** In the pool's own books. */
    Ath held() {
        return kind == Kind.UNBONDING ? stake.plus(self) : Ath.ZERO;
    }
}
