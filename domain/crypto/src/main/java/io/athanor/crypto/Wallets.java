package io.athanor.crypto;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Wallet keys from a mnemonic: BIP-39 seed, BIP-32 tree, BIP-44 path m/44'/60'/0'/0/index.
 *
 * <p>The words are not compared with BIP-39's list: another sentence gives other keys, as the standard says.
 */
public final class Wallets {
    /**
     * The mnemonic that development chains fund at their start. Everybody knows its keys: never for anything but a local
     * chain.
     */
    public static final String DEVNET_MNEMONIC = "test test test test test test test test test test test junk";

    private static final int SEED_ROUNDS = 2048;
    private static final int SEED_BITS = 512;
    private static final int BIP44 = 44;
    private static final int ETHER = 60;

    private Wallets() {}

    /** The wallet of this index (from 0) of {@link #DEVNET_MNEMONIC}. */
    public static Secp256k1.KeyPair devnet(int index) {
        return derive(DEVNET_MNEMONIC, index);
    }

    /** The wallet of this index (from 0) of a mnemonic without a passphrase. */
    public static Secp256k1.KeyPair derive(String mnemonic, int index) {
        if (index < 0) {
            throw new IllegalArgumentException("a wallet's index is not negative, got " + index);
        }
        return ExtendedKey.master(seed(mnemonic, ""))
                .child(ExtendedKey.HARDENED | BIP44)
                .child(ExtendedKey.HARDENED | ETHER)
                .child(ExtendedKey.HARDENED)
                .child(0)
                .child(index)
                .key();
    }

    /** The 64-byte seed of a mnemonic: PBKDF2 with HMAC-SHA512, 2048 rounds. */
    static byte[] seed(String mnemonic, String passphrase) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA512Digest());
        generator.init(normalized(mnemonic), normalized("mnemonic" + passphrase), SEED_ROUNDS);
        return ((KeyParameter) generator.generateDerivedMacParameters(SEED_BITS)).getKey();
    }

    private static byte[] normalized(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD).getBytes(StandardCharsets.UTF_8);
    }
}
