package io.athanor.domain.attestation;

import io.athanor.domain.common.Limits;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.ModelWeight;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One GPU's part of a capacity test: the seeded kernel, how much of it a model owes, and what its time says.
 *
 * <p>Invariants: a lane follows from seed, GPU and its number alone, each of its rounds from the one before, so that nobody
 * has it sooner than by computing it, and whoever knows the seed can compute any lane again. What a GPU owes grows with its
 * model's K, so that every model that is what it claims takes {@link #NOMINAL_MILLIS}. A machine is never measured above
 * its claim. Integers only.
 *
 * <p>Two forms. Simulated cards, whose reference is a processor, compute few lanes without memory. Real cards first fill a
 * {@link CapacityTable} that takes their memory, and then walk over it with {@value #CARD_LANES} lanes; each step reads the one
 * word of the whole table that the lane's state chooses. Who lacks a share f of the table makes each step of it by
 * {@code f · }{@value CapacityTable#WORDS} joins on average; who gives a wrong word instead has a wrong lane from there on. Both
 * answer by a {@link CapacityProof}.
 *
 * <p>The arithmetic for an H100, none of it measured on a card. It owes 512 steps of 2²⁰ lanes, 5.4·10⁸ reads. A checker makes
 * 136 lanes again, each by {@code 512 · 4096} inputs and as many joins: 2.9·10⁸, about a second of one core. Who lacks the share f
 * makes {@code f · 2.2·10¹²} of them, at about 29 operations of 32 bits; a card with 132 · 64 of these a cycle at 1.7 GHz
 * takes {@code f · 4.4} s longer. The table itself costs 12 joins and an input a word, about 120 operations, or 75 ms of 80 GB.
 *
 * <p>Source of the round: Vigna's xorshift64*; of a lane's start: Vigna's splitmix64; of the table, see there. Of the bands: 90 %
 * of the certified capacity is its fluctuation, below 70 % is an offence, as in DeepBrain Chain's grading.
 *
 * @param gpu its UUID
 * @param lanes independent chains
 * @param rounds of each
 * @param blocks of the table in the card's memory, 0 in the form for simulated cards
 */
public record CapacityWork(Hash32 seed, String gpu, int lanes, int rounds, int blocks) {
    public static final int LANES = 64;

    /** Of a real card: what a missing share of its memory costs grows with them, and what a checker does again does not. */
    public static final int CARD_LANES = 1 << 20;

    /** What the work of any model takes where the claim is true. */
    public static final long NOMINAL_MILLIS = 400;

    /** From this share of the claim on the machine has what it claims; below {@code offence} it is other hardware. */
    public enum Band {
        HARDWARE(90, 70),
        /** A simulated card shares its processor with everything else, so only a lie by a multiple is told from noise. */
        SIMULATED(30, 30);

        private final long fullPercent;
        private final long offencePercent;

        Band(long fullPercent, long offencePercent) {
            this.fullPercent = fullPercent;
            this.offencePercent = offencePercent;
        }

        /** Of a machine with this inventory. */
        public static Band of(Inventory inventory) {
            return inventory.simulated() ? SIMULATED : HARDWARE;
        }

        /**
         * What a machine has, in ppm of an H100, when all its GPUs together took so long for what its claim owes.
         *
         * @param micros on the checker's clock, less one round trip
         */
        public long measuredPpm(long claimPpm, long micros) {
            long nominal = NOMINAL_MILLIS * 1_000;
            long measured = claimPpm * nominal / Math.max(nominal, micros);
            return measured * 100 >= claimPpm * fullPercent ? claimPpm : measured;
        }

        /** Whether a machine that was measured so is other hardware than it claims. */
        public boolean isOffence(long claimPpm, long measuredPpm) {
            return measuredPpm * 100 < claimPpm * offencePercent;
        }
    }

    private static final long WHOLE_PPM = 1_000_000;
    private static final long ROUNDS_OF_ONE = 8_000;
    private static final long CARD_ROUNDS_OF_ONE = 512;
    private static final int MAX_ROUNDS = 1_000_000;
    /** What a checker does again grows with them. */
    private static final int MAX_CARD_ROUNDS = 4_096;

    /** 256 GiB. */
    private static final int MAX_BLOCKS = 1 << 23;

    private static final long MIB = 1 << 20;
    /** The rest is the driver's. */
    private static final long FILLED_PERCENT = 85;

    public CapacityWork {
        int mostLanes = blocks == 0 ? LANES : CARD_LANES;
        int mostRounds = blocks == 0 ? MAX_ROUNDS : MAX_CARD_ROUNDS;
        if (lanes < 1 || lanes > mostLanes || rounds < 1 || rounds > mostRounds || gpu.length() > Limits.NAME_CHARS) {
            throw new IllegalArgumentException("a capacity test has 1.." + mostLanes + " lanes and 1.." + mostRounds
                    + " rounds, and its GPU a name of at most " + Limits.NAME_CHARS + " characters");
        }
        if (blocks < 0 || blocks > MAX_BLOCKS) {
            throw new IllegalArgumentException("a card's table has 1.." + MAX_BLOCKS + " blocks");
        }
    }

    /** In the form for simulated cards. */
    public CapacityWork(Hash32 seed, String gpu, int lanes, int rounds) {
        this(seed, gpu, lanes, rounds, 0);
    }

    /** What all GPUs of a machine have to do at once. */
    public static List<CapacityWork> of(Hash32 seed, Inventory inventory, Map<String, Long> modelPpm) {
        List<CapacityWork> work = new ArrayList<>();
        for (Inventory.Gpu gpu : inventory.gpus()) {
            long claim = claimOf(gpu, modelPpm);
            work.add(
                    inventory.simulated()
                            ? new CapacityWork(seed, gpu.uuid(), LANES, rounds(claim, ROUNDS_OF_ONE, MAX_ROUNDS))
                            : new CapacityWork(
                                    seed,
                                    gpu.uuid(),
                                    CARD_LANES,
                                    rounds(claim, CARD_ROUNDS_OF_ONE, MAX_CARD_ROUNDS),
                                    blocksOf(gpu)));
        }
        return work;
    }

    private static int rounds(long claimPpm, long ofOne, int most) {
        return Math.clamp(claimPpm * ofOne / WHOLE_PPM, 1, most);
    }

    private static int blocksOf(Inventory.Gpu gpu) {
        long bytes = gpu.memoryMib() * MIB / 100 * FILLED_PERCENT;
        return Math.clamp(bytes / CapacityTable.BLOCK_BYTES, 1, MAX_BLOCKS);
    }

    /** What a machine claims to be, in ppm of an H100; a model without a K claims what the smallest has. */
    public static long claimPpm(Inventory inventory, Map<String, Long> modelPpm) {
        return inventory.gpus().stream()
                .mapToLong(gpu -> claimOf(gpu, modelPpm))
                .sum();
    }

    private static long claimOf(Inventory.Gpu gpu, Map<String, Long> modelPpm) {
        Long k = ModelWeight.of(gpu.model(), modelPpm);
        return k != null
                ? k
                : modelPpm.values().stream().mapToLong(Long::longValue).min().orElse(WHOLE_PPM);
    }

    /** How long a card of this weight takes, in milliseconds. */
    public long cardMillis(long weightPpm) {
        return rounds * NOMINAL_MILLIS * WHOLE_PPM / (ROUNDS_OF_ONE * weightPpm);
    }

    /** What a card's lanes start from; a processor gives it to the card, which has no hash. */
    public long key() {
        return first(seed.bytes(), gpu.getBytes(StandardCharsets.UTF_8));
    }

    /** The last state of a lane. */
    public long lane(int number) {
        return blocks > 0 ? cardLane(number) : simulatedLane(number);
    }

    private long simulatedLane(int number) {
        long x = first(
                        seed.bytes(),
                        gpu.getBytes(StandardCharsets.UTF_8),
                        ByteBuffer.allocate(Integer.BYTES).putInt(number).array())
                // Never zero, where the generator stands still.
                | 1;
        for (int i = 0; i < rounds; i++) {
            x = next(x);
        }
        return x;
    }

    /** Without the table, as a checker computes it. */
    private long cardLane(int number) {
        long key = key();
        long[] scratch = new long[CapacityTable.WORDS];
        long x = start(key, number);
        for (int i = 0; i < rounds; i++) {
            x = next(x ^ CapacityTable.word(key, CapacityTable.block(x, blocks), CapacityTable.index(x), scratch));
        }
        return x;
    }

    /** Over this table, as a card computes it. */
    long lane(int number, long[] table) {
        long x = start(key(), number);
        for (int i = 0; i < rounds; i++) {
            x = next(x ^ table[(int) CapacityTable.block(x, blocks) * CapacityTable.WORDS + CapacityTable.index(x)]);
        }
        return x;
    }

    /** The whole table. Error: {@link ArithmeticException} where it is larger than an array. */
    long[] table() {
        long[] table = new long[Math.multiplyExact(blocks, CapacityTable.WORDS)];
        for (int block = 0; block < blocks; block++) {
            CapacityTable.fill(key(), block, table, block * CapacityTable.WORDS);
        }
        return table;
    }

    private static long start(long key, int number) {
        return CapacityTable.mix(key + (number + 1) * CapacityTable.GOLDEN) | 1;
    }

    private static long first(byte[]... parts) {
        return ByteBuffer.wrap(Hash32.keccak(parts).bytes()).getLong();
    }

    private static long next(long state) {
        long x = state ^ (state >>> 12);
        x ^= x << 25;
        x ^= x >>> 27;
        return x * CapacityTable.MULTIPLIER;
    }

    /** All lanes, eight bytes each, big-endian; of a card's, by its whole table. */
    public byte[] solve() {
        long[] all = new long[lanes];
        if (blocks > 0) {
            long[] table = table();
            Arrays.setAll(all, number -> lane(number, table));
        } else {
            Arrays.setAll(all, this::lane);
        }
        return bytes(all);
    }

    /** Eight bytes a lane, big-endian. */
    public static byte[] bytes(long[] lanes) {
        ByteBuffer all = ByteBuffer.allocate(lanes.length * Long.BYTES);
        all.asLongBuffer().put(lanes);
        return all.array();
    }
}
