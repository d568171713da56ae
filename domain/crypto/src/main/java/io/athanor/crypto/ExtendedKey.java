package io.athanor.crypto;

import io.athanor.domain.hash.Hash32;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.util.BigIntegers;

/** A node of a BIP-32 tree: a private key and its 32-byte chain code, from which children are derived. */
record ExtendedKey(Secp256k1.KeyPair key, Hash32 chainCode) {
    /** Added to the number of a child that only the private key can derive. */
    static final int HARDENED = 0x80000000;

    private static final byte[] MASTER = "Bitcoin seed".getBytes(StandardCharsets.US_ASCII);
    private static final int HALF = 32;
    private static final int CHILD_DATA_BYTES = 37;

    /** The root of the tree of a seed. */
    static ExtendedKey master(byte[] seed) {
        byte[] i = hmacSha512(MASTER, seed);
        return new ExtendedKey(
                Secp256k1.keyPair(Arrays.copyOf(i, HALF)), Hash32.of(Arrays.copyOfRange(i, HALF, 2 * HALF)));
    }

    /**
     * The child of this number (CKDpriv).
     *
     * @throws IllegalArgumentException for the one number in 2^127 that BIP-32 calls invalid
     */
    ExtendedKey child(int number) {
        ByteBuffer data = ByteBuffer.allocate(CHILD_DATA_BYTES);
        if (number < 0) {
            data.put((byte) 0).put(key.privateKey());
        } else {
            data.put(key.compressedPublicKey());
        }
        byte[] i = hmacSha512(chainCode.bytes(), data.putInt(number).array());
        BigInteger left = new BigInteger(1, i, 0, HALF);
        if (left.compareTo(Secp256k1.ORDER) >= 0) {
            throw new IllegalArgumentException("BIP-32 has no child " + number + " here");
        }
        BigInteger secret = left.add(new BigInteger(1, key.privateKey())).mod(Secp256k1.ORDER);
        byte[] bytes = BigIntegers.asUnsignedByteArray(Secp256k1.PRIVATE_KEY_BYTES, secret);
        return new ExtendedKey(Secp256k1.keyPair(bytes), Hash32.of(Arrays.copyOfRange(i, HALF, 2 * HALF)));
    }

    private static byte[] hmacSha512(byte[] key, byte[] data) {
        HMac mac = new HMac(new SHA512Digest());
        mac.init(new KeyParameter(key));
        mac.update(data, 0, data.length);
        byte[] out = new byte[2 * HALF];
        mac.doFinal(out, 0);
        return out;
    }
}
