package io.athanor.api.rest;

import io.athanor.audit.ExportLine;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.EventSource.Stored;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The whole history as JSON lines, one {@link ExportLine} an event. It ends at the index that was the newest when it began; a reader that was cut off goes
 * on with {@code after} the last whole line.
 */
@Component
public final class Export {
    private static final int PAGE_EVENTS = 1_000;
    private static final int BUFFER_BYTES = 1 << 16;

    private final EventSource events;

    public Export(EventSource events) {
        this.events = events;
    }

    /** @param upTo the last index to send; beyond the newest event it means that one */
    public void write(long after, long upTo, HttpServletResponse response) throws IOException {
        long end = Math.min(events.head(), upTo);
        response.setContentType("application/jsonl");
        response.setHeader("Athanor-Head", Long.toString(end));
        try (OutputStream out = new BufferedOutputStream(response.getOutputStream(), BUFFER_BYTES)) {
            long at = after;
            List<Stored> page = at < end ? events.read(at, PAGE_EVENTS) : List.of();
            while (!page.isEmpty()) {
                for (Stored stored : page) {
                    if (stored.index() > end) {
                        return;
                    }
                    out.write(ExportLine.of(stored).text().getBytes(StandardCharsets.UTF_8));
                    out.write('\n');
                }
                at = page.getLast().index();
                page = at < end ? events.read(at, PAGE_EVENTS) : List.of();
            }
        }
    }
}
