package io.athanor.local.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.athanor.local.process.EngineFailure;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** The launcher's few questions to a container engine, at its default API version. */
final class DockerApi {

    private static final Duration PING_LIMIT = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI host;

    DockerApi(URI host) {
        this.host = host;
    }

    boolean answers() {
        return UnixHttp.exchange(host, "GET", "/_ping", PING_LIMIT)
                .filter(UnixHttp.Answer::ok)
                .isPresent();
    }

    /** Ids of the containers that run. */
    List<String> running() {
        return ids("/containers/json");
    }

    /** Ids of all containers with a label, {@code key=value}, running or not. */
    List<String> labelled(String label) {
        String filter = "{\"label\":[\"" + label + "\"]}";
        return ids("/containers/json?all=1&filters=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }

    /** Stops containers side by side, each within the seconds given or by force. */
    void stop(List<String> containers, int seconds) {
        each(containers, id -> UnixHttp.exchange(host, "POST", "/containers/" + id + "/stop?t=" + seconds, LIMIT));
    }

    /** Removes containers by force, with their anonymous volumes. */
    void remove(List<String> containers) {
        each(containers, id -> UnixHttp.exchange(host, "DELETE", "/containers/" + id + "?force=1&v=1", LIMIT));
    }

    private List<String> ids(String path) {
        Optional<UnixHttp.Answer> answer = UnixHttp.exchange(host, "GET", path, LIMIT);
        return answer.filter(UnixHttp.Answer::ok)
                .map(a -> StreamSupport.stream(parse(a.body()).spliterator(), false)
                        .map(container -> container.get("Id").asText())
                        .toList())
                .orElse(List.of());
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException garbled) {
            throw new EngineFailure("The container engine's answer is no JSON.", "See its log.", garbled);
        }
    }

    private static void each(List<String> containers, Consumer<String> action) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            containers.forEach(id -> threads.execute(() -> action.accept(id)));
        }
    }
}
