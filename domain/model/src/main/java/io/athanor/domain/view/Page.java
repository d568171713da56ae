package io.athanor.domain.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param next the cursor for {@code after}, null at the end
 * @param asOf index of the newest event that the list knows
 */
public record Page<T>(List<T> items, @Nullable String next, long asOf) {
    public Page {
        items = List.copyOf(items);
    }
}
