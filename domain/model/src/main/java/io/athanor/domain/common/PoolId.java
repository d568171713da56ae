package io.athanor.domain.common;

import io.athanor.domain.hash.Hash32;
import java.util.Locale;

/**
 * A stake pool: a provider's or a checker's, named after its operator. Text: {@code checker:0x…}.
 *
 * <p>On chain it is the word {@code kind << 160 | operator} with kind 1 for a provider and 2 for a checker.
 */
public record PoolId(Kind kind, Wallet operator) implements TextValue, Comparable<PoolId> {
    /** Whose stake it is, with its number on chain. */
    public enum Kind {
        PROVIDER(1),
        CHECKER(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        static Kind ofNumber(int number) {
            return switch (number) {
                case 1 -> PROVIDER;
                case 2 -> CHECKER;
                default -> throw new IllegalArgumentException("not a pool kind: " + number);
            };
        }
    }

    public static PoolId ofChecker(Wallet operator) {
        return new PoolId(Kind.CHECKER, operator);
    }

    public static PoolId ofProvider(Wallet operator) {
        return new PoolId(Kind.PROVIDER, operator);
    }

    public static PoolId parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a pool is <kind>:<wallet>: " + text);
        }
        Kind kind = Kind.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT));
        return new PoolId(kind, Wallet.parse(text.substring(colon + 1)));
    }

    /** Reads the word that the vault's bond event carries. Error: {@link IllegalArgumentException}. */
    public static PoolId ofWord(Hash32 word) {
        byte[] bytes = word.bytes();
        for (int i = 0; i < 11; i++) {
            if (bytes[i] != 0) {
                throw new IllegalArgumentException("not a pool word: " + word);
            }
        }
        int kind = bytes[11];
        if (kind < 1 || kind > Kind.values().length) {
            throw new IllegalArgumentException("not a pool kind: " + kind);
        }
        return new PoolId(
                Kind.values()[kind - 1], Wallet.parse("0x" + word.hex().substring(26)));
    }

    public Hash32 word() {
        byte[] bytes = new byte[32];
        bytes[11] = (byte) kind.number;
        System.arraycopy(operator.bytes(), 0, bytes, 12, 20);
        return Hash32.of(bytes);
    }

    @Override
    public int compareTo(PoolId other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : operator.compareTo(other.operator);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + operator;
    }
}
