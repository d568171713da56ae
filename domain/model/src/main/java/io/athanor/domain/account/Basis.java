package io.athanor.domain.account;

import io.athanor.domain.common.Ath;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a term of emission is a part of: {@code floor(pool · weight / sum)}, and at most the cap. So anybody reckons it again
 * by hand.
 *
 * @param pool what is shared, in wei
 * @param weight points of a machine (K in ppm · slots · quality in ppm), a task's cost in wei, correct rounds, or cases judged
 * @param sum of all weights that share the pool
 * @param cap for deliveries; null without one
 * @param ppm of the share that a machine on probation gets; null where it gets all
 * @param withheld why it gets nothing, null where it gets its share; {@code sum} is without it then
 */
public record Basis(
        Ath pool,
        BigInteger weight,
        BigInteger sum,
        @Nullable Ath cap,
        @Nullable Long ppm,
        @Nullable Withheld withheld) {
    private static final long PPM = 1_000_000;

    public Basis(Ath pool, BigInteger weight, BigInteger sum, @Nullable Ath cap) {
        this(pool, weight, sum, cap, null, null);
    }

    public Basis(Ath pool, BigInteger weight, BigInteger sum) {
        this(pool, weight, sum, null, null, null);
    }

    /** The term, in wei, before its delegators' part. */
    public Ath amount() {
        if (withheld != null) {
            return Ath.ZERO;
        }
        Ath whole = pool.share(weight, sum);
        Ath share = ppm == null ? whole : whole.share(ppm, PPM);
        return cap == null ? share : share.min(cap);
    }
}
