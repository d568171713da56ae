package io.athanor.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.KeyDeserializers;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.TextValue;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import java.io.IOException;
import java.io.Serial;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How domain types look in JSON, without an annotation in the domain. */
final class AthanorModule extends SimpleModule {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    AthanorModule() {
        super("athanor");
        addSerializer(Instant.class, new InstantWriter());
        addDeserializer(Instant.class, new InstantReader());
        // As wei: too large for what many readers make of a JSON number.
        addSerializer(BigInteger.class, ToStringSerializer.instance);
        addSerializer(new SetWriter());
        setMixInAnnotation(Subject.class, Typed.class);
        setMixInAnnotation(Measure.class, Typed.class);
        setMixInAnnotation(Offence.class, Typed.class);
        setMixInAnnotation(AgentOrder.class, Typed.class);
        setMixInAnnotation(AgentReport.class, Typed.class);
        setMixInAnnotation(CosignDuty.class, Typed.class);
    }

    /** The discriminator of nested sealed families: {@code type}, the record's simple name. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    private interface Typed {}

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addSerializers(new TextWriters());
        context.addKeySerializers(new TextKeyWriters());
        context.addDeserializers(new TextReaders());
        context.addKeyDeserializers(new TextKeyReaders());
        registerSealed(context, Subject.class);
        registerSealed(context, Measure.class);
        registerSealed(context, Offence.class);
        registerSealed(context, AgentOrder.class);
        registerSealed(context, AgentReport.class);
        registerSealed(context, CosignDuty.class);
    }

    private static void registerSealed(SetupContext context, Class<?> family) {
        context.registerSubtypes(family.getPermittedSubclasses());
    }

    private static final class TextWriters extends Serializers.Base {
        @Override
        public @Nullable JsonSerializer<?> findSerializer(
                SerializationConfig config, JavaType type, BeanDescription bean) {
            return TextValue.class.isAssignableFrom(type.getRawClass()) ? new TextWriter() : null;
        }
    }

    private static final class TextKeyWriters extends Serializers.Base {
        @Override
        public @Nullable JsonSerializer<?> findSerializer(
                SerializationConfig config, JavaType type, BeanDescription bean) {
            return TextValue.class.isAssignableFrom(type.getRawClass()) ? new TextKeyWriter() : null;
        }
    }

    private static final class TextWriter extends StdSerializer<TextValue> {
        @Serial
        private static final long serialVersionUID = 1L;

        TextWriter() {
            super(TextValue.class);
        }

        @Override
        public void serialize(TextValue value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.toString());
        }
    }

    private static final class TextKeyWriter extends StdSerializer<TextValue> {
        @Serial
        private static final long serialVersionUID = 1L;

        TextKeyWriter() {
            super(TextValue.class);
        }

        @Override
        public void serialize(TextValue value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeFieldName(value.toString());
        }
    }

    private static final class TextReaders extends Deserializers.Base {
        @Override
        public @Nullable JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription bean) {
            Class<?> raw = type.getRawClass();
            return TextValue.class.isAssignableFrom(raw) && !raw.isInterface() ? new TextReader(raw) : null;
        }
    }

    private static final class TextReader extends FromStringDeserializer<Object> {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient Method parse;

        TextReader(Class<?> type) {
            super(type);
            this.parse = parseOf(type);
        }

        @Override
        protected Object _deserialize(String text, DeserializationContext context) throws IOException {
            try {
                return invoke(parse, text);
            } catch (IllegalArgumentException e) {
                throw JsonMappingException.from(context, String.valueOf(e.getMessage()));
            }
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                throw JsonMappingException.from(in, "must be a JSON string");
            }
            return super.deserialize(in, context);
        }
    }

    private static final class TextKeyReaders implements KeyDeserializers {
        @Override
        public @Nullable KeyDeserializer findKeyDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription bean) {
            if (!TextValue.class.isAssignableFrom(type.getRawClass())) {
                return null;
            }
            Method parse = parseOf(type.getRawClass());
            return new KeyDeserializer() {
                @Override
                public Object deserializeKey(String key, DeserializationContext context) throws IOException {
                    try {
                        return invoke(parse, key);
                    } catch (IllegalArgumentException e) {
                        throw JsonMappingException.from(context, String.valueOf(e.getMessage()));
                    }
                }
            };
        }
    }

    private static Method parseOf(Class<?> type) {
        try {
            return type.getMethod("parse", String.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " is a TextValue without parse(String)", e);
        }
    }

    private static Object invoke(Method parse, String text) {
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException bad) {
                throw bad;
            }
            throw new IllegalArgumentException(String.valueOf(e.getCause()), e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        @Serial
        private static final long serialVersionUID = 1L;

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(MILLIS.format(value.truncatedTo(ChronoUnit.MILLIS)));
        }
    }

    /** Sets have no order of their own: written in the order of their texts, so that equal sets have equal bytes. */
    private static final class SetWriter extends StdSerializer<Set<?>> {
        @Serial
        private static final long serialVersionUID = 1L;

        SetWriter() {
            super(Set.class, false);
        }

        @Override
        public void serialize(Set<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            Object[] sorted = value.toArray();
            Arrays.sort(sorted, Comparator.comparing(String::valueOf));
            out.writeStartArray(value, sorted.length);
            for (Object element : sorted) {
                provider.defaultSerializeValue(element, out);
            }
            out.writeEndArray();
        }
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        @Serial
        private static final long serialVersionUID = 1L;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(in.getText());
            } catch (DateTimeParseException e) {
                throw JsonMappingException.from(in, "must be an ISO-8601 instant in UTC");
            }
        }
    }
}
