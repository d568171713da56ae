package io.athanor.crypto;

import io.athanor.domain.hash.Hex;
import java.security.SecureRandom;

/**
 * Device signatures: pure Ed25519 of RFC 8032 over bytes. Keys have 32 bytes, signatures 64.
 *
 * <p>Deterministic: equal inputs give equal signatures.
 */
public final class Ed25519 {
    /** Length of a private key (the RFC's seed) and of a public key, in bytes. */
    public static final int KEY_BYTES = 32;

    /** Length of a signature, in bytes. */
    public static final int SIGNATURE_BYTES = 64;

    private Ed25519() {}

    /** A private key with its public key. Prints nothing secret. */
    public static final class KeyPair {
        private final byte[] privateKey;
        private final byte[] publicKey = new byte[KEY_BYTES];

        private KeyPair(byte[] privateKey) {
            this.privateKey = privateKey;
            org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(privateKey, 0, publicKey, 0);
        }

        /** A copy of the 32 secret bytes. */
        public byte[] privateKey() {
            return privateKey.clone();
        }

        /** A copy of the 32 public bytes. */
        public byte[] publicKey() {
            return publicKey.clone();
        }

        @Override
        public String toString() {
            return Hex.encode(publicKey);
        }
    }

    /** The key pair of 32 secret bytes; {@link IllegalArgumentException} for another length. */
    public static KeyPair keyPair(byte[] privateKey) {
        if (privateKey.length != KEY_BYTES) {
            throw new IllegalArgumentException("a private key has 32 bytes, got " + privateKey.length);
        }
        return new KeyPair(privateKey.clone());
    }

    /** A fresh key pair from this source of randomness. */
    public static KeyPair generate(SecureRandom random) {
        byte[] privateKey = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePrivateKey(random, privateKey);
        return new KeyPair(privateKey);
    }

    /** The 64-byte signature of a message. */
    public static byte[] sign(KeyPair key, byte[] message) {
        byte[] signature = new byte[SIGNATURE_BYTES];
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(
                key.privateKey, 0, key.publicKey, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    /**
     * Whether this public key signed this message; false for a key or a signature of the wrong form too.
     *
     * <p>The key must have passed {@link #isValidPublicKey} once, where it was enrolled: a key of small order would accept
     * signatures that nobody made.
     */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return publicKey.length == KEY_BYTES
                && signature.length == SIGNATURE_BYTES
                && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                        signature, 0, publicKey, 0, message, 0, message.length);
    }

    /** Whether these bytes are the canonical encoding of a point of prime order, as every honestly made key is. */
    public static boolean isValidPublicKey(byte[] publicKey) {
        return publicKey.length == KEY_BYTES
                && org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(publicKey, 0);
    }
}
