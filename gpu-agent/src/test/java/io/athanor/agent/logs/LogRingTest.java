package io.athanor.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.athanor.domain.common.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRingTest {
    private static final int SEGMENT = 256;
    private static final int RING = 8 * SEGMENT;
    private static final LogRing.Bounds BOUNDS = new LogRing.Bounds(RING, SEGMENT, Long.MAX_VALUE / 2);
    private static final Pattern GAP = Pattern.compile("\n\\[athanor] LOG_GAP bytes=(\\d+)\n");

    @TempDir
    Path directory;

    @Test
    void withinItsBoundNothingIsLost() throws IOException {
        try (LogRing ring = LogRing.open(directory, BOUNDS)) {
            ring.write(bytes("hello "));
            ring.write(bytes("world"));
            assertThat(ring.end()).isEqualTo(11);
            assertThat(text(ring.read(0, 100))).isEqualTo("hello world");
            assertThat(text(ring.read(6, 3))).isEqualTo("wor");
            assertThat(ring.read(11, 100)).isEmpty();
            assertThat(ring.digest()).isEqualTo(Sha256.of(bytes("hello world")));
        }
    }

    @Test
    void beyondItsBoundTheGapIsExact() throws IOException {
        try (LogRing ring = LogRing.open(directory, BOUNDS)) {
            for (int i = 0; i < 100; i++) {
                ring.write(stream(i * 100, 100));
            }
            ring.finish();
            Kept kept = parse(readAll(ring, 0));
            assertThat(kept.payload).isEqualTo(kept.payloadExpected).hasSize(1900);
            assertThat(kept.lost).isEqualTo(10_000 - 1900);
        }
    }

    @Test
    void anyInterleavingKeepsEachByteInItsPlaceOrCountsIt() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        LogRing ring = LogRing.open(directory, BOUNDS);
        int written = 0;
        for (int step = 0; step < 3000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    int length = random.nextInt(120);
                    ring.write(stream(written, length));
                    written += length;
                }
                case 3 -> ring.acknowledged(received.size());
                case 4, 5 -> received.writeBytes(ring.read(received.size(), 1 + random.nextInt(90)));
                default -> assertThat(bytesOnDisk()).as("seed %d", seed).isLessThanOrEqualTo(RING + 2L * SEGMENT);
            }
        }
        ring.finish();
        received.writeBytes(readAll(ring, received.size()));
        ring.close();
        Kept kept = parse(received.toByteArray());
        assertThat(kept.payload).as("seed %d", seed).isEqualTo(kept.payloadExpected);
        assertThat(kept.payload.length() + kept.lost).as("seed %d", seed).isEqualTo(written);
        assertThat(kept.lost)
                .as("seed %d: the ring is small enough to lose some", seed)
                .isPositive();
        assertThat(ring.digest()).as("seed %d", seed).isEqualTo(Sha256.of(received.toByteArray()));
    }

    @Test
    void aRestartKeepsOffsetsAndDigest() throws IOException {
        try (LogRing ring = LogRing.open(directory, BOUNDS)) {
            ring.write(stream(0, 300));
        }
        try (LogRing ring = LogRing.open(directory, BOUNDS)) {
            assertThat(ring.end()).isEqualTo(300);
            ring.write(stream(300, 300));
            assertThat(readAll(ring, 0)).isEqualTo(stream(0, 600));
            assertThat(ring.digest()).isEqualTo(Sha256.of(stream(0, 600)));
        }
    }

    @Test
    void whatWasFreedBeforeARestartCannotBeDigestedAndThatIsSaid() throws IOException {
        try (LogRing ring = LogRing.open(directory, BOUNDS)) {
            for (int i = 0; i < 40; i++) {
                ring.write(stream(i * 100, 100));
                ring.acknowledged(ring.end());
            }
            assertThat(ring.digest()).isEqualTo(Sha256.of(stream(0, 4000)));
        }
        try (LogRing ring = LogRing.open(directory, BOUNDS)) {
            assertThat(ring.digest()).isNull();
            assertThat(ring.start()).isPositive();
            assertThat(ring.end()).isEqualTo(4000);
        }
    }

    @Test
    void theWholeLogIsBounded() throws IOException {
        try (LogRing ring = LogRing.open(directory, new LogRing.Bounds(RING, SEGMENT, 1000))) {
            for (int i = 0; i < 40; i++) {
                ring.write(stream(i * 100, 100));
                ring.acknowledged(ring.end());
            }
            ring.finish();
            Kept kept = parse(readAll(ring, 0));
            assertThat(kept.payload).isEqualTo(kept.payloadExpected).hasSize(800);
            assertThat(kept.lost).isEqualTo(3200);
            assertThat(ring.end()).isLessThanOrEqualTo(1000);
        }
    }

    @Test
    void aReaderIsWokenByBytesAndByTheEnd() throws Exception {
        try (LogRing ring = LogRing.open(directory, BOUNDS)) {
            Thread writer = Thread.ofVirtual().start(() -> ring.note("x"));
            assertThat(ring.awaitBytesAt(0, Duration.ofSeconds(10))).isTrue();
            writer.join();
            assertThat(text(ring.read(0, 100))).isEqualTo("[athanor] x\n");
            Thread end = Thread.ofVirtual().start(ring::finish);
            assertThat(ring.awaitBytesAt(ring.end(), Duration.ofSeconds(10))).isFalse();
            end.join();
            assertThat(ring.finished()).isTrue();
        }
    }

    @Test
    void aRingOfOneSegmentIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LogRing.Bounds(SEGMENT, SEGMENT, 1 << 20));
    }

    private record Kept(String payload, String payloadExpected, long lost) {}

    /** Splits a log at its marks; what is expected at each place follows from how much was written before it. */
    private static Kept parse(byte[] log) {
        String text = text(log);
        StringBuilder payload = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        Matcher gaps = GAP.matcher(text);
        int from = 0;
        int position = 0;
        long lost = 0;
        while (from <= text.length()) {
            boolean gap = gaps.find(from);
            int to = gap ? gaps.start() : text.length();
            payload.append(text, from, to);
            expected.append(text(stream(position, to - from)));
            position += to - from;
            if (!gap) {
                break;
            }
            long bytes = Long.parseLong(gaps.group(1));
            lost += bytes;
            position += (int) bytes;
            from = gaps.end();
        }
        return new Kept(payload.toString(), expected.toString(), lost);
    }

    private static byte[] readAll(LogRing ring, long from) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = ring.read(from, 100);
        while (piece.length > 0) {
            all.writeBytes(piece);
            piece = ring.read(from + all.size(), 100);
        }
        return all.toByteArray();
    }

    private long bytesOnDisk() throws IOException {
        try (var files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** What the job writes: its byte at a position, always a letter. */
    private static byte[] stream(int offset, int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            int position = offset + i;
            data[i] = (byte) ('a' + (position * 31 + (position >>> 8)) % 26);
        }
        return data;
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
