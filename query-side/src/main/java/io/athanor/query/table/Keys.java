package io.athanor.query.table;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The keys of the rows that a batch may read, by table: they are loaded at once. */
public final class Keys {
    private final Map<Table<?>, Set<Object>> byTable = new HashMap<>();

    public void add(Table<?> table, Object key) {
        byTable.computeIfAbsent(table, t -> new LinkedHashSet<>()).add(key);
    }

    boolean contains(Table<?> table, Object key) {
        return of(table).contains(key);
    }

    Set<Object> of(Table<?> table) {
        return byTable.getOrDefault(table, Set.of());
    }
}
