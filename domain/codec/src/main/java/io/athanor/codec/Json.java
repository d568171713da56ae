package io.athanor.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import java.io.IOException;

/**
 * JSON as Athanor writes it: camelCase, wei and other text values as strings, instants in UTC milliseconds, nulls left
 * out, sealed families with a {@code type}, no floating point.
 *
 * <p>Two mappers of one configuration: {@link #mapper()} tolerates unknown fields (stored events grow), and
 * {@link #strict()} refuses them (what comes from outside).
 */
public final class Json {
    private static final int NESTING_LEVELS = 64;
    private static final ObjectMapper MAPPER = build(false);
    private static final ObjectMapper STRICT = build(true);

    private Json() {}

    /** For stored events and trusted peers. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** For requests: unknown or missing fields are an error. */
    public static ObjectMapper strict() {
        return STRICT;
    }

    private static ObjectMapper build(boolean strict) {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(NESTING_LEVELS)
                .maxStringLength(Limits.JSON_BODY_BYTES)
                .build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(limits).build())
                .addModule(new AthanorModule())
                .annotationIntrospector(strict ? new RequiredFields() : new JacksonAnnotationIntrospector())
                .visibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .visibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
                .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, strict)
                .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, strict)
                .build();
    }

    /** Error: {@link IllegalArgumentException}, a fault of ours. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "cannot write " + value.getClass().getName(), e);
        }
    }

    /** As {@link #bytes}, for people and SQL. */
    public static String text(Object value) {
        return new String(bytes(value), UTF_8);
    }

    /** Reads what Athanor wrote. Error: {@link IllegalArgumentException}. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    public static <T> T read(String json, Class<T> type) {
        return read(json.getBytes(UTF_8), type);
    }

    public static <T> T read(String json, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + type.getType() + ": " + e.getMessage(), e);
        }
    }

    /** Reads what came from outside. Error: {@link Refused} UNKNOWN_FIELD or MALFORMED, naming the field. */
    public static <T> T readStrict(byte[] json, Class<T> type) {
        try {
            return STRICT.readValue(json, type);
        } catch (UnrecognizedPropertyException e) {
            throw new Refused(Reason.UNKNOWN_FIELD, "unknown field " + path(e));
        } catch (JsonMappingException e) {
            throw new Refused(Reason.MALFORMED, path(e) + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new Refused(Reason.MALFORMED, "not JSON: " + firstLine(String.valueOf(e.getMessage())));
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        e.getPath()
                .forEach(part -> path.append(path.isEmpty() ? "" : ".")
                        .append(part.getFieldName() == null ? String.valueOf(part.getIndex()) : part.getFieldName()));
        return path.isEmpty() ? "body" : path.toString();
    }

    private static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() > Limits.REASON_CHARS ? line.substring(0, Limits.REASON_CHARS) : line;
    }

    /** RFC 8785 bytes: what is signed and hashed. Numbers are integers here, so their form is plain decimal. */
    public static byte[] canonical(Object value) {
        JsonNode tree = MAPPER.valueToTree(value);
        return CanonicalJson.write(tree);
    }

    /** SHA-256 of the canonical form. */
    public static Sha256 digest(Object value) {
        return Sha256.of(canonical(value));
    }
}
