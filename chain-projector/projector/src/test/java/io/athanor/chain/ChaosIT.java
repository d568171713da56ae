package io.athanor.chain;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seeded crashes and reorganisations: batches, roots of withdrawals and deposits end in order, each exactly once.
 *
 * <p>{@code -Dathanor.seeds=5} runs five seeds, {@code -Dathanor.seed=…} another one.
 */
@Tag("chain")
@Tag("postgres")
class ChaosIT {
    private static final long FIRST_SEED = Long.getLong("athanor.seed", 20_260_101L);
    private static final int SEEDS = Integer.getInteger("athanor.seeds", 1);

    @Test
    void everythingEndsInOrderAndOnce() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try (Chaos chaos = new Chaos(seed)) {
                chaos.run();
            }
        }
    }
}
