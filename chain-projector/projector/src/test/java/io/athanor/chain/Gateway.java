package io.athanor.chain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a chain node that can fail, or lie about its chain. */
final class Gateway implements AutoCloseable {
    /** What it does with a request. */
    enum Mode {
        OPEN,
        DOWN,
        /** Its newest block is an old one. */
        STANDS_STILL,
        OTHER_CHAIN
    }

    private static final String ONE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}";
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private final URI node;
    private volatile Mode mode = Mode.OPEN;

    Gateway(URI node) {
        this.node = node;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    void mode(Mode next) {
        mode = next;
    }

    /** Requests other than for the chain's id. */
    int requests() {
        return requests.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean aboutChain = request.contains("eth_chainId");
            if (!aboutChain) {
                requests.incrementAndGet();
            }
            switch (mode) {
                case OPEN -> answer(exchange, forward(request));
                case STANDS_STILL -> answer(exchange, request.contains("eth_blockNumber") ? ONE : forward(request));
                case DOWN -> exchange.sendResponseHeaders(503, -1);
                case OTHER_CHAIN -> answer(exchange, aboutChain ? ONE : forward(request));
            }
        }
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private String forward(String request) throws IOException {
        try {
            return http.send(
                            HttpRequest.newBuilder(node)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(request))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        http.shutdownNow();
    }
}
