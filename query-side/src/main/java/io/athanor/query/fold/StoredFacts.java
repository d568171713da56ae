package io.athanor.query.fold;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.common.Event;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.query.view.Fact;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads stored events as facts. */
final class StoredFacts {
    private static final String ACTOR = "actor";
    private static final JsonFactory FACTORY = new JsonFactory();

    private StoredFacts() {}

    static Fact read(Stored stored) {
        Class<? extends Event> type = null;
        try {
            type = EventCatalogue.classOf(stored.name());
            return Fact.of(stored.index(), Json.read(stored.payload(), type), actor(stored.metadata()));
        } catch (IllegalArgumentException | IOException e) {
            return Fact.unreadable(stored.index(), stored.stream().toString(), type, e.toString());
        }
    }

    /** The actor alone, without building the rest of the metadata. */
    private static @Nullable String actor(String metadata) throws IOException {
        try (JsonParser json = FACTORY.createParser(metadata)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = ACTOR.equals(json.currentName());
                json.nextToken();
                if (found) {
                    return json.getValueAsString();
                }
                json.skipChildren();
            }
            return null;
        }
    }
}
