package io.athanor.command.store;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.json.JacksonSerializer;

/**
 * Axon's serializer over Athanor's own JSON. Events are stored under the catalogue's name and revision, never under a
 * class name; tokens and sagas under their class.
 *
 * <p>Error: {@link IllegalStateException} where the store holds an event name that this program does not know.
 */
public final class CatalogueSerializer extends JacksonSerializer {
    private static final Map<String, Class<?>> BY_NAME = new HashMap<>();
    private static final Map<Class<?>, SerializedType> BY_CLASS = new HashMap<>();

    static {
        EventCatalogue.all().forEach(entry -> {
            BY_NAME.put(entry.name(), entry.type());
            BY_CLASS.put(entry.type(), new SimpleSerializedType(entry.name(), Integer.toString(entry.revision())));
        });
    }

    /** A copy of the mapper is given to Axon, which registers modules of its own in it. */
    public CatalogueSerializer() {
        super(JacksonSerializer.builder()
                .objectMapper(Json.mapper().copy())
                .revisionResolver(CatalogueSerializer::revisionOf));
    }

    private static String revisionOf(Class<?> type) {
        SerializedType event = BY_CLASS.get(type);
        return event == null ? "1" : event.getRevision();
    }

    @Override
    protected ObjectWriter getWriter() {
        return Json.mapper().writer();
    }

    @Override
    protected ObjectReader getReader(Class<?> type) {
        return MetaData.class.equals(type)
                ? super.getReader(type)
                : Json.mapper().readerFor(type);
    }

    @Override
    @SuppressWarnings("rawtypes") // Axon's signature
    public SerializedType typeForClass(Class type) {
        SerializedType event = BY_CLASS.get(type);
        return event == null ? super.typeForClass(type) : event;
    }

    @Override
    @SuppressWarnings("rawtypes") // Axon's signature
    public Class classForType(SerializedType type) {
        Class<?> event = BY_NAME.get(type.getName());
        if (event != null) {
            return event;
        }
        // A class name has a package of its own; "job.Submitted" of a newer program would be skipped in silence.
        if (type.getName().matches("[a-z]+\\.[A-Z]\\w*")) {
            throw new IllegalStateException("unknown event name in the store: " + type.getName());
        }
        return super.classForType(type);
    }
}
