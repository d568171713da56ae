package io.athanor.domain.hash;

import java.util.HexFormat;

/**
 * Bytes as text: {@code 0x} and two lower-case digits a byte, and no other spelling.
 *
 * <p>One value has exactly one spelling, so texts may be compared and hashed in place of the bytes.
 */
public final class Hex {
    private static final HexFormat LOWER = HexFormat.of();

    private Hex() {}

    /** {@code 0x} followed by two lower-case digits for each byte; {@code 0x} for none. */
    public static String encode(byte[] bytes) {
        return "0x" + LOWER.formatHex(bytes);
    }

    /**
     * The bytes of a text made by {@link #encode}.
     *
     * @throws IllegalArgumentException naming the position (from 0) of the first character that does not fit
     */
    public static byte[] decode(String text) {
        requireHex(text);
        return LOWER.parseHex(text, 2, text.length());
    }

    /**
     * The bytes of a text of exactly this many bytes.
     *
     * @throws IllegalArgumentException for another length, or as {@link #decode(String)}
     */
    public static byte[] decode(String text, int bytes) {
        requireHex(text, bytes);
        return LOWER.parseHex(text, 2, text.length());
    }

    /** Checks the spelling and the length without decoding. */
    static void requireHex(String text, int bytes) {
        int length = 2 + 2 * bytes;
        if (text.length() != length) {
            throw new IllegalArgumentException("expected 0x and " + 2 * bytes + " hex digits, got " + text.length()
                    + " characters, at position " + Math.min(text.length(), length));
        }
        requireHex(text);
    }

    private static void requireHex(String text) {
        if (!text.startsWith("0x")) {
            throw new IllegalArgumentException("expected 0x at position 0");
        }
        for (int i = 2; i < text.length(); i++) {
            if (!isLowerDigit(text.charAt(i))) {
                throw new IllegalArgumentException("not a lower-case hex digit at position " + i);
            }
        }
        if (text.length() % 2 != 0) {
            throw new IllegalArgumentException("half a byte at position " + (text.length() - 1));
        }
    }

    private static boolean isLowerDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
}
