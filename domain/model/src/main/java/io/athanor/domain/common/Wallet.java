package io.athanor.domain.common;

import io.athanor.domain.hash.Eip55;
import io.athanor.domain.hash.Hex;

/**
 * An account address on the chain, in EIP-55 mixed case.
 *
 * <p>Invariant: the checksum holds, so two wallets are equal exactly when their text is. Source: EIP-55.
 */
public record Wallet(String address) implements TextValue, Comparable<Wallet> {
    public static final Wallet ZERO = parse("0x0000000000000000000000000000000000000000");

    public Wallet {
        if (!Eip55.checksum(address).equals(address)) {
            throw new IllegalArgumentException("not an EIP-55 address: " + address);
        }
    }

    /** Accepts lower, upper or correct mixed case. Error: {@link IllegalArgumentException}. */
    public static Wallet parse(String text) {
        return new Wallet(Eip55.checksum(text));
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
