package io.athanor.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.hash.Hash32;
import java.math.BigInteger;
import java.util.Random;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.junit.jupiter.api.Test;

class Secp256k1Properties {
    private static final long SEED = 6979;
    private static final int KEYS = 40;
    private static final int FLIPS = 8;
    private static final ECDomainParameters DOMAIN = new ECDomainParameters(Secp256k1.PARAMETERS);

    private final Random random = new Random(SEED);

    @Test
    void signAndRecoverAreInverse() {
        for (int i = 0; i < KEYS; i++) {
            Secp256k1.KeyPair key = nextKey();
            Hash32 digest = Hash32.of(bytes(32));
            assertThat(Secp256k1.verify(digest, Secp256k1.sign(key, digest), key.address()))
                    .as("case %d, seed %d", i, SEED)
                    .isEmpty();
        }
    }

    @Test
    void anyFlippedBitFails() {
        for (int i = 0; i < KEYS; i++) {
            Secp256k1.KeyPair key = nextKey();
            byte[] digest = bytes(32);
            byte[] signature = Secp256k1.sign(key, Hash32.of(digest));
            for (int j = 0; j < FLIPS; j++) {
                int bit = random.nextInt(8 * (signature.length + digest.length));
                byte[] changed = signature.clone();
                byte[] changedDigest = digest.clone();
                if (bit < 8 * signature.length) {
                    changed[bit / 8] ^= (byte) (1 << bit % 8);
                } else {
                    changedDigest[bit / 8 - signature.length] ^= (byte) (1 << bit % 8);
                }
                assertThat(Secp256k1.verify(Hash32.of(changedDigest), changed, key.address()))
                        .as("bit %d of case %d, seed %d", bit, i, SEED)
                        .isPresent();
            }
        }
    }

    /** Few places for many signers, so that keys are known, forgotten and learnt again. */
    @Test
    void knownSignersAcceptExactlyWhatRecoveryAccepts() {
        KnownSigners known = new KnownSigners(3);
        Secp256k1.KeyPair[] keys = {nextKey(), nextKey(), nextKey(), nextKey()};
        for (int i = 0; i < 2 * KEYS; i++) {
            Secp256k1.KeyPair key = keys[random.nextInt(keys.length)];
            Hash32 digest = Hash32.of(bytes(32));
            byte[] signature = Secp256k1.sign(key, digest);
            assertThat(known.verify(digest, signature, key.address()))
                    .as("case %d, seed %d", i, SEED)
                    .isEmpty();
            int bit = random.nextInt(8 * signature.length);
            signature[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(known.verify(digest, signature, key.address()))
                    .as("bit %d of case %d, seed %d", bit, i, SEED)
                    .isPresent();
        }
    }

    /** The other v names another key, which recovery sees and a plain ECDSA verification would not. */
    @Test
    void knownSignersLookAtV() {
        KnownSigners known = new KnownSigners(1);
        Secp256k1.KeyPair key = nextKey();
        Hash32 digest = Hash32.of(bytes(32));
        byte[] signature = Secp256k1.sign(key, digest);
        byte[] otherV = signature.clone();
        otherV[64] = (byte) (27 + 28 - signature[64]);
        assertThat(known.verify(digest, signature, key.address())).isEmpty();
        assertThat(known.verify(digest, otherV, key.address())).contains(SignatureFault.WRONG_SIGNER);
        assertThat(Secp256k1.verify(digest, otherV, key.address())).contains(SignatureFault.WRONG_SIGNER);
    }

    @Test
    void signaturesAreBouncyCastlesInTheLowerHalf() {
        for (int i = 0; i < KEYS; i++) {
            Secp256k1.KeyPair key = nextKey();
            byte[] digest = bytes(32);
            byte[] signature = Secp256k1.sign(key, Hash32.of(digest));
            BigInteger r = new BigInteger(1, signature, 0, 32);
            BigInteger s = new BigInteger(1, signature, 32, 32);

            ECDSASigner theirs = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            theirs.init(true, new ECPrivateKeyParameters(new BigInteger(1, key.privateKey()), DOMAIN));
            BigInteger[] expected = theirs.generateSignature(digest);
            assertThat(r).as("case %d, seed %d", i, SEED).isEqualTo(expected[0]);
            assertThat(s).isEqualTo(expected[1].min(Secp256k1.ORDER.subtract(expected[1])));

            ECDSASigner verifier = new ECDSASigner();
            verifier.init(
                    false,
                    new ECPublicKeyParameters(
                            Secp256k1.PARAMETERS.getCurve().decodePoint(key.compressedPublicKey()), DOMAIN));
            assertThat(verifier.verifySignature(digest, r, s)).isTrue();
        }
    }

    private Secp256k1.KeyPair nextKey() {
        return Secp256k1.keyPair(bytes(32));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
