package io.athanor.local.bench.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** The endpoint at which machines answer one simulated checker's nonces. */
final class SimulatedDoor {
    private static final String PATH = "/probe/v1/";
    private static final int BACKLOG = 1_000;
    private static final int TAKEN = 204;
    private static final int NOT_FOUND = 404;

    private final Map<String, CompletableFuture<ProbeAnswer>> waiting = new ConcurrentHashMap<>();

    SimulatedDoor(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(PATH, this::handle);
        server.start();
    }

    CompletableFuture<ProbeAnswer> expect(String nonce) {
        return waiting.computeIfAbsent(nonce, _ -> new CompletableFuture<>());
    }

    void forget(String nonce) {
        waiting.remove(nonce);
    }

    private void handle(HttpExchange exchange) throws IOException {
        CompletableFuture<ProbeAnswer> expected =
                waiting.remove(exchange.getRequestURI().getPath().substring(PATH.length()));
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(expected == null ? NOT_FOUND : TAKEN, -1);
        exchange.close();
        if (expected != null) {
            expected.complete(Json.read(body, ProbeAnswer.class));
        }
    }
}
