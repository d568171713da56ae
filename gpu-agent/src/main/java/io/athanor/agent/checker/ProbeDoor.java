package io.athanor.agent.checker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.common.Refused;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The checker's public door: {@code POST /probe/v1/NONCE}. Only a nonce that waits is let in, once; everything else is
 * answered 404 without reading its body.
 */
final class ProbeDoor implements AutoCloseable {
    private static final String PATH = "/probe/v1/";
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final long NANOS_PER_MICRO = 1_000;

    private final Map<String, CompletableFuture<Answered>> waiting = new ConcurrentHashMap<>();
    private final HttpServer server;

    /**
     * A machine's answer.
     *
     * @param rttMicros from this door's "100 Continue" to the body's arrival: one round trip on the machine's connection
     */
    record Answered(ProbeAnswer answer, long rttMicros) {}

    ProbeDoor(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(PATH, this::handle);
        server.createContext("/health", exchange -> answer(exchange, 200));
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Lets this nonce in once. */
    CompletableFuture<Answered> expect(String nonce, Duration within) {
        CompletableFuture<Answered> answer =
                new CompletableFuture<Answered>().orTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
        waiting.put(nonce, answer);
        return answer.whenComplete((_, _) -> waiting.remove(nonce));
    }

    private void handle(HttpExchange exchange) throws IOException {
        CompletableFuture<Answered> expected =
                waiting.remove(exchange.getRequestURI().getPath().substring(PATH.length()));
        if (expected == null || !exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 404);
            return;
        }
        long continued = System.nanoTime();
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
        long rttMicros = Math.max(1, (System.nanoTime() - continued) / NANOS_PER_MICRO);
        try {
            expected.complete(new Answered(Json.readStrict(body, ProbeAnswer.class), rttMicros));
            answer(exchange, 204);
        } catch (Refused malformed) {
            expected.completeExceptionally(malformed);
            answer(exchange, 400);
        }
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
