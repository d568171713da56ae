package io.athanor.domain.ledger;

import io.athanor.domain.common.Ath;

/**
 * An amount in wei that moves from one ledger account to another.
 *
 * <p>Invariant: it takes exactly what it gives, so no list of postings makes or destroys money; never of nothing, never
 * to itself.
 */
public record Posting(LedgerAccount from, LedgerAccount to, Ath amount) {
    public Posting {
        if (amount.isZero() || from.equals(to)) {
            throw new IllegalArgumentException("not a movement: " + amount + " from " + from + " to " + to);
        }
    }
}
