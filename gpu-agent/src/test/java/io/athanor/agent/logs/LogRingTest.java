package io.athanor.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRingTest {
    private static final int SEGMENT = 64;
    private static final int CAPACITY = 4 * SEGMENT;

    @TempDir
    Path directory;

    @Test
    void withinItsBoundNothingIsLost() throws IOException {
        try (LogRing ring = LogRing.open(directory, CAPACITY, SEGMENT)) {
            ring.write(bytes("hello "));
            ring.write(bytes("world"));
            assertThat(ring.end()).isEqualTo(11);
            assertThat(text(ring.read(0, 100))).isEqualTo("hello world");
            assertThat(text(ring.read(6, 3))).isEqualTo("wor");
            assertThat(ring.read(11, 100)).isNull();
        }
    }

    @Test
    void beyondItsBoundTheGapIsExact() throws IOException {
        try (LogRing ring = LogRing.open(directory, CAPACITY, SEGMENT)) {
            ring.write(pattern(0, 10 * SEGMENT));
            assertThat(ring.read(5, 100)).isEqualTo(new LogRing.Gap(5, 6L * SEGMENT - 5));
            LogRing.Bytes after = (LogRing.Bytes) ring.read(6L * SEGMENT, 1000);
            assertThat(after).isNotNull();
            assertThat(after.data().array()).isEqualTo(pattern(6 * SEGMENT, SEGMENT));
        }
    }

    @Test
    void anyInterleavingDeliversEachByteOnceOrCountsItAsLost() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long readTo = 0;
        long lost = 0;
        LogRing ring = LogRing.open(directory, CAPACITY, SEGMENT);
        int written = 0;
        for (int step = 0; step < 2000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    int length = random.nextInt(100);
                    ring.write(pattern(written, length));
                    written += length;
                }
                case 3 -> ring.acknowledged(readTo);
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        ring.close();
                        ring = LogRing.open(directory, CAPACITY, SEGMENT);
                    }
                }
                default -> {
                    LogRing.Piece piece = ring.read(readTo, 1 + random.nextInt(90));
                    if (piece instanceof LogRing.Gap gap) {
                        lost += gap.length();
                        readTo += gap.length();
                    } else if (piece instanceof LogRing.Bytes found) {
                        assertThat(found.data().array())
                                .as("seed %d step %d", seed, step)
                                .isEqualTo(pattern((int) readTo, found.data().limit()));
                        readTo += found.data().limit();
                    }
                }
            }
            assertThat(ring.end()).as("seed %d step %d", seed, step).isEqualTo(written);
        }
        assertThat(readTo).isPositive();
        assertThat(lost)
                .as("seed %d: the ring is small enough to lose some", seed)
                .isPositive();
        ring.close();
    }

    @Test
    void onDiskItNeverHoldsMoreThanItsCapacity() throws IOException {
        try (LogRing ring = LogRing.open(directory, CAPACITY, SEGMENT)) {
            for (int i = 0; i < 100; i++) {
                ring.write(pattern(i * 37, 37));
                assertThat(bytesOnDisk()).isLessThanOrEqualTo(CAPACITY);
            }
            ring.acknowledged(ring.end());
            assertThat(bytesOnDisk()).isLessThanOrEqualTo(SEGMENT);
        }
    }

    @Test
    void aHoleBetweenSegmentsAfterAPowerCutBecomesAGap() throws IOException {
        try (LogRing ring = LogRing.open(directory, CAPACITY, SEGMENT)) {
            ring.write(pattern(0, 3 * SEGMENT));
        }
        Files.write(directory.resolve(String.format("%020d.log", SEGMENT)), new byte[10]);
        try (LogRing ring = LogRing.open(directory, CAPACITY, SEGMENT)) {
            assertThat(ring.read(0, 10)).isEqualTo(new LogRing.Gap(0, 2L * SEGMENT));
            assertThat(ring.end()).isEqualTo(3L * SEGMENT);
        }
    }

    @Test
    void aReaderIsWokenByBytesAndByTheEnd() throws Exception {
        try (LogRing ring = LogRing.open(directory, CAPACITY, SEGMENT)) {
            Thread writer = Thread.ofVirtual().start(() -> ring.write(bytes("x")));
            assertThat(ring.awaitBytesAt(0, Duration.ofSeconds(10))).isTrue();
            writer.join();
            Thread end = Thread.ofVirtual().start(ring::finish);
            assertThat(ring.awaitBytesAt(1, Duration.ofSeconds(10))).isFalse();
            end.join();
            assertThat(ring.awaitBytesAt(1, Duration.ZERO)).isFalse();
        }
    }

    @Test
    void aRingOfOneSegmentIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> LogRing.open(directory, SEGMENT, SEGMENT));
    }

    private long bytesOnDisk() throws IOException {
        try (var files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static byte[] pattern(int offset, int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            int position = offset + i;
            data[i] = (byte) (position * 31 ^ position >>> 8);
        }
        return data;
    }

    private static String text(LogRing.@Nullable Piece piece) {
        return new String(((LogRing.Bytes) Objects.requireNonNull(piece)).data().array(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
