package io.athanor.agent;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How fast the disk under the data folder takes what jobs write.
 *
 * @param writeMbPerSecond one large file, until it is on the disk
 * @param syncMicros the median of small writes that are forced to the disk, which every step of a lease waits for
 */
record DiskSpeed(long writeMbPerSecond, long syncMicros) {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int BLOCKS = 128;
    private static final int SYNCS = 21;
    private static final long NANOS_PER_MICRO = 1_000;

    /** Writes 128 MiB into a file of its own, which is removed again. */
    static DiskSpeed measure(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "speed", ".tmp");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            return new DiskSpeed(write(out), sync(out));
        } finally {
            Files.delete(file);
        }
    }

    private static long write(RandomAccessFile out) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        long begin = System.nanoTime();
        for (int i = 0; i < BLOCKS; i++) {
            out.write(block);
        }
        out.getFD().sync();
        return (long) BLOCK_BYTES * BLOCKS / Math.max(1, (System.nanoTime() - begin) / NANOS_PER_MICRO);
    }

    private static long sync(RandomAccessFile out) throws IOException {
        long[] micros = new long[SYNCS];
        for (int i = 0; i < SYNCS; i++) {
            long begin = System.nanoTime();
            out.write(i);
            out.getFD().sync();
            micros[i] = (System.nanoTime() - begin) / NANOS_PER_MICRO;
        }
        Arrays.sort(micros);
        return micros[SYNCS / 2];
    }
}
