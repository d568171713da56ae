package io.athanor.domain.common;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Strict text and byte forms of UUIDs: one spelling, so that ids are equal exactly when their texts are. */
public final class UuidText {
    private static final int CHARS = 36;

    private UuidText() {}

    /** Reads the 36-character lower-case form. Error: {@link IllegalArgumentException}. */
    public static UUID parse(String text) {
        if (!isStrict(text)) {
            throw new IllegalArgumentException("not a lower-case UUID: " + text);
        }
        return UUID.fromString(text);
    }

    private static boolean isStrict(String text) {
        if (text.length() != CHARS) {
            return false;
        }
        for (int i = 0; i < CHARS; i++) {
            char c = text.charAt(i);
            boolean hex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
            if (!(isDash(i) ? c == '-' : hex)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDash(int at) {
        return at == 8 || at == 13 || at == 18 || at == 23;
    }

    /** As the texts compare, without making them. */
    public static int compare(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
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
