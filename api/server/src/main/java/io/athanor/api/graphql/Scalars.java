package io.athanor.api.graphql;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.ArrayValue;
import graphql.language.BooleanValue;
import graphql.language.IntValue;
import graphql.language.NullValue;
import graphql.language.ObjectField;
import graphql.language.ObjectValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.GraphQLScalarType;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The schema's own scalars. Inputs are checked and stay plain text, numbers and maps: the codec makes commands of them,
 * so that both doors read them by the same rules.
 */
final class Scalars {
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private Scalars() {}

    static List<GraphQLScalarType> all() {
        return List.of(
                scalar("Wei", new Text(text -> Ath.parse(text).toString())),
                scalar("Instant", new Text(Scalars::instant)),
                scalar("Long", new Whole()),
                scalar("Json", new Plain()));
    }

    private static GraphQLScalarType scalar(String name, Coercing<?, ?> coercing) {
        return GraphQLScalarType.newScalar().name(name).coercing(coercing).build();
    }

    private static String instant(String text) {
        try {
            Instant at = Instant.parse(text);
            return at.toString();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be an ISO-8601 instant in UTC", e);
        }
    }

    /** What a domain value looks like in JSON: text, numbers, lists and maps. */
    static Object plain(Object value) {
        return Json.mapper().convertValue(value, Object.class);
    }

    /** A value with one text form. */
    private record Text(UnaryOperator<String> check) implements Coercing<String, Object> {
        @Override
        public Object serialize(Object value, GraphQLContext context, Locale locale) {
            return plain(value);
        }

        @Override
        public String parseValue(Object input, GraphQLContext context, Locale locale) {
            if (!(input instanceof String text)) {
                throw new CoercingParseValueException("must be a string");
            }
            try {
                return check.apply(text);
            } catch (IllegalArgumentException e) {
                throw new CoercingParseValueException(String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        public String parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            if (!(input instanceof StringValue text)) {
                throw new CoercingParseLiteralException("must be a string");
            }
            try {
                return check.apply(text.getValue());
            } catch (IllegalArgumentException e) {
                throw new CoercingParseLiteralException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** A whole number of 64 bits. */
    private static final class Whole implements Coercing<Long, Long> {
        @Override
        public Long serialize(Object value, GraphQLContext context, Locale locale) {
            return ((Number) value).longValue();
        }

        @Override
        public Long parseValue(Object input, GraphQLContext context, Locale locale) {
            Long whole = switch (input) {
                case Integer number -> (long) number;
                case Long number -> number;
                case BigInteger number when inRange(number) -> number.longValue();
                default -> null;
            };
            if (whole == null) {
                throw new CoercingParseValueException("must be a whole number of 64 bits");
            }
            return whole;
        }

        @Override
        public Long parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            if (input instanceof IntValue number && inRange(number.getValue())) {
                return number.getValue().longValue();
            }
            throw new CoercingParseLiteralException("must be a whole number of 64 bits");
        }

        private static boolean inRange(BigInteger number) {
            return number.compareTo(MIN_LONG) >= 0 && number.compareTo(MAX_LONG) <= 0;
        }
    }

    /** Any JSON without floating point. */
    private static final class Plain implements Coercing<Object, Object> {
        @Override
        public Object serialize(Object value, GraphQLContext context, Locale locale) {
            return plain(value);
        }

        @Override
        public Object parseValue(Object input, GraphQLContext context, Locale locale) {
            if (!(input instanceof Map)) {
                throw new CoercingParseValueException("must be a JSON object");
            }
            return input;
        }

        @Override
        public Object parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            if (!(input instanceof ObjectValue)) {
                throw new CoercingParseLiteralException("must be a JSON object");
            }
            Object map = literal(input);
            return map == null ? Map.of() : map;
        }

        private static @Nullable Object literal(Value<?> value) {
            return switch (value) {
                case StringValue text -> text.getValue();
                case BooleanValue flag -> flag.isValue();
                case IntValue number -> number.getValue();
                case NullValue none -> null;
                case ArrayValue array -> {
                    List<@Nullable Object> items = new ArrayList<>();
                    array.getValues().forEach(item -> items.add(literal(item)));
                    yield items;
                }
                case ObjectValue object -> {
                    Map<String, @Nullable Object> map = new LinkedHashMap<>();
                    for (ObjectField field : object.getObjectFields()) {
                        map.put(field.getName(), literal(field.getValue()));
                    }
                    yield map;
                }
                default ->
                    throw new CoercingParseLiteralException("no floating point, enum or variable in a JSON object");
            };
        }
    }
}
