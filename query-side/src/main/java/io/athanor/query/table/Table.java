package io.athanor.query.table;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows are records of one type.
 *
 * <p>Invariant: the key components name the table's primary key. A key is that component's value, or the list of
 * the values where it has several. Reads and writes are one statement for any number of rows ({@code unnest}).
 */
public final class Table<R extends Record> {
    private final String name;
    private final Mapping<R> mapping;
    private final List<Component> key;
    private final List<Column> keyColumns;
    private final String insert;
    private final String upsert;
    private final String load;

    private Table(String name, Mapping<R> mapping, List<Component> key) {
        this.name = name;
        this.mapping = mapping;
        this.key = key;
        this.keyColumns = columns(key);
        this.insert = insertSql();
        this.upsert = insert + conflictSql();
        this.load = loadSql();
    }

    /** A table of schema {@code view}. */
    public static <R extends Record> Table<R> of(String name, Class<R> type, String... keyComponents) {
        return inSchema("view", name, type, keyComponents);
    }

    public static <R extends Record> Table<R> inSchema(
            String schema, String name, Class<R> type, String... keyComponents) {
        Mapping<R> mapping = Mapping.of(type);
        return new Table<>(
                schema + "." + name,
                mapping,
                Arrays.stream(keyComponents).map(mapping::component).toList());
    }

    /** With its schema. */
    public String name() {
        return name;
    }

    /** The key of a row. */
    public Object key(R row) {
        if (key.size() == 1) {
            return required(key.getFirst().valueOf(row));
        }
        return key.stream().map(part -> required(part.valueOf(row))).toList();
    }

    R cast(Record row) {
        return mapping.type().cast(row);
    }

    private Object required(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("a key of " + name + " is null");
        }
        return value;
    }

    private static List<Column> columns(List<Component> components) {
        return components.stream()
                .flatMap(component -> component.columns().stream())
                .toList();
    }

    private String insertSql() {
        List<Column> columns = columns(mapping.components());
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String values = columns.stream().map(c -> "u." + c.name() + c.cast()).collect(Collectors.joining(", "));
        return "INSERT INTO " + name + " (" + names + ") SELECT " + values + " FROM " + unnest(columns, "u");
    }

    private static String unnest(List<Column> columns, String alias) {
        String arrays = columns.stream().map(c -> "?::" + c.arrayType() + "[]").collect(Collectors.joining(", "));
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        return "unnest(" + arrays + ") AS " + alias + " (" + names + ")";
    }

    private String conflictSql() {
        String names = keyColumns.stream().map(Column::name).collect(Collectors.joining(", "));
        String changes = columns(mapping.components()).stream()
                .filter(column -> !keyColumns.contains(column))
                .map(column -> column.name() + " = excluded." + column.name())
                .collect(Collectors.joining(", "));
        return " ON CONFLICT (" + names + ") DO UPDATE SET " + changes;
    }

    private String loadSql() {
        String names = columns(mapping.components()).stream()
                .map(column -> "t." + column.name())
                .collect(Collectors.joining(", "));
        String same = keyColumns.stream()
                .map(column -> "t." + column.name() + " = k." + column.name() + column.cast())
                .collect(Collectors.joining(" AND "));
        return "SELECT " + names + " FROM " + unnest(keyColumns, "k") + " JOIN " + name + " t ON " + same;
    }

    /** Adds new rows. Error: {@link SQLException} of class 23 where a key exists. */
    public void insert(Connection connection, Collection<? extends Record> rows) throws SQLException {
        write(connection, insert, rows);
    }

    /** Adds rows and replaces those whose keys exist; each key at most once. */
    public void upsert(Connection connection, Collection<? extends Record> rows) throws SQLException {
        write(connection, upsert, rows);
    }

    private void write(Connection connection, String sql, Collection<? extends Record> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (Component component : mapping.components()) {
                for (Column column : component.columns()) {
                    Object[] elements = rows.stream()
                            .map(row -> component.element(column, row))
                            .toArray();
                    setArray(connection, statement, parameter++, column, elements);
                }
            }
            statement.executeUpdate();
        }
    }

    /** The rows that exist of these keys, by key. */
    public Map<Object, R> load(Connection connection, Collection<Object> keys) throws SQLException {
        Map<Object, R> found = new HashMap<>();
        if (keys.isEmpty()) {
            return found;
        }
        try (PreparedStatement statement = connection.prepareStatement(load)) {
            bindKeys(connection, statement, keys);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    R row = mapping.read(rows);
                    found.put(key(row), row);
                }
            }
        }
        return found;
    }

    private void bindKeys(Connection connection, PreparedStatement statement, Collection<Object> keys)
            throws SQLException {
        int parameter = 1;
        for (int part = 0; part < key.size(); part++) {
            int position = part;
            List<Object> values = new ArrayList<>(keys.size());
            keys.forEach(k -> values.add(key.size() == 1 ? k : ((List<?>) k).get(position)));
            for (Column column : key.get(part).columns()) {
                Object[] elements = values.stream()
                        .map(value -> Component.elementOf(column, value))
                        .toArray();
                setArray(connection, statement, parameter++, column, elements);
            }
        }
    }

    private static void setArray(
            Connection connection, PreparedStatement statement, int parameter, Column column, Object[] elements)
            throws SQLException {
        Array array = connection.createArrayOf(column.arrayType(), typed(column.arrayType(), elements));
        statement.setArray(parameter, array);
    }

    /** The driver sends arrays of these classes in binary, and quotes strings itself. */
    private static Object[] typed(String arrayType, Object[] elements) {
        Class<? extends Object[]> as = switch (arrayType) {
            case "int8" -> Long[].class;
            case "int4" -> Integer[].class;
            case "bool" -> Boolean[].class;
            default -> String[].class;
        };
        return Arrays.copyOf(elements, elements.length, as);
    }

    @Override
    public String toString() {
        return name;
    }
}
