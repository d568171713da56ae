package io.athanor.domain.testing;

import java.util.function.Consumer;

/**
 * Properties over seeded cases. The first seed is {@code -Dathanor.seed}, so that any run can be repeated; a failing
 * case names its own.
 */
public final class Cases {
    private static final long DEFAULT_SEED = 20_260_101;

    private Cases() {}

    /** Checks the property for many samples, each from the next seed. */
    public static void forAll(int count, Consumer<Samples> property) {
        long first = Long.getLong("athanor.seed", DEFAULT_SEED);
        System.out.println("seeds " + first + " to " + (first + count - 1) + "; repeat with -Dathanor.seed=" + first);
        for (long seed = first; seed < first + count; seed++) {
            try {
                property.accept(new Samples(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("fails for -Dathanor.seed=" + seed + ": " + e, e);
            }
        }
    }
}
