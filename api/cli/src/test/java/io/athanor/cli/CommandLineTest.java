package io.athanor.cli;

import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a user of a wallet runs it, against a node that answers what a test tells it. */
abstract class CommandLineTest {
    static final Secp256k1.KeyPair KEY = Secp256k1.generate(new SecureRandom());

    @TempDir
    Path folder = Path.of(".");

    final TestNode node = new TestNode();
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @BeforeEach
    void writeKey() throws IOException {
        KeyFiles.write(folder.resolve("wallet.key"), KEY.privateKey());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    int run(String... args) {
        String key = folder.resolve("wallet.key").toString();
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--server", node.url(), "--key-file", key));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }
}
