package io.athanor.api.graphql;

import io.athanor.domain.view.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page in Relay's form. The store knows the cursor behind a page and no other, so only the last edge has one.
 *
 * @param asOf index of the newest event that the list knows
 */
public record Connection<T>(List<Edge<T>> edges, List<T> nodes, PageInfo pageInfo, long asOf) {
    /** One entry. */
    public record Edge<T>(@Nullable String cursor, T node) {}

    /** Whether there is more, and where it begins. */
    public record PageInfo(boolean hasNextPage, @Nullable String endCursor) {}

    static <V, T> Connection<T> of(Page<V> page, Function<V, T> shape) {
        List<T> nodes = page.items().stream().map(shape).toList();
        List<Edge<T>> edges = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            edges.add(new Edge<>(i == nodes.size() - 1 ? page.next() : null, nodes.get(i)));
        }
        return new Connection<>(edges, nodes, new PageInfo(page.next() != null, page.next()), page.asOf());
    }

    static <T> Connection<T> of(Page<T> page) {
        return of(page, item -> item);
    }
}
