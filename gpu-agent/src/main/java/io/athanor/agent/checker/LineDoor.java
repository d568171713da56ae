package io.athanor.agent.checker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.wire.AgentProtocol.LineAnswer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The part of a checker's door at which lines are measured: {@code POST /line/v1/NONCE} takes a known number of bytes and sends
 * as many back, {@code POST /lined/v1/NONCE} hears that they came. Only a nonce that waits is let in, once, and no byte more
 * than was asked for is read.
 */
final class LineDoor {
    private static final String LINE = "/line/v1/";
    private static final String LINED = "/lined/v1/";
    private static final int MAX_ANSWER_BYTES = 1 << 16;

    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /**
     * A line that was measured.
     *
     * @param upMicros from the door's "100 Continue" to the last byte, less a round trip
     * @param downMicros from the first byte back to the machine's word that the last had come, less a round trip
     * @param expected digest of what was sent back
     */
    record Measured(LineAnswer answer, long upMicros, long downMicros, Sha256 expected) {}

    private record Waiting(int bytes, CompletableFuture<Measured> measured) {}

    private record Sent(CompletableFuture<Measured> measured, long upMicros, long sentNanos, Sha256 digest) {}

    void openIn(HttpServer server) {
        server.createContext(LINE, this::line);
        server.createContext(LINED, this::lined);
    }

    CompletableFuture<Measured> expect(String nonce, int bytes, Duration within) {
        CompletableFuture<Measured> measured =
                new CompletableFuture<Measured>().orTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
        waiting.put(nonce, new Waiting(bytes, measured));
        return measured.whenComplete((_, _) -> {
            waiting.remove(nonce);
            sent.remove(nonce);
        });
    }

    private void line(HttpExchange exchange) throws IOException {
        String nonce = exchange.getRequestURI().getPath().substring(LINE.length());
        Waiting expected = ProbeDoor.take(waiting, nonce, exchange);
        if (expected == null) {
            return;
        }
        long continued = System.nanoTime();
        int came = exchange.getRequestBody().readNBytes(expected.bytes() + 1).length;
        long upMicros = ProbeDoor.since(continued);
        if (came != expected.bytes()) {
            ProbeDoor.answer(exchange, 400);
            return;
        }
        byte[] back = new byte[expected.bytes()];
        random.nextBytes(back);
        sent.put(nonce, new Sent(expected.measured(), upMicros, System.nanoTime(), Sha256.of(back)));
        exchange.sendResponseHeaders(200, back.length);
        exchange.getResponseBody().write(back);
        exchange.close();
    }

    private void lined(HttpExchange exchange) throws IOException {
        String nonce = exchange.getRequestURI().getPath().substring(LINED.length());
        Sent line = ProbeDoor.take(sent, nonce, exchange);
        if (line == null) {
            return;
        }
        long continued = System.nanoTime();
        long downMicros = ProbeDoor.since(line.sentNanos());
        byte[] body = exchange.getRequestBody().readNBytes(MAX_ANSWER_BYTES);
        long rttMicros = ProbeDoor.since(continued);
        try {
            LineAnswer answer = Json.readStrict(body, LineAnswer.class);
            line.measured()
                    .complete(new Measured(
                            answer,
                            Math.max(1, line.upMicros() - rttMicros),
                            Math.max(1, downMicros - rttMicros),
                            line.digest()));
            ProbeDoor.answer(exchange, 204);
        } catch (Refused malformed) {
            line.measured().completeExceptionally(malformed);
            ProbeDoor.answer(exchange, 400);
        }
    }
}
