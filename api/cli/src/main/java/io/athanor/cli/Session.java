package io.athanor.cli;

import io.athanor.codec.Json;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.view.Page;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options every command has, and what follows from them: the server, the key, the form of the output. */
final class Session {
    private static final Duration VALIDITY = Duration.ofMinutes(5);
    /** Well below the life of an access token. */
    private static final Duration SIGNED_IN_FOR = Duration.ofMinutes(10);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** How data is written. */
    enum Form {
        TABLE,
        JSON
    }

    @Option(
            names = "--server",
            description = "The node's address; ATHANOR_SERVER, else ${DEFAULT-VALUE}.",
            defaultValue = "${env:ATHANOR_SERVER:-http://127.0.0.1:8480}")
    private URI server = URI.create("http://127.0.0.1:8480");

    @Option(
            names = "--key-file",
            description = "File with the wallet's key, mode 0600; ATHANOR_KEY_FILE.",
            defaultValue = "${env:ATHANOR_KEY_FILE}")
    private @Nullable Path keyFile;

    @Option(
            names = {"-o", "--output"},
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
            defaultValue = "TABLE")
    private Form form = Form.TABLE;

    @Option(names = "--json", description = "The same as -o json.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    private CommandSpec spec;

    private @Nullable Server connected;
    private volatile @Nullable NetworkTerms terms;

    record NetworkTerms(long chainId, Wallet vault, Wallet settlementLog, int version, ProtocolParameters parameters) {}

    private record Nonce(String nonce) {}

    private record Tokens(String accessToken) {}

    /** What the server answers to an accepted command. */
    record Accepted(CommandId commandId, int events, long index) {}

    Server server() {
        Server known = connected;
        if (known == null) {
            known = new Server(server);
            connected = known;
        }
        return known;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** For progress: never data. */
    void say(String text) {
        err().println(text);
    }

    /** Says how to go on where a page is not the last. */
    void more(Page<?> page) {
        if (page.next() != null) {
            say("more: --after " + page.next());
        }
    }

    /** Between two looks. */
    static void pause(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    boolean asJson() {
        return json || form == Form.JSON;
    }

    /** Prints a value as JSON, or as the rows of a table. */
    void show(Object value, Table table) {
        if (asJson()) {
            out().println(Json.text(value));
        } else {
            table.print(out());
        }
    }

    NetworkTerms network() throws IOException {
        return network(server());
    }

    private NetworkTerms network(Server from) throws IOException {
        NetworkTerms known = terms;
        if (known == null) {
            known = from.get("/v1/parameters", NetworkTerms.class);
            terms = known;
        }
        return known;
    }

    Secp256k1.KeyPair key() {
        if (keyFile == null) {
            throw new Failure(
                    Failure.USAGE,
                    "this needs the wallet's key: --key-file FILE, or ATHANOR_KEY_FILE\n  'athanor account new FILE' makes a"
                            + " key; './athanor up' leaves its client's key in client.key of its data folder.");
        }
        try {
            return Secp256k1.keyPair(KeyFiles.read(keyFile));
        } catch (NoSuchFileException e) {
            throw new Failure(
                    Failure.USAGE,
                    "there is no key file " + keyFile + "\n  'athanor account new FILE' makes" + " one.");
        } catch (IOException e) {
            throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
        }
    }

    Wallet wallet() {
        return Wallet.parse(key().address());
    }

    boolean hasKey() {
        return keyFile != null;
    }

    /** Signs in with the wallet, and again before the token ends where the call is a long one. */
    Server signedIn() throws IOException {
        Server known = server();
        known.authenticate(SIGNED_IN_FOR, () -> token(known));
        return known;
    }

    /** As {@link #signedIn}, over a connection of its own for a thread of its own; the caller closes it. */
    Server anotherSignedIn() throws IOException {
        Server own = new Server(server);
        own.authenticate(SIGNED_IN_FOR, () -> token(own));
        return own;
    }

    private String token(Server known) throws IOException {
        String nonce = known.post("/v1/auth/nonce", Map.of(), Nonce.class).nonce();
        Secp256k1.KeyPair key = key();
        String message = known.authority() + " wants you to sign in with your Ethereum account:\n" + key.address()
                + "\n\n\nURI: " + known.base() + "\nVersion: 1\nChain ID: "
                + network(known).chainId() + "\nNonce: " + nonce + "\nIssued At: "
                + Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String signature = Hex.encode(Secp256k1.sign(key, PersonalMessage.digest(message)));
        Map<String, String> signed = Map.of("message", message, "signature", signature);
        return known.post("/v1/auth/verify", signed, Tokens.class).accessToken();
    }

    /** The wallet's signature under the command that this struct describes, given its id and expiry. */
    Authorization authorize(BiFunction<CommandId, Instant, Hash32> struct) throws IOException {
        return authorize(key(), struct);
    }

    /** The same by another key. */
    Authorization authorize(Secp256k1.KeyPair key, BiFunction<CommandId, Instant, Hash32> struct) throws IOException {
        CommandId id = new CommandId(uuid());
        Instant expiresAt = Instant.now().plus(VALIDITY).truncatedTo(ChronoUnit.MILLIS);
        SigningDomain domain = new SigningDomain(network().chainId(), network().settlementLog());
        byte[] signature = Secp256k1.sign(key, domain.digest(struct.apply(id, expiresAt)));
        Wallet wallet = Wallet.parse(key.address());
        return new Authorization(id, wallet, wallet, expiresAt, Hex.encode(signature));
    }

    static UUID uuid() {
        return UuidText.v7(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
    }
}
