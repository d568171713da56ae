package io.athanor.api.web;

import io.athanor.codec.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes {@code text/event-stream}, one event or comment at a time, each sent at once. */
public final class ServerSentEvents {
    private final OutputStream out;

    private ServerSentEvents(OutputStream out) {
        this.out = out;
    }

    /** Sends the head of the answer; from now on a refusal can only be an event. */
    public static ServerSentEvents begin(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.flushBuffer();
        return new ServerSentEvents(response.getOutputStream());
    }

    /** @param id what a reader sends back as {@code Last-Event-ID}, null where it keeps the one before */
    public void send(String event, @Nullable String id, Object data) throws IOException {
        write("event: " + event + "\n" + (id == null ? "" : "id: " + id + "\n") + "data: " + Json.text(data) + "\n\n");
    }

    /** A comment, by which a reader that is gone is noticed. */
    public void keepAlive() throws IOException {
        write(":\n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
