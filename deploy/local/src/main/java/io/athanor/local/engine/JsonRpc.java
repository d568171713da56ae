package io.athanor.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls to an EVM node by JSON-RPC. */
public final class JsonRpc {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    private JsonRpc() {}

    /** The result of a call, null where the node says null; an {@code EngineFailure} with the node's error otherwise. */
    public static JsonNode demand(URI rpc, String method, List<?> parameters) {
        JsonNode answer = answer(rpc, method, parameters)
                .orElseThrow(() -> new EngineFailure("The EVM node at " + rpc + " does not answer.", "See its log."));
        if (answer.hasNonNull("error")) {
            throw new EngineFailure(
                    method + " failed: " + answer.get("error").path("message").asText() + ".",
                    "See the EVM node's log.");
        }
        return answer.path("result");
    }

    /** The result of a call; empty where nobody answers or the answer is an error. */
    static Optional<JsonNode> call(URI rpc, String method, List<?> parameters) {
        return answer(rpc, method, parameters).map(answer -> answer.get("result"));
    }

    private static Optional<JsonNode> answer(URI rpc, String method, List<?> parameters) {
        try {
            byte[] body =
                    JSON.writeValueAsBytes(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", parameters));
            HttpRequest request = HttpRequest.newBuilder(rpc)
                    .timeout(LIMIT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return Optional.ofNullable(JSON.readTree(response.body()));
        } catch (IOException nobody) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
