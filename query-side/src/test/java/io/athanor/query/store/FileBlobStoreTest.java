package io.athanor.query.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore.Use;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest {
    private static final byte[] CONTENT = "a tile of pixels".getBytes(UTF_8);
    private static final Sha256 DIGEST = Sha256.of(CONTENT);

    @TempDir
    private Path root;

    private FileBlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = new FileBlobStore(root, 100, 20);
    }

    @Test
    void keepsContentUnderItsDigest() throws IOException {
        assertThat(store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16)).isEqualTo(16);
        assertThat(root.resolve("sha256").resolve(DIGEST.hex().substring(0, 2)).resolve(DIGEST.hex()))
                .hasBinaryContent(CONTENT);
        assertThat(store.size(DIGEST)).hasValue(16L);
        try (InputStream content = store.open(DIGEST).orElseThrow()) {
            assertThat(content.readAllBytes()).isEqualTo(CONTENT);
        }
        assertThat(store.size(Sha256.of(new byte[1]))).isEmpty();
        assertThat(store.open(Sha256.of(new byte[1]))).isEmpty();
    }

    @Test
    void aSecondPutOfTheSameContentTakesNoRoom() throws IOException {
        store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16);
        store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16);
        assertThat(store.usedBytes()).isEqualTo(16);
        assertThat(files()).hasSize(1);
    }

    @Test
    void forgetsWhatIsOldAndNotNeededAndTakesItAgain() throws IOException {
        byte[] other = "another tile".getBytes(UTF_8);
        store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16);
        store.put(Use.EVIDENCE, Sha256.of(other), stream(other), 16);
        Instant now = Instant.now();
        assertThat(store.forget(now.minusSeconds(60), digest -> false)).isZero();
        assertThat(store.forget(now.plusSeconds(60), DIGEST::equals)).isEqualTo(1);
        assertThat(store.size(Sha256.of(other))).isEmpty();
        assertThat(store.size(DIGEST)).hasValue(16L);
        assertThat(store.usedBytes()).isEqualTo(16);
        store.put(Use.EVIDENCE, Sha256.of(other), stream(other), 16);
        assertThat(store.size(Sha256.of(other))).hasValue(12L);
    }

    /** Whoever sends a file again may count on it for the whole time again. */
    @Test
    void theAgeOfAFileCountsFromItsLastSender() throws IOException {
        store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16);
        Path file = root.resolve("sha256").resolve(DIGEST.hex().substring(0, 2)).resolve(DIGEST.hex());
        Instant old = Instant.now().minusSeconds(3_600);
        Files.setLastModifiedTime(file, FileTime.from(old));
        store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16);
        assertThat(store.forget(Instant.now().minusSeconds(600), digest -> false))
                .isZero();
        Files.setLastModifiedTime(file, FileTime.from(old));
        assertThat(store.forget(Instant.now().minusSeconds(600), digest -> false))
                .isEqualTo(1);
    }

    @Test
    void theSameContentFromManyAtOnceIsCountedOnce() throws Exception {
        try (ExecutorService senders = Executors.newFixedThreadPool(6)) {
            List<Future<Long>> puts = senders.invokeAll(
                    Collections.nCopies(6, () -> store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16)));
            for (Future<Long> put : puts) {
                assertThat(put.get()).isEqualTo(16);
            }
        }
        assertThat(store.usedBytes()).isEqualTo(16);
        assertThat(files()).hasSize(1);
    }

    @Test
    void refusesContentThatHashesOtherwise() throws IOException {
        Sha256 other = Sha256.of("something else".getBytes(UTF_8));
        refusedWith(Reason.MALFORMED, other, CONTENT, 16);
        assertThat(store.size(other)).isEmpty();
        assertThat(store.put(Use.EVIDENCE, other, stream("something else".getBytes(UTF_8)), 16))
                .isEqualTo(14);
    }

    @Test
    void refusesAByteMoreThanAllowedAndGivesTheRoomBack() throws IOException {
        refusedWith(Reason.TOO_LARGE, DIGEST, CONTENT, 15);
        assertThat(store.usedBytes()).isZero();
        assertThat(files()).isEmpty();
        assertThat(store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16)).isEqualTo(16);
    }

    @Test
    void refusesWhatGoesOverTheQuota() throws IOException {
        byte[] large = new byte[85];
        store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16);
        refusedWith(Reason.LIMIT_REACHED, Sha256.of(large), large, 1_000);
        byte[] fits = new byte[84];
        assertThat(store.put(Use.EVIDENCE, Sha256.of(fits), stream(fits), 1_000))
                .isEqualTo(84);
        assertThat(new FileBlobStore(root, 100, 20).usedBytes()).isEqualTo(100);
    }

    /** However much clients upload, what jobs leave is stored, and however much that is, what checkers saw. */
    @Test
    void noUseTakesWhatIsReservedFromIt() throws IOException {
        assertThat(put(Use.UPLOAD, 80)).isEqualTo(80);
        assertThat(store.room(Use.UPLOAD)).isZero();
        assertThatThrownBy(() -> put(Use.UPLOAD, 1)).isInstanceOf(Refused.class);
        assertThat(put(Use.OUTPUT, 15)).isEqualTo(15);
        assertThatThrownBy(() -> put(Use.OUTPUT, 2)).isInstanceOf(Refused.class);
        assertThat(store.room(Use.EVIDENCE)).isEqualTo(5);
        assertThat(put(Use.EVIDENCE, 5)).isEqualTo(5);
        assertThatThrownBy(() -> put(Use.EVIDENCE, 3))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.nextStep()).contains("athanor.blobs.quota-bytes"));
        assertThat(store.usedBytes()).isEqualTo(100);
    }

    private long put(Use use, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        return store.put(use, Sha256.of(content), stream(content), bytes);
    }

    @Test
    void aTornWriteLeavesNothingUnderTheDigest() throws IOException {
        InputStream broken = new FilterInputStream(stream(Arrays.copyOf(CONTENT, 5))) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                if (read < 0) {
                    throw new IOException("the connection broke");
                }
                return read;
            }
        };
        assertThatThrownBy(() -> store.put(Use.EVIDENCE, DIGEST, broken, 16)).isInstanceOf(IOException.class);
        assertThat(store.size(DIGEST)).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(store.usedBytes()).isZero();
        assertThat(store.put(Use.EVIDENCE, DIGEST, stream(CONTENT), 16)).isEqualTo(16);
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAtTheNextStart() throws IOException {
        Files.write(root.resolve("incoming").resolve("half"), new byte[7]);
        FileBlobStore next = new FileBlobStore(root, 100, 20);
        assertThat(files()).isEmpty();
        assertThat(next.usedBytes()).isZero();
    }

    private void refusedWith(Reason reason, Sha256 digest, byte[] content, long maxBytes) {
        assertThatThrownBy(() -> store.put(Use.EVIDENCE, digest, stream(content), maxBytes))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(reason));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static InputStream stream(byte[] content) {
        return new ByteArrayInputStream(content);
    }
}
