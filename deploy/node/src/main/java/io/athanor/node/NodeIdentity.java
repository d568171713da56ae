package io.athanor.node;

import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Wallet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's own key: what the guardian registers, and what signs the node's readiness for an upgrade. It owns nothing.
 *
 * <p>The key is {@code node.key} of the data folder, mode 0600, made at the first start; {@code node.address} beside it is for
 * people. Nodes that share a folder are one.
 */
record NodeIdentity(Secp256k1.KeyPair key, Wallet wallet) {
    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);

    /** Error: {@link UncheckedIOException} where the folder cannot be written, or its key is open to others. */
    static NodeIdentity of(Path data) {
        Path file = data.resolve("node.key");
        try {
            Files.createDirectories(data);
            if (!Files.exists(file)) {
                make(file);
            }
            Secp256k1.KeyPair key = Secp256k1.keyPair(KeyFiles.read(file));
            Wallet wallet = Wallet.parse(key.address());
            Files.writeString(data.resolve("node.address"), wallet + System.lineSeparator());
            LOG.info("this node is {}", wallet);
            return new NodeIdentity(key, wallet);
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    private static void make(Path file) throws IOException {
        try {
            KeyFiles.write(file, Secp256k1.generate(new SecureRandom()).privateKey());
        } catch (FileAlreadyExistsException first) {
            LOG.debug("another node of this folder made {}", file, first);
        }
    }
}
