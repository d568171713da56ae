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
 * class name; so are snapshots; tokens and sagas under their class.
 *
 * <p>Error: {@link IllegalStateException} where the store holds an event name that this program does not know.
 */
public final class CatalogueSerializer extends JacksonSerializer {
    private final Map<String, Class<?>> byName = new HashMap<>();
    private final Map<Class<?>, SerializedType> byClass;

    /** @param others types besides the events that have a stored name of their own */
    public CatalogueSerializer(Map<Class<?>, SerializedType> others) {
        this(others, new HashMap<>(others));
    }

    /** A copy of the mapper is given to Axon, which registers modules of its own in it. */
    private CatalogueSerializer(Map<Class<?>, SerializedType> others, Map<Class<?>, SerializedType> named) {
        super(JacksonSerializer.builder()
                .objectMapper(Json.mapper().copy())
                .revisionResolver(type -> revisionOf(named, type)));
        this.byClass = named;
        others.forEach((type, stored) -> byName.put(stored.getName(), type));
        EventCatalogue.all().forEach(entry -> {
            byName.put(entry.name(), entry.type());
            byClass.put(entry.type(), new SimpleSerializedType(entry.name(), Integer.toString(entry.revision())));
        });
    }

    private static String revisionOf(Map<Class<?>, SerializedType> named, Class<?> type) {
        SerializedType stored = named.get(type);
        return stored == null ? "1" : stored.getRevision();
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
        SerializedType event = byClass.get(type);
        return event == null ? super.typeForClass(type) : event;
    }

    @Override
    @SuppressWarnings("rawtypes") // Axon's signature
    public Class classForType(SerializedType type) {
        Class<?> event = byName.get(type.getName());
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
