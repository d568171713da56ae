package io.athanor.domain.common;

import java.math.BigInteger;

/**
 * An amount of ATH in wei (10^-18 ATH).
 *
 * <p>Invariant: never negative and at most 2^256 - 1. Arithmetic is exact; every division floors, so that the
 * remainder stays with whoever divides. Text form: the decimal number of wei.
 */
public record Ath(BigInteger wei) implements Comparable<Ath>, TextValue {
    public static final Ath ZERO = new Ath(BigInteger.ZERO);
    /** The fixed supply: 42 billion ATH. */
    public static final Ath SUPPLY = ofWhole(42_000_000_000L);

    private static final BigInteger WEI_PER_ATH = BigInteger.TEN.pow(18);

    public Ath {
        if (wei.signum() < 0 || wei.bitLength() > 256) {
            throw new IllegalArgumentException("not an amount of wei: " + wei);
        }
    }

    public static Ath ofWei(long wei) {
        return new Ath(BigInteger.valueOf(wei));
    }

    /** Whole ATH, so {@code ofWhole(1)} is 10^18 wei. */
    public static Ath ofWhole(long ath) {
        return new Ath(BigInteger.valueOf(ath).multiply(BigInteger.TEN.pow(18)));
    }

    /** Reads the decimal number of wei. Error: {@link IllegalArgumentException}. */
    public static Ath parse(String text) {
        if (!text.matches("[0-9]{1,78}")) {
            throw new IllegalArgumentException("wei must be 1 to 78 decimal digits: " + text);
        }
        return new Ath(new BigInteger(text));
    }

    public Ath plus(Ath other) {
        return new Ath(wei.add(other.wei));
    }

    /** Error: {@link IllegalArgumentException} if the result would be negative; ask {@link #covers} first. */
    public Ath minus(Ath other) {
        return new Ath(wei.subtract(other.wei));
    }

    public Ath times(long factor) {
        return new Ath(wei.multiply(BigInteger.valueOf(factor)));
    }

    /** {@code floor(this * numerator / denominator)}. */
    public Ath share(BigInteger numerator, BigInteger denominator) {
        return denominator.signum() == 0
                ? ZERO
                : new Ath(wei.multiply(numerator).divide(denominator));
    }

    public Ath share(long numerator, long denominator) {
        return share(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /** Basis points (10^-4), floored. */
    public Ath bps(long basisPoints) {
        return share(basisPoints, 10_000);
    }

    /** Parts per million (10^-6), floored. */
    public Ath ppm(long partsPerMillion) {
        return share(partsPerMillion, 1_000_000);
    }

    public Ath min(Ath other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public Ath max(Ath other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public boolean covers(Ath other) {
        return compareTo(other) >= 0;
    }

    public boolean isZero() {
        return wei.signum() == 0;
    }

    public static Ath sum(Iterable<Ath> amounts) {
        BigInteger total = BigInteger.ZERO;
        for (Ath amount : amounts) {
            total = total.add(amount.wei);
        }
        return new Ath(total);
    }

    /** For people: ATH with up to 18 decimals, such as {@code 1.5 ATH}. */
    public String display() {
        BigInteger[] parts = wei.divideAndRemainder(WEI_PER_ATH);
        if (parts[1].signum() == 0) {
            return parts[0] + " ATH";
        }
        String fraction = "0".repeat(18 - parts[1].toString().length()) + parts[1];
        return parts[0] + "." + fraction.replaceAll("0+$", "") + " ATH";
    }

    @Override
    public int compareTo(Ath other) {
        return wei.compareTo(other.wei);
    }

    @Override
    public String toString() {
        return wei.toString();
    }
}
