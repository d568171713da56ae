package io.athanor.query.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one batch reads and writes: loaded once, folded in memory event by event, written once.
 *
 * <p>Invariant: after {@link #discard} nothing is left of the event that was being folded. Reading a key that was not
 * declared is an {@link IllegalStateException}, so that no row is taken for absent that was only not loaded.
 */
public final class Rows {
    private final Keys keys;
    private final Map<Table<?>, Map<Object, ? extends Record>> loaded = new HashMap<>();
    private final Map<Table<?>, Map<Object, Record>> written = new HashMap<>();
    private final Map<Table<?>, List<Record>> added = new HashMap<>();
    private final List<Runnable> undo = new ArrayList<>();

    private Rows(Keys keys) {
        this.keys = keys;
    }

    /** Loads what exists of the declared rows. */
    public static Rows load(Connection connection, List<Table<?>> tables, Keys keys) throws SQLException {
        Rows rows = new Rows(keys);
        for (Table<?> table : tables) {
            rows.loaded.put(table, table.load(connection, keys.of(table)));
        }
        return rows;
    }

    /** The row as the batch so far has made it, or null. */
    public <R extends Record> @Nullable R find(Table<R> table, Object key) {
        if (!keys.contains(table, key)) {
            throw new IllegalStateException("row " + key + " of " + table + " was not declared");
        }
        Record row = written.getOrDefault(table, Map.of()).get(key);
        if (row == null) {
            row = loaded.getOrDefault(table, Map.of()).get(key);
        }
        return row == null ? null : table.cast(row);
    }

    /** As {@link #find}. Error: {@link IllegalStateException} where there is none: the history is broken. */
    public <R extends Record> R get(Table<R> table, Object key) {
        R row = find(table, key);
        if (row == null) {
            throw new IllegalStateException("the history is broken: no row " + key + " in " + table);
        }
        return row;
    }

    /** Adds the row or replaces the one of its key. */
    public <R extends Record> void put(Table<R> table, R row) {
        Map<Object, Record> rows = written.computeIfAbsent(table, t -> new LinkedHashMap<>());
        Object key = table.key(row);
        Record before = rows.put(key, row);
        undo.add(() -> {
            if (before == null) {
                rows.remove(key);
            } else {
                rows.put(key, before);
            }
        });
    }

    /** Adds a row that never changes. */
    public <R extends Record> void add(Table<R> table, R row) {
        List<Record> rows = added.computeIfAbsent(table, t -> new ArrayList<>());
        rows.add(row);
        undo.add(rows::removeLast);
    }

    /** Keeps what the event did. */
    public void accept() {
        undo.clear();
    }

    /** Forgets what the event did. */
    public void discard() {
        undo.reversed().forEach(Runnable::run);
        undo.clear();
    }

    /** Writes all changes, one statement a table. */
    public void write(Connection connection, List<Table<?>> tables) throws SQLException {
        for (Table<?> table : tables) {
            table.insert(connection, added.getOrDefault(table, List.of()));
            table.upsert(connection, written.getOrDefault(table, Map.of()).values());
        }
    }
}
