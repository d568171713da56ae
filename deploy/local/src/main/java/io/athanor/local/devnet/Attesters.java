package io.athanor.local.devnet;

import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Wallet;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The attester keys of a development network's checkers: made once, kept in files of mode 0600. */
public final class Attesters {
    private Attesters() {}

    public static Path folder(Path data, int index) {
        return data.resolve("checker-" + index);
    }

    public static Path keyFile(Path data, int index) {
        return folder(data, index).resolve("attester.key");
    }

    /** The attester's address, making its key at first use. */
    static Wallet of(Path data, int index) {
        Path file = keyFile(data, index);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                KeyFiles.write(file, Secp256k1.generate(new SecureRandom()).privateKey());
            }
            return Wallet.parse(Secp256k1.keyPair(KeyFiles.read(file)).address());
        } catch (IOException e) {
            throw new EngineFailure("The key " + file + " cannot be used: " + e.getMessage() + ".", "Remove it.", e);
        }
    }
}
