package io.athanor.domain.attestation;

/**
 * The table in a card's memory over which the lanes of a capacity test walk. Whoever lacks a share f of it pays about
 * {@code f · }{@value #WORDS} joins for each word that a lane reads, wherever memory would give it by one access.
 *
 * <p>A block of {@value #WORDS} words of eight bytes begins with as many inputs, each the mixed key and its number. Then, for
 * each half from {@code WORDS / 2} down to 1, every pair of words that lie so far apart becomes {@code (join(a, b),
 * join(b, a))}: a butterfly network. A word of the table thus depends on all inputs of its block, by a binary tree in which
 * nothing occurs twice: {@code WORDS − 1} joins give one word, and {@value #LAYERS} a word give all of them.
 *
 * <p>Source of the bound: take any values of the network as stored, as many as make up a share {@code 1 − f} of a block. From a
 * word drawn evenly, a path that turns evenly at each join meets each layer at an even place, so that it meets a stored value
 * with a chance of at most {@code 1 − f}; a word has {@code WORDS} paths, each to an input of its own; so on average
 * {@code f · WORDS} inputs have to be made and joined, whatever values are stored. The reads are spread over millions of
 * blocks, so that none is used for two of them. This supposes that a join has no shortcut: that of {@code a}, {@code b} and
 * {@code join(a, b)} the other input is not had by computing backwards, for which its second input is added at the end.
 *
 * <p>Not a chain of states, each from the one before: of that, every second word can be left out at the price of one
 * state for half of the reads, and 99 of a hundred for fifty.
 *
 * <p>The function of a join is a multiplication as of Vigna's xorshift64*, folded; of an input Vigna's splitmix64.
 */
public final class CapacityTable {
    /** Of a block. */
    public static final int WORDS = 4_096;

    public static final int BLOCK_BYTES = WORDS * Long.BYTES;

    /** log2 of the words. */
    public static final int LAYERS = 12;

    static final long MULTIPLIER = 0x2545F4914F6CDD1DL;
    static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int HALF_BITS = 32;

    private CapacityTable() {}

    /** Writes a whole block, as a card does. */
    static void fill(long key, long block, long[] into, int from) {
        inputs(key, block, into, from);
        for (int half = WORDS / 2; half >= 1; half /= 2) {
            for (int pair = 0; pair < WORDS / 2; pair++) {
                int at = from + ((pair & -half) << 1) + (pair & (half - 1));
                long a = into[at];
                long b = into[at + half];
                into[at] = join(a, b);
                into[at + half] = join(b, a);
            }
        }
    }

    /**
     * One word without its table, as a checker computes it, and whoever has not stored it.
     *
     * @param scratch of {@value #WORDS} words, for what is on the way
     */
    static long word(long key, long block, int index, long[] scratch) {
        inputs(key, block, scratch, 0);
        for (int half = WORDS / 2; half >= 1; half /= 2) {
            // Of each pair only the side is needed on which the word lies.
            if ((index & half) == 0) {
                for (int i = 0; i < half; i++) {
                    scratch[i] = join(scratch[i], scratch[i + half]);
                }
            } else {
                for (int i = 0; i < half; i++) {
                    scratch[i] = join(scratch[i + half], scratch[i]);
                }
            }
        }
        return scratch[0];
    }

    private static void inputs(long key, long block, long[] into, int from) {
        long first = mix(key) + (block * WORDS + 1) * GOLDEN;
        for (int i = 0; i < WORDS; i++) {
            into[from + i] = mix(first + i * GOLDEN);
        }
    }

    private static long join(long a, long b) {
        long x = (a ^ Long.rotateLeft(b, HALF_BITS)) * MULTIPLIER;
        return (x ^ (x >>> HALF_BITS)) + b;
    }

    /** The finish of splitmix64. */
    static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The block that a state chooses, by its upper half. */
    static long block(long state, int blocks) {
        return ((state >>> HALF_BITS) * blocks) >>> HALF_BITS;
    }

    /** The word in its block that a state chooses, by the bits below. */
    static int index(long state) {
        return (int) (state >>> (HALF_BITS - LAYERS)) & (WORDS - 1);
    }
}
