package io.athanor.domain.common;

import io.athanor.domain.hash.Digests;
import java.util.HexFormat;

/** A content digest of stored bytes. Text: {@code sha256:<64 lower hex>}. Invariant: always in that form. */
public record Sha256(String value) implements TextValue, Comparable<Sha256> {
    public Sha256 {
        if (!value.matches("sha256:[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not sha256:<64 lower hex>: " + value);
        }
    }

    public static Sha256 parse(String text) {
        return new Sha256(text);
    }

    public static Sha256 of(byte[] content) {
        return ofDigest(Digests.sha256(content));
    }

    /** From the 32 bytes of a digest. */
    public static Sha256 ofDigest(byte[] digest) {
        return new Sha256("sha256:" + HexFormat.of().formatHex(digest));
    }

    /** The 64 hex characters alone. */
    public String hex() {
        return value.substring(7);
    }

    @Override
    public int compareTo(Sha256 other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
