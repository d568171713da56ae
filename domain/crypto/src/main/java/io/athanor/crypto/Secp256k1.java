package io.athanor.crypto;

import io.athanor.domain.hash.Eip55;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECFieldElement;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;

/**
 * Wallet signatures: ECDSA on secp256k1 over a 32-byte digest, as 65 bytes r ‖ s ‖ v with v 27 or 28.
 *
 * <p>Nonces are those of RFC 6979 with SHA-256, so equal inputs give equal signatures; s is always in the lower half.
 * Sources: SEC 1 version 2, sections 4.1.3 and 4.1.6; EIP-2. The curve is Bouncy Castle's own implementation of it,
 * whose endomorphism makes a verification about five times as fast as the generic curve of the same name.
 */
public final class Secp256k1 {
    /** Length of a signature, in bytes. */
    public static final int SIGNATURE_BYTES = 65;

    /** Length of a private key, in bytes. */
    public static final int PRIVATE_KEY_BYTES = 32;

    static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256k1");
    static final BigInteger ORDER = PARAMETERS.getN();

    private static final ECCurve CURVE = PARAMETERS.getCurve();
    private static final ECPoint GENERATOR = PARAMETERS.getG();
    private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
    private static final int WORD = 32;
    private static final int V_EVEN = 27;
    private static final int V_ODD = 28;

    private Secp256k1() {}

    /** A private key and the address of its public key. Prints as the address alone. */
    public static final class KeyPair {
        private final BigInteger secret;
        private final byte[] compressedPublicKey;
        private final String address;

        private KeyPair(BigInteger secret) {
            this.secret = secret;
            ECPoint point = multiplyGenerator(secret).normalize();
            this.compressedPublicKey = point.getEncoded(true);
            this.address = addressOf(point);
        }

        /** The EIP-55 address. */
        public String address() {
            return address;
        }

        /** A copy of the 32 secret bytes, big-endian. */
        public byte[] privateKey() {
            return BigIntegers.asUnsignedByteArray(PRIVATE_KEY_BYTES, secret);
        }

        /** A copy of the 33 bytes of the compressed public key. */
        public byte[] compressedPublicKey() {
            return compressedPublicKey.clone();
        }

        @Override
        public String toString() {
            return address;
        }
    }

    /**
     * The key pair of 32 secret bytes, big-endian.
     *
     * @throws IllegalArgumentException unless they are a number from 1 to the curve's order − 1
     */
    public static KeyPair keyPair(byte[] privateKey) {
        if (privateKey.length != PRIVATE_KEY_BYTES) {
            throw new IllegalArgumentException("a private key has 32 bytes, got " + privateKey.length);
        }
        BigInteger secret = new BigInteger(1, privateKey);
        if (!inRange(secret)) {
            throw new IllegalArgumentException("a private key lies between 1 and the order of the curve");
        }
        return new KeyPair(secret);
    }

    /** A fresh key pair from this source of randomness. */
    public static KeyPair generate(SecureRandom random) {
        return new KeyPair(BigIntegers.createRandomInRange(BigInteger.ONE, ORDER.subtract(BigInteger.ONE), random));
    }

    /** The signature of a digest. */
    public static byte[] sign(KeyPair key, Hash32 digest) {
        HMacDSAKCalculator nonces = new HMacDSAKCalculator(SHA256Digest.newInstance());
        nonces.init(ORDER, key.secret, digest.bytes());
        while (true) {
            byte[] signature = trySign(key.secret, number(digest), nonces.nextK());
            if (signature != null) {
                return signature;
            }
        }
    }

    /** Null for the few nonces whose r does not name its point in one bit, or whose r or s is zero. */
    private static byte @Nullable [] trySign(BigInteger secret, BigInteger e, BigInteger k) {
        ECPoint point = multiplyGenerator(k).normalize();
        BigInteger r = point.getAffineXCoord().toBigInteger();
        BigInteger s = BigIntegers.modOddInverse(ORDER, k)
                .multiply(secret.multiply(r).add(e))
                .mod(ORDER);
        if (!inRange(r) || s.signum() == 0) {
            return null;
        }
        boolean high = s.compareTo(HALF_ORDER) > 0;
        boolean odd = point.getAffineYCoord().testBitZero() != high;
        byte[] signature = new byte[SIGNATURE_BYTES];
        BigIntegers.asUnsignedByteArray(r, signature, 0, WORD);
        BigIntegers.asUnsignedByteArray(high ? ORDER.subtract(s) : s, signature, WORD, WORD);
        signature[2 * WORD] = (byte) (odd ? V_ODD : V_EVEN);
        return signature;
    }

