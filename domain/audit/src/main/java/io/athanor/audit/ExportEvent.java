package io.athanor.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.common.Event;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The event of an export's line, read in one pass over its text: an {@link ExportLine} makes trees of payload and metadata
 * that a replay without signatures does not need.
 *
 * @param event absent where its type was not wanted
 */
record ExportEvent(long number, @Nullable Event event) {
    /**
     * Reads a canonical line, in which the name stands before the payload.
     *
     * @param wanted what is read; of other types only the number is
     * Error: {@link IllegalArgumentException} naming what is wrong with the line.
     */
    static ExportEvent read(String line, Predicate<Class<? extends Event>> wanted) {
        try (JsonParser json = Json.mapper().createParser(line)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "the line is no object");
            return read(json, wanted);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the line: " + e.getMessage(), e);
        }
    }

    private static ExportEvent read(JsonParser json, Predicate<Class<? extends Event>> wanted) throws IOException {
        long number = 0;
        Class<? extends Event> type = null;
        boolean whole = false;
        Event event = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "index" -> number = Long.parseLong(json.getText());
                case "name" -> type = EventCatalogue.classOf(json.getText());
                case "payload" -> {
                    require(type != null, "the name stands behind the payload; a line is canonical JSON");
                    event = payload(json, type, wanted);
                    whole = true;
                }
                default -> json.skipChildren();
            }
        }
        require(json.currentToken() == JsonToken.END_OBJECT && whole && number > 0, "part of the line is missing");
        return new ExportEvent(number, event);
    }

    private static @Nullable Event payload(
            JsonParser json, @Nullable Class<? extends Event> type, Predicate<Class<? extends Event>> wanted)
            throws IOException {
        if (type != null && wanted.test(type)) {
            return Json.mapper().readValue(json, type);
        }
        json.skipChildren();
        return null;
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
