package io.athanor.domain.attestation;

import io.athanor.domain.common.Limits;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
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
 * its claim. Rounds are sized for simulated cards, whose reference is a processor; integers only.
 *
 * <p>Source of the round: Vigna's xorshift64*. Of the bands: 90 % of the certified capacity is its fluctuation, below 70 %
 * is an offence, as in DeepBrain Chain's grading.
 *
 * @param gpu its UUID
 * @param lanes independent chains
 * @param rounds of each
 */
public record CapacityWork(Hash32 seed, String gpu, int lanes, int rounds) {
    public static final int LANES = 64;

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
    private static final int MAX_ROUNDS = 1_000_000;
    private static final long MULTIPLIER = 0x2545F4914F6CDD1DL;

    public CapacityWork {
        if (lanes < 1 || lanes > LANES || rounds < 1 || rounds > MAX_ROUNDS || gpu.length() > Limits.NAME_CHARS) {
            throw new IllegalArgumentException("a capacity test has 1.." + LANES + " lanes and 1.." + MAX_ROUNDS
                    + " rounds, and its GPU a name of at most " + Limits.NAME_CHARS + " characters");
        }
    }

    /** What all GPUs of a machine have to do at once. */
    public static List<CapacityWork> of(Hash32 seed, Inventory inventory, Map<String, Long> modelPpm) {
        List<CapacityWork> work = new ArrayList<>();
        for (Inventory.Gpu gpu : inventory.gpus()) {
            long rounds = Math.max(1, claimOf(gpu, modelPpm) * ROUNDS_OF_ONE / WHOLE_PPM);
            work.add(new CapacityWork(seed, gpu.uuid(), LANES, (int) Math.min(rounds, MAX_ROUNDS)));
        }
        return work;
    }

    /** What a machine claims to be, in ppm of an H100; a model without a K claims what the smallest has. */
    public static long claimPpm(Inventory inventory, Map<String, Long> modelPpm) {
        return inventory.gpus().stream()
                .mapToLong(gpu -> claimOf(gpu, modelPpm))
                .sum();
    }

    private static long claimOf(Inventory.Gpu gpu, Map<String, Long> modelPpm) {
        Long k = modelPpm.get(gpu.model());
        return k != null
                ? k
                : modelPpm.values().stream().mapToLong(Long::longValue).min().orElse(WHOLE_PPM);
    }

    /** How long a card of this weight takes, in milliseconds. */
    public long cardMillis(long weightPpm) {
        return rounds * NOMINAL_MILLIS * WHOLE_PPM / (ROUNDS_OF_ONE * weightPpm);
    }

    /** The last state of a lane. */
    public long lane(int number) {
        byte[] start = Hash32.keccak(
                        seed.bytes(),
                        gpu.getBytes(StandardCharsets.UTF_8),
                        ByteBuffer.allocate(Integer.BYTES).putInt(number).array())
                .bytes();
        // Never zero, where the generator stands still.
        long x = ByteBuffer.wrap(start).getLong() | 1;
        for (int i = 0; i < rounds; i++) {
            x ^= x >>> 12;
            x ^= x << 25;
            x ^= x >>> 27;
            x *= MULTIPLIER;
        }
        return x;
    }

    /** All lanes, eight bytes each. */
    public byte[] solve() {
        ByteBuffer all = ByteBuffer.allocate(lanes * Long.BYTES);
        for (int lane = 0; lane < lanes; lane++) {
            all.putLong(lane(lane));
        }
        return all.array();
    }
}
