package io.athanor.domain.attestation;

import io.athanor.domain.hash.Hash32;
import java.util.Locale;

/**
 * What a missing share of a capacity test's table costs, on one core of a processor and by the reference: it says nothing of a
 * GPU's time. A step is a read and a state; who lacks the share f of the table computes that share of the words that it reads.
 *
 * <p>Run: {@code java -Xmx2g -cp domain/model/target/classes:domain/model/target/test-classes
 * io.athanor.domain.attestation.CapacityTableBench}.
 */
public final class CapacityTableBench {
    private static final int BLOCKS = 16_384;
    private static final int STEPS = 512;
    private static final int LANES = 4_096;
    private static final int RECOMPUTED = 8;
    private static final int[] MISSING_PERCENT = {0, 1, 5, 10, 30, 50, 70};

    private static long sink;

    private CapacityTableBench() {}

    /** Prints a table, and what a checker's part costs. */
    public static void main(String[] arguments) {
        CapacityWork work = new CapacityWork(Hash32.ZERO, "reference", LANES, STEPS, BLOCKS);
        long filling = System.nanoTime();
        long[] table = work.table();
        double wordNanos = (System.nanoTime() - filling) / ((double) BLOCKS * CapacityTable.WORDS);
        double read = 0;
        double again = 0;
        for (int warm = 0; warm < 3; warm++) {
            read = nanos(LANES, number -> work.lane(number, table)) / STEPS;
            again = nanos(RECOMPUTED, work::lane) / STEPS;
        }
        System.out.printf(
                Locale.ROOT,
                "CPU reference, one core, %d MiB of table: %.1f ns a word to fill%n",
                BLOCKS / 32,
                wordNanos);
        System.out.printf(
                Locale.ROOT,
                "a step: %.0f ns with the table, %.0f ns without, %.0f times%n",
                read,
                again,
                again / read);
        System.out.printf(
                Locale.ROOT,
                "a checker: %.1f ms a lane of %d steps, %.2f s for %d lanes%n",
                again * STEPS / 1e6,
                STEPS,
                again * STEPS * CapacityProof.SAMPLES / 1e9,
                CapacityProof.SAMPLES);
        for (int percent : MISSING_PERCENT) {
            double step = read + percent / 100.0 * again;
            System.out.printf(
                    Locale.ROOT, "%2d %% missing: %8.0f ns a step, %6.1f times%n", percent, step, step / read);
        }
        System.out.printf(Locale.ROOT, "(%d)%n", sink & 1);
    }

    private interface Lane {
        long last(int number);
    }

    private static double nanos(int lanes, Lane lane) {
        long begin = System.nanoTime();
        for (int number = 0; number < lanes; number++) {
            sink += lane.last(number);
        }
        return (System.nanoTime() - begin) / (double) lanes;
    }
}
