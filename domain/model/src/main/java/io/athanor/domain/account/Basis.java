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
 */
public record Basis(
        Ath pool,
        BigInteger weight,
        BigInteger sum,
        @Nullable Ath cap) {
    public Basis(Ath pool, BigInteger weight, BigInteger sum) {
        this(pool, weight, sum, null);
    }

    /** The term, in wei, before its delegators' part. */
    public Ath amount() {
        Ath share = pool.share(weight, sum);
        return cap == null ? share : share.min(cap);
    }
}
