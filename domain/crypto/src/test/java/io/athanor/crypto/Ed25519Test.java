package io.athanor.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.athanor.domain.hash.Hex;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ed25519Test {
    private static final long SEED = 8032;
    private static final byte[] X509_PREFIX = Hex.decode("0x302a300506032b6570032100");

    /** Tests 1 and 2 of RFC 8032, section 7.1. */
    @ParameterizedTest
    @CsvSource({
        "0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
                + "0x,"
                + "0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "0x4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,"
                + "0x72,"
                + "0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
                + "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    })
    void publishedVectors(String privateKey, String publicKey, String message, String signature) {
        Ed25519.KeyPair key = Ed25519.keyPair(Hex.decode(privateKey));
        assertThat(key).hasToString(publicKey);
        assertThat(Hex.encode(Ed25519.sign(key, Hex.decode(message)))).isEqualTo(signature);
        assertThat(Ed25519.verify(key.publicKey(), Hex.decode(message), Hex.decode(signature)))
                .isTrue();
    }

    @Test
    void anyFlippedBitFails() {
        Random random = new Random(SEED);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        Ed25519.KeyPair key = Ed25519.keyPair(secret);
        byte[] message = new byte[100];
        random.nextBytes(message);
        byte[] signature = Ed25519.sign(key, message);
        assertThat(Ed25519.verify(key.publicKey(), message, signature)).isTrue();
        for (int i = 0; i < 200; i++) {
            byte[][] parts = {key.publicKey(), message.clone(), signature.clone()};
            byte[] changed = parts[i % 3];
            int bit = random.nextInt(8 * changed.length);
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Ed25519.verify(parts[0], parts[1], parts[2]))
                    .as("bit %d of part %d, seed %d", bit, i % 3, SEED)
                    .isFalse();
        }
    }

    @Test
    void theJdkAcceptsOurSignatures() throws Exception {
        Ed25519.KeyPair key = Ed25519.generate(new SecureRandom());
        byte[] message = {1, 2, 3};
        byte[] encoded = concat(X509_PREFIX, key.publicKey());
        Signature jdk = Signature.getInstance("Ed25519");
        jdk.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        jdk.update(message);
        assertThat(jdk.verify(Ed25519.sign(key, message))).isTrue();
    }

    @Test
    void theWrongLengthIsRefused() {
        Ed25519.KeyPair key = Ed25519.keyPair(new byte[32]);
        byte[] message = {7};
        byte[] signature = Ed25519.sign(key, message);
        assertThat(Ed25519.verify(key.publicKey(), message, signature)).isTrue();
        assertThat(Ed25519.verify(key.publicKey(), message, Arrays.copyOf(signature, 63)))
                .isFalse();
        assertThat(Ed25519.verify(Arrays.copyOf(key.publicKey(), 33), message, signature))
                .isFalse();
        assertThat(Ed25519.keyPair(key.privateKey())).hasToString(key.toString());
        assertThatIllegalArgumentException().isThrownBy(() -> Ed25519.keyPair(new byte[31]));
    }

    /** The neutral element has order 1: with it as key, R = B and S = 1 verify for every message. */
    @Test
    void aKeyOfSmallOrderIsNoValidKey() {
        byte[] neutral = new byte[32];
        neutral[0] = 1;
        byte[] notCanonical = new byte[32];
        Arrays.fill(notCanonical, (byte) 0xff);
        assertThat(Ed25519.isValidPublicKey(neutral)).isFalse();
        assertThat(Ed25519.isValidPublicKey(notCanonical)).isFalse();
        assertThat(Ed25519.isValidPublicKey(new byte[31])).isFalse();
        assertThat(Ed25519.isValidPublicKey(Ed25519.keyPair(new byte[32]).publicKey()))
                .isTrue();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
