package io.athanor.query.table;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param name in SQL
 * @param arrayType of the JDBC array that carries a batch's values
 * @param cast from the array's element to the column's type, empty where they are the same
 * @param toSql from the record component's value (never null) to the array's element
 */
record Column(String name, String arrayType, String cast, Function<Object, @Nullable Object> toSql) {
    /** Components whose names are SQL's own words. */
    private static final Map<String, String> RENAMED =
            Map.of("from", "from_account", "to", "to_account", "index", "global_index");

    static Column text(String name, Function<Object, @Nullable Object> toSql) {
        return new Column(name, "text", "", toSql);
    }

    static Column castFromText(String name, String type, Function<Object, @Nullable Object> toSql) {
        return new Column(name, "text", "::" + type, toSql);
    }

    static Column plain(String name, String type) {
        return new Column(name, type, "", value -> value);
    }

    /** The component's name in snake case. */
    static String nameOf(String component) {
        String renamed = RENAMED.get(component);
        return renamed != null
                ? renamed
                : component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
