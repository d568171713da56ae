package io.athanor.domain.hash;

import io.athanor.domain.common.TextValue;

/**
 * A 32-byte digest, identifier or root, spelled {@code 0x} and 64 lower-case hex digits.
 *
 * <p>Order is that of the unsigned bytes. The constructor refuses any other spelling with
 * {@link IllegalArgumentException}.
 */
public record Hash32(String hex) implements TextValue, Comparable<Hash32> {
    /** Length in bytes. */
    public static final int BYTES = 32;

    /** 32 zero bytes, the mark of "none" in contracts. */
    public static final Hash32 ZERO = of(new byte[BYTES]);

    public Hash32 {
        Hex.requireHex(hex, BYTES);
    }

    /** Reads 0x and 64 lower hex characters; {@link IllegalArgumentException} otherwise. */
    public static Hash32 parse(String text) {
        return new Hash32(text);
    }

    /** The value of exactly 32 bytes; {@link IllegalArgumentException} for another length. */
    public static Hash32 of(byte[] bytes) {
        return new Hash32(Hex.encode(bytes));
    }

    /** The Keccak-256 of the concatenated parts. */
    public static Hash32 keccak(byte[]... parts) {
        return of(Keccak256.hash(parts));
    }

    /** A fresh copy of the 32 bytes. */
    public byte[] bytes() {
        return Hex.decode(hex);
    }

    @Override
    public int compareTo(Hash32 other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
