package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The table of a capacity test, and what it costs not to have all of it. */
class CapacityTableTest {
    private static final long KEY = 0xcad3c94162df41f3L;
    private static final int WORDS = CapacityTable.WORDS;

    /** The words were computed by a second implementation, in Python, which follows the definition by recursion. */
    @Test
    void aWordFollowsFromKeyBlockAndNumber() {
        long[] scratch = new long[WORDS];
        assertThat(Long.toHexString(CapacityTable.word(KEY, 0, 0, scratch))).isEqualTo("34ba3660a4eae348");
        assertThat(Long.toHexString(CapacityTable.word(KEY, 3, 4_095, scratch))).isEqualTo("bdb70bedc6eb37de");
        assertThat(Long.toHexString(CapacityTable.word(KEY, 1, 1_234, scratch))).isEqualTo("eb2d7ff9b43ce683");
    }

    @Test
    void aBlockHasTheWordsThatAreComputedAlone() {
        long[] table = new long[2 * WORDS];
        CapacityTable.fill(KEY, 7, table, WORDS);
        long[] scratch = new long[WORDS];
        for (int index = 0; index < WORDS; index += 13) {
            assertThat(CapacityTable.word(KEY, 7, index, scratch)).isEqualTo(table[WORDS + index]);
        }
        assertThat(Arrays.stream(table).skip(WORDS).distinct().count()).isEqualTo(WORDS);
    }

    @Test
    void aStateChoosesAnyWordOfAnyBlock() {
        Random random = new Random(5);
        int[] blocks = new int[9];
        int[] words = new int[WORDS];
        for (int i = 0; i < 400_000; i++) {
            long state = random.nextLong();
            blocks[(int) CapacityTable.block(state, blocks.length)]++;
            words[CapacityTable.index(state)]++;
        }
        assertThat(Arrays.stream(blocks).min().orElseThrow()).isGreaterThan(43_000);
        assertThat(Arrays.stream(words).min().orElseThrow()).isPositive();
    }

    /**
     * The bound: whatever values of the network are stored, an even word needs at least {@code (words − stored)} inputs on average.
     * These ways to store half of it are the obvious ones, and seeded ones.
     */
    @Test
    void halfOfTheMemoryCostsHalfABlockForEachWordWhateverIsStored() {
        long seed = 20_261_123;
        Random random = new Random(seed);
        SoftAssertions softly = new SoftAssertions();
        IntFunction<boolean[]> none = _ -> new boolean[WORDS];
        for (int layer = 1; layer <= CapacityTable.LAYERS; layer++) {
            boolean[][] even = layers(none);
            boolean[][] lower = layers(none);
            boolean[][] drawn = layers(none);
            for (int i = 0; i < WORDS / 2; i++) {
                even[layer][2 * i] = true;
                lower[layer][i] = true;
            }
            draw(random, drawn[layer], WORDS / 2);
            softly.assertThat(meanInputs(even)).as("even, layer %d", layer).isGreaterThanOrEqualTo(WORDS / 2.0);
            softly.assertThat(meanInputs(lower)).as("lower, layer %d", layer).isGreaterThanOrEqualTo(WORDS / 2.0);
            softly.assertThat(meanInputs(drawn))
                    .as("drawn by %d, layer %d", seed, layer)
                    .isGreaterThanOrEqualTo(WORDS / 2.0);
        }
        boolean[][] spread = layers(none);
        for (int i = 0; i < WORDS / 2; i++) {
            spread[1 + random.nextInt(CapacityTable.LAYERS)][random.nextInt(WORDS)] = true;
        }
        softly.assertThat(meanInputs(spread)).as("spread by %d", seed).isGreaterThanOrEqualTo(WORDS / 2.0);
        softly.assertAll();
        boolean[][] whole = layers(none);
        Arrays.fill(whole[CapacityTable.LAYERS], true);
        assertThat(meanInputs(whole)).as("who has the table makes none").isZero();
    }

    private static boolean[][] layers(IntFunction<boolean[]> layer) {
        boolean[][] all = new boolean[CapacityTable.LAYERS + 1][];
        Arrays.setAll(all, layer);
        return all;
    }

    private static void draw(Random random, boolean[] stored, int count) {
        for (int left = count; left > 0; ) {
            int at = random.nextInt(stored.length);
            left -= stored[at] ? 0 : 1;
            stored[at] = true;
        }
    }

    /** Layer 0 are the inputs, the last one is the table. */
    private static double meanInputs(boolean[][] stored) {
        long[] inputs = new long[WORDS];
        Arrays.fill(inputs, 1);
        int half = WORDS / 2;
        for (int layer = 1; layer <= CapacityTable.LAYERS; layer++, half /= 2) {
            long[] next = new long[WORDS];
            for (int i = 0; i < WORDS; i++) {
                next[i] = stored[layer][i] ? 0 : inputs[i] + inputs[i ^ half];
            }
            inputs = next;
        }
        return Arrays.stream(inputs).average().orElseThrow();
    }
}
