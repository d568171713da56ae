package io.athanor.agent.outputs;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 for content that comes in pieces. */
public final class Hashes {
    private Hashes() {}

    /** A new, empty digest. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
