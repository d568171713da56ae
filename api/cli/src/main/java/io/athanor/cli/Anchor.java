package io.athanor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.audit.Replay;
import io.athanor.codec.Json;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Holds a replayed history against what a quorum of Checkers anchored on chain, asked of any node of that chain by plain
 * JSON-RPC: no word of Athanor's own servers counts.
 */
final class Anchor {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int SELECTOR_BYTES = 4;
    private static final String ANCHORED = Hex.encode(Arrays.copyOf(
            Hash32.keccak("anchored()".getBytes(StandardCharsets.UTF_8)).bytes(), SELECTOR_BYTES));

    @Option(
            names = "--rpc",
            paramLabel = "URL",
            description = "A node of the chain: also compares the history with the state that is anchored there.")
    private @Nullable URI rpc;

    @Option(
            names = "--log",
            paramLabel = "ADDRESS",
            description = "The settlement log's contract (default: the one that the history names).")
    private @Nullable String log;

    private @Nullable Found found;

    private record Found(BigInteger size, Hash32 root) {}

    /** @param state what was found, and in words; only {@code matches} is no difference */
    record Verdict(boolean matches, String state) {}

    /** Asks once, as soon as the contract is known: what is anchored then, a history that is read afterwards must have. */
    void ask(Replay replay) throws IOException {
        Optional<Wallet> contract = log == null ? replay.settlementLog() : Optional.of(Wallet.parse(log));
        if (rpc != null && found == null && contract.isPresent()) {
            found = read(rpc, contract.get());
        }
    }

    private static Found read(URI rpc, Wallet log) throws IOException {
        Map<String, Object> call = Map.of(
                "jsonrpc",
                "2.0",
                "id",
                1,
                "method",
                "eth_call",
                "params",
                List.of(Map.of("to", log.address(), "data", ANCHORED), "latest"));
        HttpRequest request = HttpRequest.newBuilder(rpc)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(call)))
                .build();
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            JsonNode result = Json.read(response.body(), JsonNode.class).path("result");
            byte[] words = Hex.decode(result.asText("0x"));
            if (words.length != 2 * Hash32.BYTES) {
                throw new Failure(Failure.REFUSED, rpc + " has no settlement log at " + log + ": " + response.body());
            }
            return new Found(
                    new BigInteger(1, Arrays.copyOf(words, Hash32.BYTES)),
                    Hash32.of(Arrays.copyOfRange(words, Hash32.BYTES, words.length)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Empty where nobody asked for it. */
    Optional<Verdict> verdict(Replay replay) {
        if (rpc == null) {
            return Optional.empty();
        }
        return Optional.of(
                found == null ? new Verdict(false, "the history names no contract") : compare(found, replay));
    }

    private static Verdict compare(Found anchored, Replay replay) {
        if (anchored.size().signum() == 0) {
            return new Verdict(true, "nothing is anchored yet");
        }
        List<Checkpoint> states = replay.checkpoints();
        Optional<Checkpoint> same = states.stream()
                .filter(state -> BigInteger.valueOf(state.size()).equals(anchored.size()))
                .findFirst();
        if (same.isPresent()) {
            boolean matches = same.get().root().equals(anchored.root());
            String name = "state " + same.get().number() + " ";
            return new Verdict(matches, name + (matches ? "MATCH" : "MISMATCH: on chain it is " + anchored.root()));
        }
        boolean ended =
                states.isEmpty() || BigInteger.valueOf(states.getLast().size()).compareTo(anchored.size()) < 0;
        return new Verdict(
                false,
                "MISMATCH: " + anchored.size() + " records are anchored, "
                        + (ended ? "and the history ends before" : "a number that the history never had"));
    }
}
