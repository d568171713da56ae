package io.athanor.command.stream;

import io.athanor.domain.common.Sha256;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A digest of what a state is made of: its records, their components and constants, all the way down. A snapshot of
 * another shape is not read, so nobody has to remember to number the shapes.
 */
final class StateShape {
    private static final int HEX_CHARS = 16;

    private final StringBuilder text = new StringBuilder();
    private final Set<Class<?>> described = new HashSet<>();

    private StateShape() {}

    static String of(Class<?> state) {
        StateShape shape = new StateShape();
        shape.describe(state);
        return Sha256.of(shape.text.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, HEX_CHARS);
    }

    private void describe(Type type) {
        if (type instanceof ParameterizedType generic) {
            describe(generic.getRawType());
            List.of(generic.getActualTypeArguments()).forEach(this::describe);
        } else if (type instanceof Class<?> plain && described.add(plain)) {
            describeClass(plain);
        }
    }

    private void describeClass(Class<?> type) {
        text.append('\n').append(type.getName());
        if (type.isRecord()) {
            List<RecordComponent> components = List.of(type.getRecordComponents());
            components.forEach(
                    c -> text.append(' ').append(c.getName()).append(':').append(c.getGenericType()));
            components.forEach(c -> describe(c.getGenericType()));
        } else if (type.isEnum()) {
            List.of(type.getEnumConstants())
                    .forEach(constant -> text.append(' ').append(constant));
        } else if (type.isSealed()) {
            List.of(type.getPermittedSubclasses()).forEach(this::describe);
        }
    }
}
