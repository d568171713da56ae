package io.athanor.domain.epoch;

import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;

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
}
