package io.athanor.saga.live;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One kind of live row. Not thread-safe; {@link LiveSet} guards it. */
final class LiveTable<K, S> {
    private final String name;
    private final Function<String, K> parse;
    private final Class<S> type;
    private final Function<S, String> label;
    private final Map<K, S> rows = new LinkedHashMap<>();
    private final Set<K> dirty = new LinkedHashSet<>();

    /**
     * @param name of the table in the schema
     * @param parse reads a key's text
     * @param label the state in a word, for people who look at the table
     */
    LiveTable(String name, Function<String, K> parse, Class<S> type, Function<S, String> label) {
        this.name = name;
        this.parse = parse;
        this.type = type;
        this.label = label;
    }

    String name() {
        return name;
    }

    @Nullable S get(K key) {
        return rows.get(key);
    }

    Map<K, S> rows() {
        return Collections.unmodifiableMap(rows);
    }

    Collection<K> keys() {
        return Collections.unmodifiableCollection(rows.keySet());
    }

    void put(K key, S state) {
        rows.put(key, state);
        dirty.add(key);
    }

    void remove(K key) {
        if (rows.remove(key) != null) {
            dirty.add(key);
        }
    }

    /** Takes a stored row, at the start. */
    void load(String key, String body) {
        rows.put(parse.apply(key), LiveJson.read(body, type));
    }

    void clear() {
        rows.clear();
        dirty.clear();
    }

    /** What changed since the last take, as it is now; give it back with {@link #restore} where writing it failed. */
    List<LiveStorage.Change> takeChanges() {
        List<LiveStorage.Change> changes = dirty.stream().map(this::change).toList();
        dirty.clear();
        return changes;
    }

    private LiveStorage.Change change(K key) {
        S state = rows.get(key);
        return state == null
                ? new LiveStorage.Change(name, key.toString(), "", null)
                : new LiveStorage.Change(name, key.toString(), label.apply(state), LiveJson.text(state));
    }

    void restore(String key) {
        dirty.add(parse.apply(key));
    }
}