    /** The address whose key made this signature of this digest, or why there is none. */
    public static Recovery recover(Hash32 digest, byte[] signature) {
        Optional<SignatureFault> fault = faultOfForm(signature);
        if (fault.isPresent()) {
            return new Recovery.Rejected(fault.get());
        }
        ECPoint key = recoverKey(digest, signature);
        return key == null ? new Recovery.Rejected(SignatureFault.NO_SUCH_KEY) : new Recovery.Signer(addressOf(key));
    }

    /** What is wrong with a signature whatever it signs. */
    static Optional<SignatureFault> faultOfForm(byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return Optional.of(SignatureFault.WRONG_LENGTH);
        }
        int v = signature[2 * WORD];
        if (v != V_EVEN && v != V_ODD) {
            return Optional.of(SignatureFault.WRONG_V);
        }
        if (!inRange(r(signature)) || !inRange(s(signature))) {
            return Optional.of(SignatureFault.OUT_OF_RANGE);
        }
        return s(signature).compareTo(HALF_ORDER) > 0 ? Optional.of(SignatureFault.HIGH_S) : Optional.empty();
    }

    /** Q = r⁻¹(sR − eG) of a signature of the right form, normalised; null when there is no such key. */
    static @Nullable ECPoint recoverKey(Hash32 digest, byte[] signature) {
        ECPoint nonce = pointOf(r(signature), isOdd(signature));
        if (nonce == null) {
            return null;
        }
        BigInteger inverse = BigIntegers.modOddInverseVar(ORDER, r(signature));
        BigInteger u1 = ORDER.subtract(number(digest).multiply(inverse).mod(ORDER));
        BigInteger u2 = s(signature).multiply(inverse).mod(ORDER);
        ECPoint key = ECAlgorithms.sumOfTwoMultiplies(GENERATOR, u1, nonce, u2).normalize();
        return key.isInfinity() ? null : key;
    }

    /** Whether this key made this signature of the right form: R = s⁻¹(eG + rQ) has the signature's x and parity. */
    static boolean isSignedBy(ECPoint key, Hash32 digest, byte[] signature) {
        BigInteger inverse = BigIntegers.modOddInverseVar(ORDER, s(signature));
        BigInteger u1 = number(digest).multiply(inverse).mod(ORDER);
        BigInteger u2 = r(signature).multiply(inverse).mod(ORDER);
        ECPoint nonce = ECAlgorithms.sumOfTwoMultiplies(GENERATOR, u1, key, u2).normalize();
        return !nonce.isInfinity()
                && nonce.getAffineXCoord().toBigInteger().equals(r(signature))
                && nonce.getAffineYCoord().testBitZero() == isOdd(signature);
    }

    private static BigInteger number(Hash32 digest) {
        return new BigInteger(1, digest.bytes());
    }

    private static BigInteger r(byte[] signature) {
        return new BigInteger(1, signature, 0, WORD);
    }

    private static BigInteger s(byte[] signature) {
        return new BigInteger(1, signature, WORD, WORD);
    }

    private static boolean isOdd(byte[] signature) {
        return signature[2 * WORD] == V_ODD;
    }

    /** The curve's point with this x and parity of y; null when there is none. */
    private static @Nullable ECPoint pointOf(BigInteger x, boolean odd) {
        ECFieldElement fieldX = CURVE.fromBigInteger(x);
        ECFieldElement y = fieldX.square().multiply(fieldX).add(CURVE.getB()).sqrt();
        if (y == null) {
            return null;
        }
        ECFieldElement fitting = y.testBitZero() == odd ? y : y.negate();
        return CURVE.createPoint(x, fitting.toBigInteger());
    }

    /**
     * Empty when this address signed this digest, else why not.
     *
     * @throws IllegalArgumentException when {@code address} itself is no address
     */
    public static Optional<SignatureFault> verify(Hash32 digest, byte[] signature, String address) {
        String expected = Eip55.checksum(address);
        return switch (recover(digest, signature)) {
            case Recovery.Rejected rejected -> Optional.of(rejected.fault());
            case Recovery.Signer signer ->
                signer.checksummed().equals(expected) ? Optional.empty() : Optional.of(SignatureFault.WRONG_SIGNER);
        };
    }

    private static ECPoint multiplyGenerator(BigInteger scalar) {
        return new FixedPointCombMultiplier().multiply(GENERATOR, scalar);
    }

    private static boolean inRange(BigInteger scalar) {
        return scalar.signum() > 0 && scalar.compareTo(ORDER) < 0;
    }

    /** The last 20 bytes of keccak over the 64 bytes of x ‖ y. */
    static String addressOf(ECPoint normalized) {
        byte[] x = normalized.getAffineXCoord().getEncoded();
        byte[] y = normalized.getAffineYCoord().getEncoded();
        byte[] hash = Keccak256.hash(x, y);
        return Eip55.checksum(Arrays.copyOfRange(hash, hash.length - Eip55.ADDRESS_BYTES, hash.length));
    }
}
