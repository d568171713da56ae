package io.athanor.api.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.athanor.api.files.Intake.Body;
import io.athanor.api.files.Intake.Ledger;
import io.athanor.api.files.Intake.Sender;
import io.athanor.api.files.Intake.Share;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final Sha256 DIGEST = Sha256.of(new byte[0]);

    private final AtomicLong stored = new AtomicLong();
    private final Intake intake = new Intake(new Counting());

    /** A store that reads what comes and keeps none of it. */
    private static final class Counting implements BlobStore {
        @Override
        public long put(Use use, Sha256 expected, InputStream content, long maxBytes) throws IOException {
            return content.readAllBytes().length;
        }

        @Override
        public Optional<InputStream> open(Sha256 digest) {
            return Optional.empty();
        }

        @Override
        public long forget(Instant before, Predicate<Sha256> needed) {
            return 0;
        }

        @Override
        public long room(Use use) {
            return 0;
        }

        @Override
        public Optional<Long> size(Sha256 digest) {
            return Optional.empty();
        }
    }

    private static Share share(String sender) {
        return new Share(new Sender(BlobStore.Use.UPLOAD, sender), 100, 80, "a-setting", "Send less.");
    }

    private long take(String sender, InputStream content, long bytes) throws IOException {
        Ledger ledger = new Ledger() {
            @Override
            public long othersBytes() {
                return stored.get();
            }

            @Override
            public void stored(long bytes) {
                stored.addAndGet(bytes);
            }
        };
        return intake.take(share(sender), ledger, DIGEST, new Body(content, bytes));
    }

    private static InputStream of(int bytes) {
        return new ByteArrayInputStream(new byte[bytes]);
    }

    /** Else a hundred transfers at once would each find the share empty. */
    @Test
    void whatIsOnItsWayCountsUntilItHasCome() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InputStream slow = new FilterInputStream(of(60)) {
            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                begun.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.read(buffer, from, length);
            }
        };
        CompletableFuture<Long> first = CompletableFuture.supplyAsync(() -> {
            try {
                return take("one", slow, 60);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        begun.await();
        refused(Reason.LIMIT_REACHED, of(60), 60);
        assertThat(take("another", of(60), 60)).isEqualTo(60);
        stored.set(0);
        goOn.countDown();
        assertThat(first.get()).isEqualTo(60);
        refused(Reason.LIMIT_REACHED, of(60), 60);
        assertThat(take("one", of(40), 40)).isEqualTo(40);
    }

    @Test
    void whatDoesNotSayItsSizeMayBeTheLargestFileAndLargerIsRefused() throws IOException {
        stored.set(21);
        refused(Reason.LIMIT_REACHED, of(1), -1);
        stored.set(20);
        assertThat(take("one", of(1), -1)).isEqualTo(1);
        refused(Reason.TOO_LARGE, of(81), 81);
    }

    /** Its sender reads the answer only once its bytes are gone. */
    @Test
    void aRefusedBodyIsReadToItsEnd() throws IOException {
        stored.set(100);
        InputStream content = of(80);
        refused(Reason.LIMIT_REACHED, content, 80);
        assertThat(content.read()).isNegative();
    }

    private void refused(Reason reason, InputStream content, long bytes) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> take("one", content, bytes))
                .extracting(Refused::reason)
                .isEqualTo(reason);
    }
}
