package io.athanor.domain.epoch;

import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * One term of an epoch's emission with what it is a part of, so that anybody reckons it again by hand. Amounts in wei.
 *
 * <p>Invariant: {@code amount = basis.amount()}; what the wallet is credited is {@code amount − toDelegators}.
 *
 * @param source a machine, a task or rounds
 * @param toDelegators what the wallet's pool took of it
 */
public record RewardTerm(Wallet wallet, Kind kind, String source, Basis basis, Ath amount, Ath toDelegators) {

    /** What the wallet itself is credited. */
    public Ath kept() {
        return amount.minus(toDelegators);
    }

    /**
     * {@code floor(pool · weight / sum)}, and at most the cap.
     *
     * @param pool what is shared, in wei
     * @param weight points of a machine (K in ppm · slots · quality in ppm), a task's cost in wei, or correct rounds
     * @param sum of all weights that share the pool
     * @param cap for deliveries; null without one
     */
    public record Basis(
            Ath pool,
            BigInteger weight,
            BigInteger sum,
            @Nullable Ath cap) {
        Basis(Ath pool, BigInteger weight, BigInteger sum) {
            this(pool, weight, sum, null);
        }

        /** The term, in wei. */
        public Ath amount() {
            Ath share = pool.share(weight, sum);
            return cap == null ? share : share.min(cap);
        }
    }
}
