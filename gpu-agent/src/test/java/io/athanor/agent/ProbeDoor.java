package io.athanor.agent;

import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A door at which machines answer nonces. */
final class ProbeDoor implements AutoCloseable {
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final Map<String, CompletableFuture<ProbeAnswer>> answers = new ConcurrentHashMap<>();

    ProbeDoor() throws IOException {
        server.createContext("/probe/v1/", exchange -> {
            String nonce = exchange.getRequestURI().getPath().substring("/probe/v1/".length());
            ProbeAnswer answer = Json.readStrict(exchange.getRequestBody().readAllBytes(), ProbeAnswer.class);
            of(nonce).complete(answer);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    private CompletableFuture<ProbeAnswer> of(String nonce) {
        return answers.computeIfAbsent(nonce, _ -> new CompletableFuture<>());
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    ProbeAnswer answer(String nonce) throws Exception {
        return of(nonce).get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
