package io.athanor.query.table;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * A record as a row: each component is the column of its name in snake case. The same record serves as table row,
 * answer and API type.
 */
public final class Mapping<R extends Record> implements RowMapper<R> {
    private final Class<R> type;
    private final List<Component> components;
    private final MethodHandle constructor;

    private Mapping(Class<R> type, List<Component> components, MethodHandle constructor) {
        this.type = type;
        this.components = components;
        this.constructor = constructor;
    }

    public static <R extends Record> Mapping<R> of(Class<R> type) {
        RecordComponent[] parts = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            MethodHandle handle =
                    MethodHandles.lookup().unreflectConstructor(canonical).asSpreader(Object[].class, parts.length);
            return new Mapping<>(type, Arrays.stream(parts).map(Component::of).toList(), handle);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no canonical constructor of " + type, e);
        }
    }

    /** The current row as a record. */
    public R read(ResultSet row) throws SQLException {
        Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = components.get(i).read(row);
        }
        return type.cast(Objects.requireNonNull(Component.call(handle -> (Object) handle.invoke(values), constructor)));
    }

    @Override
    public R map(ResultSet row, StatementContext context) throws SQLException {
        return read(row);
    }

    Class<R> type() {
        return type;
    }

    List<Component> components() {
        return components;
    }

    Component component(String name) {
        return components.stream()
                .filter(component -> component.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " has no component " + name));
    }
}
