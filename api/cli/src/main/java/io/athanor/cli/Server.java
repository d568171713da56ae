package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.wire.AgentProtocol.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** REST over the JDK's client. A problem becomes a {@link Failure} with the server's own words and next step. */
final class Server implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final long SLOWER_MILLIS = 250;

    private final URI base;
    private final HttpClient http;
    private @Nullable TokenSource tokens;
    private long tokenNanos;
    private long bearerUntil;
    private @Nullable String bearer;

    /** Where a fresh access token comes from. */
    interface TokenSource {
        String token() throws IOException;
    }

    Server(URI base) {
        this.base = base;
        this.http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    }

    /** Sends such a token from now on, and a new one once the last is this old. */
    void authenticate(Duration age, TokenSource source) throws IOException {
        tokens = source;
        tokenNanos = age.toNanos();
        renew(source);
    }

    private void renew(TokenSource source) throws IOException {
        // Set first: the request for a new token goes through here with the last one.
        bearerUntil = System.nanoTime() + tokenNanos;
        bearer = source.token();
    }

    String authority() {
        return base.getAuthority();
    }

    URI base() {
        return base;
    }

    <T> T get(String path, Class<T> type) throws IOException {
        return Json.read(bytes(request(path).GET().build()), type);
    }

    <T> T get(String path, TypeReference<T> type) throws IOException {
        return Json.read(new String(bytes(request(path).GET().build()), StandardCharsets.UTF_8), type);
    }

    /** Empty for 404. */
    <T> Optional<T> find(String path, Class<T> type) throws IOException {
        HttpResponse<byte[]> response = send(request(path).GET().build(), BodyHandlers.ofByteArray());
        if (response.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(Json.read(accepted(response.statusCode(), response.body()), type));
    }

    <T> T post(String path, Object body, Class<T> type) throws IOException {
        return Json.read(post(path, body), type);
    }

    /** What came back, empty where the answer has no body. */
    byte[] post(String path, Object body) throws IOException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        return bytes(request);
    }

    void putFile(Sha256 digest, Path file) throws IOException {
        HttpRequest request = request("/v1/blobs/" + digest)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofFile(file))
                .build();
        Json.read(bytes(request), JsonNode.class);
    }

    /** An answer of any size; the caller closes it. */
    InputStream stream(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).GET().build();
        return accepted(send(bearer == null ? request : withToken(request), BodyHandlers.ofInputStream()));
    }

    /** A part of a file, with the server's headers. */
    HttpResponse<byte[]> part(String path) throws IOException {
        HttpResponse<byte[]> response = send(request(path).GET().build(), BodyHandlers.ofByteArray());
        accepted(response.statusCode(), response.body());
        return response;
    }

    /** A piece of a stream, by its grant's token; told to go slower, it does. */
    <T> T streamed(String method, String path, String token, byte[] body, Class<T> type) throws IOException {
        HttpRequest request = request(path)
                .header("Athanor-Stream-Token", token)
                .header("Content-Type", "application/octet-stream")
                .method(method, BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
        while (response.statusCode() == TOO_MANY_REQUESTS) {
            Session.pause(SLOWER_MILLIS);
            response = send(request, BodyHandlers.ofByteArray());
        }
        return Json.read(accepted(response.statusCode(), response.body()), type);
    }

    private HttpRequest.Builder request(String path) throws IOException {
        if (tokens != null && System.nanoTime() - bearerUntil > 0) {
            renew(tokens);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER).header("Accept", "*/*");
        return bearer == null ? request : request.header("Authorization", "Bearer " + bearer);
    }

    private HttpRequest withToken(HttpRequest request) {
        return HttpRequest.newBuilder(request, (name, value) -> true)
                .header("Authorization", "Bearer " + bearer)
                .build();
    }

    private byte[] bytes(HttpRequest request) throws IOException {
        HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
        return accepted(response.statusCode(), response.body());
    }

    private InputStream accepted(HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            try (InputStream body = response.body()) {
                accepted(response.statusCode(), body.readAllBytes());
            }
        }
        return response.body();
    }

    private static byte[] accepted(int status, byte[] body) {
        if (status / 100 == 2) {
            return body;
        }
        throw new Failure(Failure.REFUSED, words(status, body));
    }

    private static String words(int status, byte[] body) {
        try {
            Problem problem = Json.read(body, Problem.class);
            String next = problem.nextStep() == null ? "" : "\n  " + problem.nextStep();
            return problem.code() + ": " + problem.detail() + next;
        } catch (IllegalArgumentException noProblem) {
            return "the server answered " + status + ", and not as an Athanor node does";
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        try {
            return http.send(request, handler);
        } catch (ConnectException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "nothing answers at " + base + "; start a network with './athanor up' or name one with --server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
