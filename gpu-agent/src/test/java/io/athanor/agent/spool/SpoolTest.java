package io.athanor.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final long BOUND = 1 << 16;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("spool");
    }

    @Test
    void keepsWhatWasAppendedAcrossARestart() throws IOException {
        write("one", "two");
        write("three");
        assertThat(read()).containsExactly("one", "two", "three");
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
    }

    @Test
    void aTornTailIsDroppedWhereverTheCrashCutItAndWritingGoesOn() throws IOException {
        write("one", "two");
        long before = Files.size(file);
        write("three");
        byte[] whole = Files.readAllBytes(file);
        for (int cut = (int) before; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            write("four");
            assertThat(read()).as("cut at byte %d", cut).containsExactly("one", "two", "four");
        }
    }

    @Test
    void aFlippedBitEndsTheHistoryBeforeItsFrame() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        write("one", "two", "six");
        byte[] whole = Files.readAllBytes(file);
        int frameBytes = whole.length / 3;
        for (int i = 0; i < 100; i++) {
            byte[] broken = whole.clone();
            int at = random.nextInt(broken.length);
            broken[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, broken);
            assertThat(read())
                    .as("seed %d, byte %d", seed, at)
                    .isEqualTo(List.of("one", "two", "six").subList(0, at / frameBytes));
        }
    }

    @Test
    void aFullSpoolRefusesAndStopsTakingWorkBeforeThat() throws IOException {
        try (Spool spool = Spool.open(file, 1000).spool()) {
            assertThat(spool.roomForNewWork()).isTrue();
            spool.append(new byte[752]);
            assertThat(spool.roomForNewWork()).isFalse();
            spool.append(new byte[200]);
            assertThatThrownBy(() -> spool.append(new byte[200])).isInstanceOf(SpoolFull.class);
            spool.compact(List.of(new byte[10]));
            assertThat(spool.roomForNewWork()).isTrue();
            spool.append(new byte[200]);
        }
    }

    @Test
    void compactionKeepsTheLiveFramesAndTheFileStaysUsable() throws IOException {
        try (Spool spool = Spool.open(file, BOUND).spool()) {
            for (int i = 0; i < 200; i++) {
                spool.append(new byte[64]);
            }
            assertThat(spool.worthCompacting()).isTrue();
            spool.compact(List.of(bytes("alive"), bytes("well")));
            assertThat(spool.worthCompacting()).isFalse();
            spool.append(bytes("after"));
        }
        assertThat(read()).containsExactly("alive", "well", "after");
    }

    @Test
    void aCrashInTheMiddleOfACompactionKeepsTheOldFile() throws IOException {
        write("one");
        Files.writeString(directory.resolve("spool.next"), "half a file");
        assertThat(read()).containsExactly("one");
        try (Spool spool = Spool.open(file, BOUND).spool()) {
            spool.compact(List.of(bytes("new")));
        }
        assertThat(read()).containsExactly("new");
    }

    @Test
    void frameSizesAreBounded() throws IOException {
        try (Spool spool = Spool.open(file, 1 << 24).spool()) {
            assertThatIllegalArgumentException().isThrownBy(() -> spool.append(new byte[0]));
            assertThatIllegalArgumentException().isThrownBy(() -> spool.append(new byte[Spool.MAX_FRAME_BYTES + 1]));
            spool.append(new byte[Spool.MAX_FRAME_BYTES]);
        }
    }

    @Test
    void aWriterThatIsInterruptedInTheMiddleNeitherLosesItsFrameNorClosesTheFile() throws Exception {
        try (Spool spool = Spool.open(file, 1 << 20).spool()) {
            AtomicInteger written = new AtomicInteger();
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 60; i++) {
                    spool.append(bytes("frame " + i));
                    if (i == 40) {
                        spool.compact(List.of(bytes("compacted")));
                    }
                    written.incrementAndGet();
                }
            });
            while (writer.isAlive()) {
                writer.interrupt();
                Thread.onSpinWait();
            }
            assertThat(written).hasValue(60);
            spool.append(bytes("after"));
        }
        assertThat(read())
                .startsWith("compacted", "frame 41")
                .endsWith("frame 59", "after")
                .hasSize(21);
    }

    @Test
    void onlyOneAgentHoldsASpool() throws IOException {
        Spool holder = Spool.open(file, BOUND).spool();
        assertThatThrownBy(() -> Spool.open(file, BOUND)).hasMessageContaining("another agent is using");
        holder.compact(List.of(bytes("kept")));
        assertThatThrownBy(() -> Spool.open(file, BOUND)).hasMessageContaining("another agent is using");
        holder.close();
        assertThat(read()).containsExactly("kept");
    }

    private void write(String... texts) throws IOException {
        try (Spool spool = Spool.open(file, BOUND).spool()) {
            for (String text : texts) {
                spool.append(bytes(text));
            }
        }
    }

    private List<String> read() throws IOException {
        Spool.Opened opened = Spool.open(file, BOUND);
        opened.spool().close();
        List<String> texts = new ArrayList<>();
        opened.frames().forEach(frame -> texts.add(new String(frame, StandardCharsets.UTF_8)));
        return texts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
