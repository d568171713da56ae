package io.athanor.agent.checker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.wire.AgentProtocol.CapacityTest;
import io.athanor.domain.wire.AgentProtocol.LineTest;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The checker's public door: {@code POST /probe/v1/NONCE}, and what follows where its answer was a test ({@link CapacityDoor},
 * {@link LineDoor}). Only a nonce that waits is let in, once; everything else is answered 404 without reading its body.
 */
final class ProbeDoor implements AutoCloseable {
    private static final String PROBE = "/probe/v1/";
    private static final int MAX_BODY_BYTES = 1 << 22;
    private static final int LINE_STATUS = 202;
    private static final long NANOS_PER_MICRO = 1_000;

    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final CapacityDoor capacities = new CapacityDoor();
    private final LineDoor lines = new LineDoor();
    private final HttpServer server;

    /**
     * A machine's answer.
     *
     * @param rttMicros from this door's "100 Continue" to the body's arrival: one round trip on the machine's connection
     */
    record Answered(ProbeAnswer answer, long rttMicros) {}

    private record Waiting(
            CompletableFuture<Answered> answered, @Nullable LineTest line) {}

    ProbeDoor(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(PROBE, this::probed);
        capacities.openIn(server);
        lines.openIn(server);
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
        waiting.put(nonce, new Waiting(answer, null));
        return answer.whenComplete((_, _) -> waiting.remove(nonce));
    }

    /** Lets this nonce in once, gives it the test, and waits for what the machine computes and opens. */
    CompletableFuture<CapacityDoor.Worked> expectWork(
            String nonce, CapacityTest test, Hash32 secret, Duration computes, Duration opens) {
        waiting.put(nonce, new Waiting(new CompletableFuture<>(), null));
        return capacities.expect(nonce, test, secret, computes, opens).whenComplete((_, _) -> waiting.remove(nonce));
    }

    /** Lets this nonce in once, asks how much its line carries, and waits for the measurement. */
    CompletableFuture<LineDoor.Measured> expectLine(String nonce, int bytes, Duration within) {
        waiting.put(nonce, new Waiting(new CompletableFuture<>(), new LineTest(bytes)));
        return lines.expect(nonce, bytes, within).whenComplete((_, _) -> waiting.remove(nonce));
    }

    private void probed(HttpExchange exchange) throws IOException {
        String nonce = exchange.getRequestURI().getPath().substring(PROBE.length());
        Waiting expected = waiting.remove(nonce);
        if (expected == null || !exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 404);
            return;
        }
        long continued = System.nanoTime();
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
        long rttMicros = since(continued);
        try {
            expected.answered().complete(new Answered(Json.readStrict(body, ProbeAnswer.class), rttMicros));
        } catch (Refused malformed) {
            expected.answered().completeExceptionally(malformed);
            answer(exchange, 400);
            return;
        }
        LineTest line = expected.line();
        if (line != null) {
            body(exchange, LINE_STATUS, Json.bytes(line));
        } else if (!capacities.give(exchange, nonce, rttMicros)) {
            answer(exchange, 204);
        }
    }

    static void body(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    static <W> @Nullable W take(Map<String, W> from, String nonce, HttpExchange exchange) throws IOException {
        W expected = from.remove(nonce);
        if (expected == null || !exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 404);
            return null;
        }
        return expected;
    }

    static long since(long nanos) {
        return Math.max(1, (System.nanoTime() - nanos) / NANOS_PER_MICRO);
    }

    static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
