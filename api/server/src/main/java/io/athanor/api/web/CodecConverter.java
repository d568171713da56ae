package io.athanor.api.web;

import com.fasterxml.jackson.databind.JavaType;
import io.athanor.codec.Json;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractGenericHttpMessageConverter;
import org.springframework.stereotype.Component;

/**
 * Reads and writes Athanor's own types with the one codec, so that a body looks the same in REST, in the protocols and
 * in the store. Other types (Spring's, springdoc's) go to Spring's converters.
 *
 * <p>Bodies are read strictly and at most {@code Limits.JSON_BODY_BYTES} of them. Error: {@link Refused} UNKNOWN_FIELD,
 * MALFORMED or TOO_LARGE.
 */
@Component
final class CodecConverter extends AbstractGenericHttpMessageConverter<Object> {
    CodecConverter() {
        super(MediaType.APPLICATION_JSON, MediaType.parseMediaType(Problems.MEDIA_TYPE));
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type.getName().startsWith("io.athanor.");
    }

    @Override
    public boolean canRead(Type type, @Nullable Class<?> context, @Nullable MediaType mediaType) {
        return isOurs(type) && canRead(mediaType);
    }

    @Override
    public boolean canWrite(@Nullable Type type, Class<?> value, @Nullable MediaType mediaType) {
        return (supports(value) || type != null && isOurs(type)) && canWrite(mediaType);
    }

    /** A type of ours, or a list of them. */
    private boolean isOurs(Type type) {
        if (ResolvableType.forType(type).resolve() == null) {
            return false; // Spring's own "no type", for bodies whose type only the value knows.
        }
        JavaType java = Json.mapper().constructType(type);
        JavaType content = java.isCollectionLikeType() ? java.getContentType() : java;
        return supports(content.getRawClass());
    }

    @Override
    protected Object readInternal(Class<?> type, HttpInputMessage input) throws IOException {
        byte[] body = input.getBody().readNBytes(Limits.JSON_BODY_BYTES + 1);
        Refused.unless(
                body.length <= Limits.JSON_BODY_BYTES,
                Reason.TOO_LARGE,
                "a JSON body has at most " + Limits.JSON_BODY_BYTES + " bytes");
        return Json.readStrict(body, type);
    }

    @Override
    public Object read(Type type, @Nullable Class<?> context, HttpInputMessage input) throws IOException {
        return readInternal(Json.mapper().constructType(type).getRawClass(), input);
    }

    @Override
    protected void writeInternal(Object value, @Nullable Type type, HttpOutputMessage output) throws IOException {
        output.getBody().write(Json.bytes(value));
    }

    @Override
    public List<MediaType> getSupportedMediaTypes(Class<?> type) {
        return isOurs(type) ? getSupportedMediaTypes() : List.of();
    }
}
