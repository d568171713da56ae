package io.athanor.query.table;

import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.TextValue;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record component as one column, or as the two columns {@code job} and {@code task} for a {@link TaskId}.
 *
 * <p>Text values and enums are text, wei is {@code numeric}, instants are {@code timestamptz}, whatever else is a
 * record, list or map is {@code jsonb} as the codec writes it.
 */
final class Component {
    private final String name;
    private final List<Column> columns;
    private final Reader reader;
    private final MethodHandle accessor;

    private Component(RecordComponent component, List<Column> columns, Reader reader) {
        this.name = component.getName();
        this.columns = columns;
        this.reader = reader;
        this.accessor = accessor(component.getAccessor());
    }

    /** Reads the component's value from the current row. */
    private interface Reader {
        @Nullable Object read(ResultSet row) throws SQLException;
    }

    static Component of(RecordComponent component) {
        Class<?> type = component.getType();
        String column = Column.nameOf(component.getName());
        if (type == TaskId.class) {
            return new Component(component, taskColumns(), Component::readTask);
        }
        if (type == Ath.class) {
            Column amount = Column.castFromText(column, "numeric", Object::toString);
            return new Component(component, List.of(amount), row -> readWei(row, column));
        }
        if (TextValue.class.isAssignableFrom(type)) {
            return new Component(component, List.of(Column.text(column, Object::toString)), textReader(type, column));
        }
        if (type.isEnum()) {
            return new Component(component, List.of(Column.text(column, Object::toString)), enumReader(type, column));
        }
        return ofJavaType(component, type, column);
    }

    private static Component ofJavaType(RecordComponent component, Class<?> type, String column) {
        if (type == String.class) {
            return new Component(component, List.of(Column.text(column, v -> v)), row -> row.getString(column));
        }
        if (type == long.class || type == Long.class) {
            return number(component, Column.plain(column, "int8"), row -> row.getLong(column));
        }
        if (type == int.class || type == Integer.class) {
            return number(component, Column.plain(column, "int4"), row -> row.getInt(column));
        }
        if (type == boolean.class) {
            return new Component(component, List.of(Column.plain(column, "bool")), row -> row.getBoolean(column));
        }
        if (type == Instant.class) {
            Column instant = Column.castFromText(column, "timestamptz", Object::toString);
            return new Component(component, List.of(instant), row -> readInstant(row, column));
        }
        Column json = Column.castFromText(column, "jsonb", Json::text);
        return new Component(component, List.of(json), jsonReader(component, column));
    }

    private static Component number(RecordComponent component, Column column, Reader reader) {
        return new Component(component, List.of(column), row -> {
            Object value = reader.read(row);
            return row.wasNull() ? null : value;
        });
    }

    private static List<Column> taskColumns() {
        return List.of(
                Column.text("job", task -> ((TaskId) task).job().toString()),
                new Column("task", "int4", "", task -> ((TaskId) task).index()));
    }

    private static @Nullable Object readTask(ResultSet row) throws SQLException {
        String job = row.getString("job");
        return job == null ? null : JobId.parse(job).task(row.getInt("task"));
    }

    private static @Nullable Object readWei(ResultSet row, String column) throws SQLException {
        BigDecimal wei = row.getBigDecimal(column);
        return wei == null ? null : new Ath(wei.toBigIntegerExact());
    }

    private static @Nullable Object readInstant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static Reader textReader(Class<?> type, String column) {
        MethodHandle parse = find(type, "parse");
        return row -> parsed(parse, row.getString(column));
    }

    private static Reader enumReader(Class<?> type, String column) {
        MethodHandle valueOf = find(type, "valueOf");
        return row -> parsed(valueOf, row.getString(column));
    }

    private static @Nullable Object parsed(MethodHandle parse, @Nullable String text) {
        return text == null ? null : call(handle -> (Object) handle.invoke(text), parse);
    }

    private static Reader jsonReader(RecordComponent component, String column) {
        var type = Json.mapper().constructType(component.getGenericType());
        return row -> {
            String json = row.getString(column);
            try {
                return json == null ? null : Json.mapper().readValue(json, type);
            } catch (java.io.IOException e) {
                throw new SQLException("column " + column + " is not " + type, e);
            }
        };
    }

    /** What a row gives for each column, in their order; null elements where the value is null. */
    @Nullable Object element(Column column, Object row) {
        return elementOf(column, call(handle -> (Object) handle.invoke(row), accessor));
    }

    static @Nullable Object elementOf(Column column, @Nullable Object value) {
        return value == null ? null : column.toSql().apply(value);
    }

    @Nullable Object valueOf(Object row) {
        return call(handle -> (Object) handle.invoke(row), accessor);
    }

    @Nullable Object read(ResultSet row) throws SQLException {
        return reader.read(row);
    }

    String name() {
        return name;
    }

    List<Column> columns() {
        return columns;
    }

    private static MethodHandle accessor(Method method) {
        try {
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot read " + method, e);
        }
    }

    private static MethodHandle find(Class<?> type, String name) {
        try {
            Method method = type.getMethod(name, String.class);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(Object.class, String.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no public " + name + "(String)", e);
        }
    }

    /** A call of a method handle. */
    interface Call {
        @Nullable Object on(MethodHandle handle) throws Throwable;
    }

    static @Nullable Object call(Call call, MethodHandle handle) {
        try {
            return call.on(handle);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
