package io.athanor.chain;

import java.math.BigInteger;

/**
 * What a transaction offers for gas, in wei.
 *
 * @param most for all, at most
 * @param tip of it for the block's proposer
 */
record Fees(BigInteger most, BigInteger tip) {
    private static final BigInteger FIRST_TIP = BigInteger.valueOf(1_000_000_000L);
    /** Per gas, in wei: nothing above it is ever offered. */
    static final BigInteger CAP = BigInteger.valueOf(500_000_000_000L);

    /** Twice the base fee, which lasts for six full blocks in a row, and a tip. */
    static Fees first(BigInteger baseFee) {
        return new Fees(baseFee.shiftLeft(1).add(FIRST_TIP).min(CAP), FIRST_TIP);
    }

    /** Both fees plus 12.5 %, rounded up: the least that every node takes as a replacement. */
    Fees raised() {
        return new Fees(raised(most), raised(tip));
    }

    private static BigInteger raised(BigInteger fee) {
        return fee.multiply(BigInteger.valueOf(9)).add(BigInteger.valueOf(7)).shiftRight(3);
    }

    /** Whether it is within what a batch may cost. */
    boolean withinCap() {
        return most.compareTo(CAP) <= 0;
    }
}
