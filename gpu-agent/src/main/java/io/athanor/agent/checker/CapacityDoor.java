package io.athanor.agent.checker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.wire.AgentProtocol.CapacityAnswer;
import io.athanor.domain.wire.AgentProtocol.CapacityDraw;
import io.athanor.domain.wire.AgentProtocol.CapacityOpening;
import io.athanor.domain.wire.AgentProtocol.CapacityTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The part of a checker's door at which capacity is measured: {@code POST /capacity/v2/NONCE} takes the roots of what a
 * machine computed, stops the clock, and only then shows the secret that draws the lanes; {@code POST /opened/v2/NONCE}
 * takes those. Only a nonce whose probe was answered with a test is let in, once each.
 */
final class CapacityDoor {
    private static final String CAPACITY = "/capacity/v2/";
    private static final String OPENED = "/opened/v2/";
    private static final int MAX_ROOTS_BYTES = 1 << 16;
    private static final int MAX_OPENING_BYTES = 1 << 24;

    private final Map<String, Asked> asked = new ConcurrentHashMap<>();
    private final Map<String, Working> working = new ConcurrentHashMap<>();
    private final Map<String, Opening> opening = new ConcurrentHashMap<>();

    /**
     * A test that was answered.
     *
     * @param micros from the test's sending to the roots' arrival, less one round trip
     * @param opening null where none came in time
     * @param openMicros from the secret's sending to the opening's arrival
     */
    record Worked(
            CapacityAnswer answer, long micros, @Nullable CapacityOpening opening, long openMicros) {}

    /** The roots are here; what waits for the opening. */
    private record Rooted(CompletableFuture<Worked> worked) {}

    private record Asked(CapacityTest test, Hash32 secret, Duration opens, CompletableFuture<Rooted> rooted) {}

    private record Working(Asked asked, long sentNanos, long rttMicros) {}

    private record Opening(CapacityAnswer answer, long micros, long drawnNanos, CompletableFuture<Worked> worked) {}

    void openIn(HttpServer server) {
        server.createContext(CAPACITY, this::rooted);
        server.createContext(OPENED, this::opened);
    }

    /** @param secret shown to the machine when its roots are here */
    CompletableFuture<Worked> expect(
            String nonce, CapacityTest test, Hash32 secret, Duration computes, Duration opens) {
        CompletableFuture<Rooted> rooted =
                new CompletableFuture<Rooted>().orTimeout(computes.toMillis(), TimeUnit.MILLISECONDS);
        asked.put(nonce, new Asked(test, secret, opens, rooted));
        return rooted.thenCompose(Rooted::worked).whenComplete((_, _) -> {
            asked.remove(nonce);
            working.remove(nonce);
            opening.remove(nonce);
        });
    }

    /** Answers the probe of this nonce with its test; false where it has none. */
    boolean give(HttpExchange exchange, String nonce, long rttMicros) throws IOException {
        Asked test = asked.remove(nonce);
        if (test == null) {
            return false;
        }
        byte[] body = Json.bytes(test.test());
        working.put(nonce, new Working(test, System.nanoTime(), rttMicros));
        ProbeDoor.body(exchange, 200, body);
        return true;
    }

    private void rooted(HttpExchange exchange) throws IOException {
        String nonce = exchange.getRequestURI().getPath().substring(CAPACITY.length());
        Working test = ProbeDoor.take(working, nonce, exchange);
        if (test == null) {
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_ROOTS_BYTES);
        long micros = Math.max(1, ProbeDoor.since(test.sentNanos()) - test.rttMicros());
        Asked asked = test.asked();
        try {
            CapacityAnswer answer = Json.readStrict(body, CapacityAnswer.class);
            CompletableFuture<Worked> worked = new CompletableFuture<Worked>()
                    .completeOnTimeout(
                            new Worked(answer, micros, null, 0), asked.opens().toMillis(), TimeUnit.MILLISECONDS);
            opening.put(nonce, new Opening(answer, micros, System.nanoTime(), worked));
            if (asked.rooted().complete(new Rooted(worked))) {
                ProbeDoor.body(exchange, 200, Json.bytes(new CapacityDraw(asked.secret())));
            } else {
                opening.remove(nonce);
                ProbeDoor.answer(exchange, 404);
            }
        } catch (Refused malformed) {
            asked.rooted().completeExceptionally(malformed);
            ProbeDoor.answer(exchange, 400);
        }
    }

    private void opened(HttpExchange exchange) throws IOException {
        String nonce = exchange.getRequestURI().getPath().substring(OPENED.length());
        Opening drawn = ProbeDoor.take(opening, nonce, exchange);
        if (drawn == null) {
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_OPENING_BYTES);
        long openMicros = ProbeDoor.since(drawn.drawnNanos());
        try {
            CapacityOpening shown = Json.readStrict(body, CapacityOpening.class);
            drawn.worked().complete(new Worked(drawn.answer(), drawn.micros(), shown, openMicros));
            ProbeDoor.answer(exchange, 204);
        } catch (Refused malformed) {
            drawn.worked().completeExceptionally(malformed);
            ProbeDoor.answer(exchange, 400);
        }
    }
}
