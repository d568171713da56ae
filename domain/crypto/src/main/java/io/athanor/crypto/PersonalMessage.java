package io.athanor.crypto;

import io.athanor.domain.hash.Hash32;
import java.nio.charset.StandardCharsets;

/**
 * The digest that a wallet signs for a readable message ({@code personal_sign}), such as a sign-in text.
 *
 * <p>Its prefix keeps it apart from every transaction and every typed command. Source: EIP-191, version 0x45.
 */
public final class PersonalMessage {
    private static final String PREFIX = "\u0019Ethereum Signed Message:\n";

    private PersonalMessage() {}

    /** keccak(prefix ‖ length in bytes, decimal ‖ message in UTF-8). */
    public static Hash32 digest(String message) {
        byte[] utf8 = message.getBytes(StandardCharsets.UTF_8);
        return Hash32.keccak((PREFIX + utf8.length).getBytes(StandardCharsets.US_ASCII), utf8);
    }
}
