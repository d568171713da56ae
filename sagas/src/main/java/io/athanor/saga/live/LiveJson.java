package io.athanor.saga.live;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.athanor.codec.Json;
import io.athanor.domain.job.Job;
import java.io.UncheckedIOException;

/** Live rows as JSON: the codec's form, and a task's sealed state with its name in {@code type}. */
public final class LiveJson {
    private static final ObjectMapper MAPPER = build();

    private LiveJson() {}

    /** The discriminator of the task's state. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    private interface Typed {}

    private static ObjectMapper build() {
        ObjectMapper mapper = Json.mapper().copy();
        mapper.addMixIn(Job.class, Typed.class);
        mapper.registerSubtypes(Job.class.getPermittedSubclasses());
        return mapper;
    }

    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
