package io.athanor.domain.attestation;

import io.athanor.domain.common.Limits;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.ModelWeight;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * <p>Two forms. Simulated cards, whose reference is a processor, compute few lanes. Real cards compute
 * {@value #CARD_LANES}, each with so many words of memory that together they fill the card; a round reads and overwrites
 * one word that its state chooses, so that what the test times is the memory. Lanes know nothing of each other: a card with less
 * memory may compute them in turns, and is told by its time alone. Both answer by a {@link CapacityProof}.
 *
 * <p>Source of the round: Vigna's xorshift64*; of a card's lane: Percival's ROMix (scrypt), with the write of Argon2; of
 * its start: Vigna's splitmix64. A card's rounds are reckoned from what they move, 64 bytes each, and its fill, at about a
 * fifth of the memory rate that makers publish; no card has been measured. Of the bands: 90 % of the certified capacity is its fluctuation, below 70 %
 * is an offence, as in DeepBrain Chain's grading.
 *
 * @param gpu its UUID
 * @param lanes independent chains
 * @param rounds of each
 * @param words of eight bytes that each has in the card's memory, 0 in the form for simulated cards
 */
public record CapacityWork(Hash32 seed, String gpu, int lanes, int rounds, int words) {
    public static final int LANES = 64;

    /** Of a real card: enough that its memory is what holds it up, and few enough that each has much of it. */
    public static final int CARD_LANES = 65_536;

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
    private static final long CARD_ROUNDS_OF_ONE = 40_000;
    private static final int MAX_ROUNDS = 1_000_000;
    private static final int MAX_WORDS = 1 << 20;
    private static final long MIB = 1 << 20;
    /** The rest is the driver's. */
    private static final long FILLED_PERCENT = 85;

    private static final long MULTIPLIER = 0x2545F4914F6CDD1DL;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    public CapacityWork {
        int most = words == 0 ? LANES : CARD_LANES;
        if (lanes < 1 || lanes > most || rounds < 1 || rounds > MAX_ROUNDS || gpu.length() > Limits.NAME_CHARS) {
            throw new IllegalArgumentException("a capacity test has 1.." + most + " lanes and 1.." + MAX_ROUNDS
                    + " rounds, and its GPU a name of at most " + Limits.NAME_CHARS + " characters");
        }
        if (words < 0 || words > MAX_WORDS) {
            throw new IllegalArgumentException("a card's lane has 1.." + MAX_WORDS + " words");
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
                            ? new CapacityWork(seed, gpu.uuid(), LANES, rounds(claim, ROUNDS_OF_ONE))
                            : new CapacityWork(
                                    seed, gpu.uuid(), CARD_LANES, rounds(claim, CARD_ROUNDS_OF_ONE), wordsOf(gpu)));
        }
        return work;
    }

    private static int rounds(long claimPpm, long ofOne) {
        return Math.clamp(claimPpm * ofOne / WHOLE_PPM, 1, MAX_ROUNDS);
    }

    private static int wordsOf(Inventory.Gpu gpu) {
        long bytes = gpu.memoryMib() * MIB / 100 * FILLED_PERCENT;
        return Math.clamp(bytes / CARD_LANES / Long.BYTES, 1, MAX_WORDS);
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
        return words > 0 ? cardLane(number) : simulatedLane(number);
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

    private long cardLane(int number) {
        long[] memory = new long[words];
        long x = mix(key() + ((number + 1L) * GOLDEN)) | 1;
        for (int i = 0; i < words; i++) {
            memory[i] = x;
            x = next(x);
        }
        for (int i = 0; i < rounds; i++) {
            int at = (int) (((x >>> 32) * words) >>> 32);
            x = next(x ^ memory[at]);
            memory[at] = x;
        }
        return x;
    }

    private static long first(byte[]... parts) {
        return ByteBuffer.wrap(Hash32.keccak(parts).bytes()).getLong();
    }

    private static long next(long state) {
        long x = state ^ (state >>> 12);
        x ^= x << 25;
        x ^= x >>> 27;
        return x * MULTIPLIER;
    }

    private static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** All lanes, eight bytes each, big-endian. */
    public byte[] solve() {
        ByteBuffer all = ByteBuffer.allocate(lanes * Long.BYTES);
        for (int number = 0; number < lanes; number++) {
            all.putLong(lane(number));
        }
        return all.array();
    }

    /** Eight bytes a lane, big-endian. */
    public static byte[] bytes(long[] lanes) {
        ByteBuffer all = ByteBuffer.allocate(lanes.length * Long.BYTES);
        all.asLongBuffer().put(lanes);
        return all.array();
    }
}
