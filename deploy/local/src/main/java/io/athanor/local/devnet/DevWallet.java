package io.athanor.local.devnet;

import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.BiFunction;

/** One of the public development wallets, which signs orders and signs in. */
public final class DevWallet {
    private static final Duration VALID = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Secp256k1.KeyPair key;

    private DevWallet(Secp256k1.KeyPair key) {
        this.key = key;
    }

    /** The wallet with this number in the public mnemonic of development chains. */
    public static DevWallet number(int index) {
        return new DevWallet(Wallets.devnet(index));
    }

    public Wallet wallet() {
        return Wallet.parse(key.address());
    }

    /** Leaves its key in a file of mode 0600, where none is yet. */
    public Path keep(Path file) {
        try {
            if (!Files.exists(file)) {
                KeyFiles.write(file, key.privateKey());
            }
            return file;
        } catch (IOException e) {
            throw new EngineFailure("The key " + file + " cannot be written: " + e.getMessage() + ".", "Remove it.", e);
        }
    }

    /** A fresh UUIDv7. */
    public static java.util.UUID freshId() {
        return UuidText.v7(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    /** Signs the struct that the function makes of a fresh command id and an expiry. */
    public Authorization authorize(SigningDomain domain, BiFunction<CommandId, Instant, Hash32> struct) {
        CommandId id = new CommandId(freshId());
        Instant until = Instant.now().plus(VALID).truncatedTo(ChronoUnit.MILLIS);
        byte[] signature = Secp256k1.sign(key, domain.digest(struct.apply(id, until)));
        return new Authorization(id, wallet(), wallet(), until, Hex.encode(signature));
    }

    /** Signs in by EIP-4361; the client carries the access token. */
    public ApiClient signIn(ApiClient api, long chainId) {
        Nonce nonce = api.post("/v1/auth/nonce", Map.of(), Nonce.class);
        String text = api.base().getAuthority() + " wants you to sign in with your Ethereum account:\n" + wallet()
                + "\n\n\nURI: " + api.base() + "\nVersion: 1\nChain ID: " + chainId + "\nNonce: " + nonce.nonce()
                + "\nIssued At: " + Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String signature = Hex.encode(Secp256k1.sign(key, PersonalMessage.digest(text)));
        Tokens tokens = api.post("/v1/auth/verify", Map.of("message", text, "signature", signature), Tokens.class);
        return api.with(tokens.accessToken());
    }

    private record Nonce(String nonce) {}

    private record Tokens(String accessToken) {}

    @Override
    public String toString() {
        return wallet().address();
    }
}
