package io.athanor.local.devnet;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.codec.Json;
import io.athanor.domain.wire.AgentProtocol.Problem;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of a network's REST doors. Every refusal becomes an {@link EngineFailure} with the server's next step. */
public final class ApiClient {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    private static final int FIRST_ERROR = 400;

    private final URI base;
    private final @Nullable String token;
    private final HttpClient http;

    public ApiClient(URI base) {
        this(
                base,
                null,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(LIMIT)
                        .build());
    }

    private ApiClient(URI base, @Nullable String token, HttpClient http) {
        this.base = base;
        this.token = token;
        this.http = http;
    }

    /** The same client, signed in. */
    public ApiClient with(String accessToken) {
        return new ApiClient(base, accessToken, http);
    }

    public URI base() {
        return base;
    }

    public <T> T get(String path, Class<T> type) {
        return Json.read(bytes(path), type);
    }

    public <T> T get(String path, TypeReference<T> type) {
        return Json.read(new String(bytes(path), StandardCharsets.UTF_8), type);
    }

    /** Empty where the server does not know it. */
    public <T> Optional<T> find(String path, Class<T> type) {
        HttpResponse<byte[]> answer = send(request(path).GET().build());
        return answer.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(Json.read(checked(answer), type));
    }

    public byte[] bytes(String path) {
        return checked(send(request(path).GET().build()));
    }

    public <T> T post(String path, Object body, Class<T> type) {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        return Json.read(checked(send(request)), type);
    }

    public void put(String path, byte[] body) {
        checked(send(request(path)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .build()));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new EngineFailure(
                    request.method() + " " + request.uri() + " got no answer: " + e.getMessage() + ".",
                    "See the node's log.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineFailure("Interrupted while waiting for " + request.uri() + ".", "Start again.", e);
        }
    }

    private static byte[] checked(HttpResponse<byte[]> answer) {
        if (answer.statusCode() < FIRST_ERROR) {
            return answer.body();
        }
        String what = answer.request().method() + " " + answer.uri() + " answered " + answer.statusCode();
        try {
            Problem problem = Json.read(answer.body(), Problem.class);
            throw new EngineFailure(
                    what + " " + problem.code() + ": " + problem.detail(), String.valueOf(problem.nextStep()));
        } catch (IllegalArgumentException notAProblem) {
            throw new EngineFailure(what + ".", "See the node's log.", notAProblem);
        }
    }
}
