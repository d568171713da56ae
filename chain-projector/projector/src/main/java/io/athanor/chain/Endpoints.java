package io.athanor.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.port.ChainStatus.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.web3j.exceptions.MessageDecodingException;
import org.web3j.protocol.Service;
import org.web3j.utils.Numeric;

/**
 * JSON-RPC over HTTP to several nodes of one chain: the first that answers is asked until it fails, or falls behind another.
 *
 * <p>Invariant: a node is asked nothing before it has said that it is of the expected chain, and again after each
 * failure. {@link WrongChain} when every one is of another chain; another {@link IOException} when none answers.
 */
final class Endpoints extends Service {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long ANSWER_BYTES = 64L << 20;
    private static final int OK = 200;
    private static final String WHICH_CHAIN = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}";

    private static final String NEWEST_BLOCK =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}";
    private static final Duration COMPARE_EVERY = Duration.ofSeconds(15);
    /** More than nodes differ that are told of the same block one after the other. */
    private static final long BEHIND_BLOCKS = 5;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final List<URI> nodes;
    private final long chainId;
    private final Set<URI> trusted = ConcurrentHashMap.newKeySet();
    private final Map<URI, Failures> failures = new ConcurrentHashMap<>();
    private volatile int current;
    private long comparedNanos = System.nanoTime() - COMPARE_EVERY.toNanos();

    Endpoints(List<URI> nodes, long chainId) {
        super(false);
        this.nodes = List.copyOf(nodes);
        this.chainId = chainId;
    }

    private record Failures(long count, String last) {
        Failures plus(Failures later) {
            return new Failures(count + later.count, later.last);
        }
    }

    /** How each node does, in the order in which they are named. */
    List<Endpoint> health() {
        List<Endpoint> health = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            URI node = nodes.get(i);
            Failures failed = failures.get(node);
            health.add(new Endpoint(
                    node.getScheme() + "://" + node.getAuthority(),
                    i == current,
                    trusted.contains(node),
                    failed == null ? 0 : failed.count(),
                    failed == null ? null : failed.last()));
        }
        return health;
    }

    /** Every node is of another chain. */
    static final class WrongChain extends IOException {
        private static final long serialVersionUID = 1L;

        WrongChain(String message) {
            super(message);
        }
    }

    @Override
    protected InputStream performIO(String payload) throws IOException {
        IOException last = new IOException("no node is named");
        int wrong = 0;
        int first = current;
        for (int i = 0; i < nodes.size(); i++) {
            int number = (first + i) % nodes.size();
            try {
                byte[] answer = ask(nodes.get(number), payload);
                current = number;
                return new ByteArrayInputStream(answer);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                trusted.remove(nodes.get(number));
                failures.merge(nodes.get(number), new Failures(1, String.valueOf(e.getMessage())), Failures::plus);
                wrong += e instanceof WrongChain ? 1 : 0;
                last = e;
            }
        }
        throw wrong < nodes.size() && last instanceof WrongChain ? new IOException(last.getMessage(), last) : last;
    }

    /** Now and then, from one thread: leaves a node that answers and stands still for one that goes on. */
    void watchHeads() {
        boolean due = System.nanoTime() - comparedNanos >= COMPARE_EVERY.toNanos();
        if (nodes.size() > 1 && due) {
            compareHeads();
            comparedNanos = System.nanoTime();
        }
    }

    /** Goes over to the foremost node where the one that is asked is far behind it. */
    void compareHeads() {
        List<Long> heads = nodes.stream().map(this::head).toList();
        int asked = current;
        int foremost = heads.indexOf(Collections.max(heads));
        if (heads.get(foremost) - heads.get(asked) > BEHIND_BLOCKS) {
            String why = "its newest block is " + heads.get(asked) + ", another node has " + heads.get(foremost);
            failures.merge(nodes.get(asked), new Failures(1, why), Failures::plus);
            current = foremost;
        }
    }

    /** The node's newest block, -1 where it does not say. */
    private long head(URI node) {
        try {
            JsonNode result = Json.mapper().readTree(ask(node, NEWEST_BLOCK)).path("result");
            return Numeric.decodeQuantity(result.asText()).longValueExact();
        } catch (IOException | MessageDecodingException | ArithmeticException e) {
            failures.merge(node, new Failures(1, String.valueOf(e.getMessage())), Failures::plus);
            trusted.remove(node);
            return -1;
        }
    }

    private byte[] ask(URI node, String payload) throws IOException {
        if (!trusted.contains(node)) {
            requireChain(node);
            trusted.add(node);
        }
        return post(node, payload);
    }

    private void requireChain(URI node) throws IOException {
        JsonNode result = Json.mapper().readTree(post(node, WHICH_CHAIN)).path("result");
        if (!result.isTextual()) {
            throw new IOException(node + " does not say which chain it is of");
        }
        if (!result.asText().equals("0x" + Long.toHexString(chainId))) {
            throw new WrongChain(node + " is a node of chain " + result.asText() + ", expected " + chainId);
        }
    }

    private byte[] post(URI node, String payload) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(node)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(payload, StandardCharsets.UTF_8))
                .build();
        try {
            HttpResponse<byte[]> response =
                    http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES));
            if (response.statusCode() != OK) {
                throw new IOException(node + " answers with status " + response.statusCode());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking " + node);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
