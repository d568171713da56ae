package io.athanor.agent;

import io.athanor.codec.Json;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import io.athanor.domain.wire.AgentProtocol.StreamInput;
import io.athanor.domain.wire.AgentProtocol.StreamTaken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The server's side of relayed streams, with all input there from the beginning. */
final class ScriptedStreams {
    private final Map<String, byte[]> inputs = new ConcurrentHashMap<>();
    private final Map<String, ByteArrayOutputStream> outputs = new ConcurrentHashMap<>();
    private volatile long delayMillis;
    private final Map<String, StreamEnded> ends = new ConcurrentHashMap<>();

    /** Where an answer goes. */
    interface Answer {
        void send(Object body) throws IOException;
    }

    /** Output is acknowledged so late. */
    void delayMillis(long millis) {
        delayMillis = millis;
    }

    void input(String stream, byte[] bytes) {
        inputs.put(stream, bytes);
    }

    @Nullable StreamEnded end(String stream) {
        return ends.get(stream);
    }

    byte[] output(String stream) {
        ByteArrayOutputStream output = outputs.get(stream);
        return output == null ? new byte[0] : output.toByteArray();
    }

    String text(String stream) {
        return new String(output(stream), StandardCharsets.UTF_8);
    }

    void handle(String stream, String what, @Nullable String query, byte[] body, Answer answer)
            throws IOException, InterruptedException {
        switch (what) {
            case "input" -> answer.send(input(stream, offset(query)));
            case "output" -> {
                Thread.sleep(delayMillis);
                answer.send(output(stream, offset(query), body));
            }
            default -> {
                ends.put(stream, Json.readStrict(body, StreamEnded.class));
                answer.send(Map.of());
            }
        }
    }

    private static int offset(@Nullable String query) {
        return Integer.parseInt(String.valueOf(query).substring("offset=".length()));
    }

    private StreamInput input(String stream, int offset) {
        byte[] all = inputs.getOrDefault(stream, new byte[0]);
        int end = Math.min(all.length, offset + 30_000);
        return new StreamInput(
                Base64.getEncoder().encodeToString(Arrays.copyOfRange(all, offset, end)), end == all.length);
    }

    private StreamTaken output(String stream, int offset, byte[] body) {
        ByteArrayOutputStream output = outputs.computeIfAbsent(stream, _ -> new ByteArrayOutputStream());
        synchronized (output) {
            int skip = output.size() - offset;
            // Takes a part of what is long, as a full buffer would.
            int end = Math.min(body.length, 20_000);
            if (skip >= 0 && skip < end) {
                output.write(body, skip, end - skip);
            }
            return new StreamTaken(output.size());
        }
    }
}
