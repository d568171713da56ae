package io.athanor.domain.common;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Strict text and byte forms of UUIDs: one spelling, so that ids are equal exactly when their texts are. */
public final class UuidText {
    private UuidText() {}

    /** Reads the 36-character lower-case form. Error: {@link IllegalArgumentException}. */
    public static UUID parse(String text) {
        UUID id = text.length() == 36 ? UUID.fromString(text) : null;
        if (id == null || !id.toString().equals(text)) {
            throw new IllegalArgumentException("not a lower-case UUID: " + text);
        }
        return id;
    }

    /** The 16 bytes, left-padded to a 32-byte word, as EIP-712 and contract leaves carry it. */
    public static byte[] word(UUID id) {
        return ByteBuffer.allocate(32)
                .position(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /** A UUIDv7 (RFC 9562) of the given time and 80 random bits; the caller brings both, domain has neither. */
    public static UUID v7(long epochMillis, long randomHigh, long randomLow) {
        long high = (epochMillis << 16) | 0x7000L | (randomHigh & 0x0FFFL);
        long low = (randomLow & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
