package io.athanor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * One event as the export writes it: one canonical JSON object a line.
 *
 * @param index place in the whole history, rising
 * @param sequence place in its stream: 0, 1, 2, …
 * @param name and {@code revision} of the event catalogue
 */
public record ExportLine(
        String index,
        String eventId,
        StreamId stream,
        long sequence,
        String name,
        int revision,
        JsonNode payload,
        JsonNode metadata,
        Instant at) {
    /** Error: {@link IllegalArgumentException} where a part is missing or the index is no number. */
    public ExportLine {
        boolean whole = eventId != null
                && stream != null
                && name != null
                && payload != null
                && metadata != null
                && at != null
                && Long.parseLong(index) > 0;
        if (!whole) {
            throw new IllegalArgumentException("part of the line is missing");
        }
    }

    /** Error: {@link IllegalArgumentException} naming what is wrong with the line. */
    public static ExportLine parse(String line) {
        return Json.read(line, ExportLine.class);
    }

    /** The line as exported, without its end. */
    public String text() {
        return new String(Json.canonical(this), StandardCharsets.UTF_8);
    }

    public long number() {
        return Long.parseLong(index);
    }

    /** Error: {@link IllegalArgumentException} where the payload is not an event of that name. */
    public Event event() {
        return EventCatalogue.read(name, Json.bytes(payload));
    }

    /** A line made from what a store holds. */
    public static ExportLine of(io.athanor.domain.port.EventSource.Stored stored) {
        return Json.mapper()
                .convertValue(
                        Map.of(
                                "index", Long.toString(stored.index()),
                                "eventId", stored.eventId(),
                                "stream", stored.stream(),
                                "sequence", stored.sequence(),
                                "name", stored.name(),
                                "revision", stored.revision(),
                                "payload", Json.read(stored.payload(), JsonNode.class),
                                "metadata", Json.read(stored.metadata(), JsonNode.class),
                                "at", stored.at()),
                        ExportLine.class);
    }
}
