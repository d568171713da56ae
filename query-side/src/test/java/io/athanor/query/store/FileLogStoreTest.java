package io.athanor.query.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.LeaseId;
import io.athanor.query.testing.Ids;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogStoreTest {
    private static final LeaseId LEASE = Ids.job(1).task(3).lease(2);
    private static final int QUOTA = 200;

    @TempDir
    private Path root;

    private FileLogStore store;

    @BeforeEach
    void open() {
        store = new FileLogStore(root, QUOTA);
    }

    @Test
    void appendsAndReadsByOffset() throws IOException {
        assertThat(store.size(LEASE)).isZero();
        assertThat(store.read(LEASE, 0, 10)).isEmpty();
        assertThat(append(0, "hello ")).isEqualTo(6);
        assertThat(append(6, "world")).isEqualTo(11);
        assertThat(text(0, 100)).isEqualTo("hello world");
        assertThat(text(6, 3)).isEqualTo("wor");
        assertThat(text(11, 3)).isEmpty();
        assertThat(text(99, 3)).isEmpty();
        assertThat(root.resolve(LEASE.task().job().toString()).resolve(LEASE + ".log"))
                .hasContent("hello world");
    }

    @Test
    void aResendDuplicatesNothing() throws IOException {
        append(0, "hello ");
        assertThat(append(0, "hello ")).isEqualTo(6);
        assertThat(append(3, "lo world")).isEqualTo(11);
        assertThat(append(0, "hel")).isEqualTo(11);
        assertThat(text(0, 100)).isEqualTo("hello world");
    }

    @Test
    void aMissingPartIsAskedFor() throws IOException {
        append(0, "hello ");
        assertThat(append(9, "ld")).isEqualTo(6);
        assertThat(text(0, 100)).isEqualTo("hello ");
        assertThat(append(6, "world")).isEqualTo(11);
    }

    @Test
    void aTornWriteIsTakenUpWhereItBroke() throws IOException {
        append(0, "hello world");
        Path file = root.resolve(LEASE.task().job().toString()).resolve(LEASE + ".log");
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.WRITE)) {
            log.truncate(4);
        }
        FileLogStore next = new FileLogStore(root, QUOTA);
        assertThat(next.append(LEASE, 11, "!".getBytes(UTF_8))).isEqualTo(4);
        assertThat(next.append(LEASE, 0, "hello world!".getBytes(UTF_8))).isEqualTo(12);
        assertThat(new String(next.read(LEASE, 0, 100), UTF_8)).isEqualTo("hello world!");
    }

    @Test
    void atTheQuotaALogEndsWithTheMarkerAndTakesNoMore() throws IOException {
        int room = QUOTA - FileLogStore.MARKER.length();
        assertThat(append(0, "x".repeat(room - 1))).isEqualTo(room - 1);
        assertThat(append(room - 1, "yyyy")).isEqualTo(room + 3);
        assertThat(store.size(LEASE)).isEqualTo(QUOTA);
        assertThat(text(room - 2, 1_000)).isEqualTo("xy" + FileLogStore.MARKER);
        assertThat(append(room + 3, "more")).isEqualTo(room + 7);
        assertThat(append(5_000, "more")).isEqualTo(5_004);
        assertThat(store.size(LEASE)).isEqualTo(QUOTA);
        assertThat(text(0, 1_000)).hasSize(QUOTA).endsWith(FileLogStore.MARKER);
    }

    @Test
    void exactlyTheRoomBeforeTheMarkerIsNoOverflow() throws IOException {
        int room = QUOTA - FileLogStore.MARKER.length();
        assertThat(append(0, "x".repeat(room))).isEqualTo(room);
        assertThat(text(0, 1_000)).isEqualTo("x".repeat(room));
    }

    @Test
    void refusesAnOffsetBelowZero() {
        assertThatThrownBy(() -> append(-1, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void resendsFromSeveralThreadsStoreEachByteOnce() throws Exception {
        List<Callable<Long>> sends = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sends.add(() -> append(0, "0123456789".repeat(10)));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (var sent : threads.invokeAll(sends)) {
                assertThat(sent.get()).isEqualTo(100);
            }
        }
        assertThat(text(0, 1_000)).isEqualTo("0123456789".repeat(10));
    }

    private long append(long offset, String text) throws IOException {
        return store.append(LEASE, offset, text.getBytes(UTF_8));
    }

    private String text(long offset, int maxBytes) throws IOException {
        return new String(store.read(LEASE, offset, maxBytes), UTF_8);
    }
}
