package io.athanor.apitest;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code text/event-stream} over a real connection, event by event. */
final class EventReader implements AutoCloseable {
    private final HttpResponse<java.io.InputStream> response;
    private final BufferedReader lines;

    /** One event. */
    record Got(String name, String id, JsonNode data) {
        long index() {
            return Long.parseLong(id);
        }
    }

    private EventReader(HttpResponse<java.io.InputStream> response) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    static EventReader get(String path, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ApiNode.url() + path));
        headers.forEach(request::header);
        return open(request.build());
    }

    static EventReader graphQl(String query, Map<String, Object> variables, String token) {
        byte[] body = Json.bytes(Map.of("query", query, "variables", variables));
        return open(HttpRequest.newBuilder(URI.create(ApiNode.url() + "/graphql"))
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private static EventReader open(HttpRequest request) {
        try {
            return new EventReader(Client.HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int status() {
        return response.statusCode();
    }

    /** The next event, without comments; empty at the end of the stream. */
    Optional<Got> next() {
        String name = "";
        String id = "";
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("id:")) {
                    id = line.substring(3).strip();
                } else if (line.startsWith("data:")) {
                    String text = line.substring(5).strip();
                    return Optional.of(new Got(name, id, Json.read(text.isEmpty() ? "null" : text, JsonNode.class)));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that comes until the server ends the stream. */
    List<Got> rest() {
        List<Got> all = new ArrayList<>();
        for (Optional<Got> next = next(); next.isPresent(); next = next()) {
            all.add(next.get());
        }
        return all;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
