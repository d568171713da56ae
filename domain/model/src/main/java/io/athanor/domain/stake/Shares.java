package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The arithmetic of a pot of wei that is owned by shares.
 *
 * <p>Invariant: a pot has at least as many shares as wei. It begins with one share a wei, only slashes change the ratio,
 * and all rounding goes against whoever comes or leaves: a deposit is minted floored, what leaves is burned rounded up.
 * So nobody gains by splitting, and the sum of all parts' values never passes the pot. Source: ERC-4626's rounding rules.
 */
final class Shares {
    private Shares() {}

    /** What an amount gets; one share a wei in an empty pot. */
    static BigInteger minted(Ath amount, Ath pot, BigInteger all) {
        return pot.isZero() ? amount.wei() : amount.wei().multiply(all).divide(pot.wei());
    }

    /** What a part is worth, in wei. */
    static Ath value(BigInteger part, Ath pot, BigInteger all) {
        return pot.share(part, all);
    }

    /** What leaves with an amount, at most {@code own}: all of it where the amount is its whole value. */
    static BigInteger burned(Ath amount, BigInteger own, Ath pot, BigInteger all) {
        if (amount.equals(value(own, pot, all))) {
            return own;
        }
        BigInteger[] parts = amount.wei().multiply(all).divideAndRemainder(pot.wei());
        return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    }

    /**
     * A cut spread over pots in proportion, floored; what is left over is taken from the first that has it.
     *
     * @param cut at most the sum of the pots
     */
    static List<Ath> spread(Ath cut, List<Ath> pots) {
        Ath all = Ath.sum(pots);
        List<Ath> cuts = new ArrayList<>(pots.size());
        for (Ath pot : pots) {
            cuts.add(cut.share(pot.wei(), all.wei()));
        }
        Ath rest = cut.minus(Ath.sum(cuts));
        for (int i = 0; i < cuts.size() && !rest.isZero(); i++) {
            Ath more = rest.min(pots.get(i).minus(cuts.get(i)));
            cuts.set(i, cuts.get(i).plus(more));
            rest = rest.minus(more);
        }
        return cuts;
    }
}
