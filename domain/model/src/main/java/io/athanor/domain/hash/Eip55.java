package io.athanor.domain.hash;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Wallet and contract addresses: {@code 0x} and 40 hex digits whose case is a checksum.
 *
 * <p>Athanor stores and prints the checksummed spelling only, so equal addresses are equal texts. Source: EIP-55.
 */
public final class Eip55 {
    /** Length of an address, in bytes. */
    public static final int ADDRESS_BYTES = 20;

    private static final int DIGITS = 2 * ADDRESS_BYTES;

    private Eip55() {}

    /**
     * The checksummed spelling of an address given in any case; the case it came in is not looked at.
     *
     * @throws IllegalArgumentException when it is not {@code 0x} and 40 hex digits
     */
    public static String checksum(String address) {
        String lower = address.startsWith("0x") ? address.toLowerCase(Locale.ROOT) : address;
        Hex.requireHex(lower, ADDRESS_BYTES);
        byte[] hash = Keccak256.hash(lower.substring(2).getBytes(StandardCharsets.US_ASCII));
        StringBuilder out = new StringBuilder(2 + DIGITS).append("0x");
        for (int i = 0; i < DIGITS; i++) {
            char digit = lower.charAt(2 + i);
            int nibble = hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf;
            out.append(nibble >= 8 ? Character.toUpperCase(digit) : digit);
        }
        return out.toString();
    }

    /** The checksummed spelling of 20 bytes. */
    public static String checksum(byte[] address) {
        return checksum(Hex.encode(address));
    }

    /**
     * An address that must already carry its right checksum.
     *
     * @throws IllegalArgumentException when it is no address, or its case is not its checksum
     */
    public static String parseStrict(String address) {
        String checksummed = checksum(address);
        if (!checksummed.equals(address)) {
            throw wrong(address);
        }
        return checksummed;
    }

    private static IllegalArgumentException wrong(String address) {
        return new IllegalArgumentException("checksum of address " + address + " does not match EIP-55");
    }

    /**
     * An address in one case throughout (which carries no checksum), or with its right checksum.
     *
     * @throws IllegalArgumentException when it is no address, or its mixed case is not its checksum
     */
    public static String parseLenient(String address) {
        String checksummed = checksum(address);
        if (checksummed.equals(address)) {
            return checksummed;
        }
        String digits = address.substring(2);
        boolean oneCase =
                digits.equals(digits.toLowerCase(Locale.ROOT)) || digits.equals(digits.toUpperCase(Locale.ROOT));
        if (!oneCase) {
            throw wrong(address);
        }
        return checksummed;
    }

    /** The 20 bytes of an address accepted by {@link #parseLenient}. */
    public static byte[] bytes(String address) {
        return Hex.decode(parseLenient(address).toLowerCase(Locale.ROOT), ADDRESS_BYTES);
    }
}
