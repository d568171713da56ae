package io.athanor.domain.common;

import io.athanor.domain.hash.Eip55;
import io.athanor.domain.hash.Hex;
import org.jspecify.annotations.Nullable;

/**
 * An account address on the chain, in EIP-55 mixed case.
 *
 * <p>Invariant: the checksum holds, so two wallets are equal exactly when their text is. Source: EIP-55.
 */
public record Wallet(String address) implements TextValue, Comparable<Wallet> {
    /** The most wallets whose checksum is remembered; a power of two. */
    private static final int KNOWN_MAX = 4_096;

    /**
     * Wallets parsed lately, each at the place of its text's hash, where the next one replaces it. An event names up to
     * four wallets, and a checksum is a Keccak permutation. A race between threads can only lose an entry: records are
     * immutable, and what is found is compared.
     */
    private static final @Nullable Wallet[] KNOWN = new Wallet[KNOWN_MAX];

    public static final Wallet ZERO = parse("0x0000000000000000000000000000000000000000");

    public Wallet {
        if (!Eip55.checksum(address).equals(address)) {
            throw new IllegalArgumentException("not an EIP-55 address: " + address);
        }
    }

    /** Accepts lower, upper or correct mixed case. Error: {@link IllegalArgumentException}. */
    public static Wallet parse(String text) {
        int place = text.hashCode() & KNOWN_MAX - 1;
        Wallet known = KNOWN[place];
        if (known != null && known.address.equals(text)) {
            return known;
        }
        Wallet wallet = new Wallet(Eip55.checksum(text));
        KNOWN[wallet.address.hashCode() & KNOWN_MAX - 1] = wallet;
        return wallet;
    }

    /** The 20 bytes. */
    public byte[] bytes() {
        return Hex.decode(address.toLowerCase(java.util.Locale.ROOT));
    }

    /** Order by the address's number, the same for every spelling. */
    @Override
    public int compareTo(Wallet other) {
        return address.compareToIgnoreCase(other.address);
    }

    @Override
    public String toString() {
        return address;
    }
}
