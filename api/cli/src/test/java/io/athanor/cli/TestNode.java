package io.athanor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.wire.AgentProtocol.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Answers what a test tells it to, checks sign-ins and signatures as a node does, and says problems as one. */
final class TestNode implements AutoCloseable {
    static final long CHAIN = 31_337;
    static final Wallet LOG = Wallet.parse("0x00000000000000000000000000000000000000bb");
    static final SigningDomain DOMAIN = new SigningDomain(CHAIN, LOG);

    private final HttpServer server;
    private final Map<String, Function<Request, Object>> answers = new LinkedHashMap<>();
    final Map<String, byte[]> received = new ConcurrentHashMap<>();

    /** One request as a test sees it. */
    record Request(String path, String query, String bearer, JsonNode body) {}

    TestNode() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        answer(
                "GET /v1/parameters",
                request -> Map.of(
                        "chainId", CHAIN,
                        "vault", LOG,
                        "settlementLog", LOG,
                        "version", 1,
                        "parameters", Profiles.load("devnet")));
        answer("POST /v1/auth/nonce", request -> Map.of("nonce", "0123456789abcdef"));
        answer("POST /v1/auth/verify", this::signIn);
    }

    TestNode answer(String methodAndPath, Function<Request, Object> answer) {
        answers.put(methodAndPath, answer);
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The wallet whose signature an authorisation really carries. */
    static void requireSigned(JsonNode authorization, Hash32 struct) {
        byte[] signature = Hex.decode(authorization.path("signature").asText());
        var fault = Secp256k1.verify(
                DOMAIN.digest(struct), signature, authorization.path("signer").asText());
        Refused.unless(fault.isEmpty(), Reason.SIGNATURE_INVALID, "signature: " + fault);
    }

    private Object signIn(Request request) {
        String message = request.body().path("message").asText();
        String address = message.lines().skip(1).findFirst().orElse("");
        boolean whole = message.startsWith("127.0.0.1:" + server.getAddress().getPort() + " wants you to sign in")
                && message.contains("\nChain ID: " + CHAIN + "\n")
                && message.contains("\nNonce: 0123456789abcdef\n");
        byte[] signature = Hex.decode(request.body().path("signature").asText());
        boolean signed = Secp256k1.verify(PersonalMessage.digest(message), signature, address)
                .isEmpty();
        Refused.unless(whole && signed, Reason.SIGNATURE_INVALID, "the sign-in is not right");
        return Map.of("accessToken", "token-of-" + address);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.put(path, body);
            Function<Request, Object> answer = answers.get(exchange.getRequestMethod() + " " + path);
            Object value;
            int status = 200;
            try {
                Refused.unless(answer != null, Reason.NOT_FOUND, "nothing at " + path);
                value = answer == null ? "" : answer.apply(request(exchange, path, body));
            } catch (Refused refused) {
                status = refused.reason().status();
                value = new Problem(
                        "/errors/" + refused.reason(),
                        "title",
                        status,
                        refused.reason().name(),
                        refused.detail(),
                        refused.nextStep());
            }
            byte[] bytes = value instanceof byte[] raw
                    ? raw
                    : value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : Json.bytes(value);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Request request(HttpExchange exchange, String path, byte[] body) {
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        boolean json = body.length > 0 && body[0] == '{';
        return new Request(
                path,
                String.valueOf(exchange.getRequestURI().getQuery()),
                String.valueOf(bearer),
                json ? Json.read(body, JsonNode.class) : Json.mapper().nullNode());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
