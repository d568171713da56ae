package io.athanor.agent.server;

import io.athanor.agent.logs.LogRing;
import io.athanor.agent.run.Backoff;
import io.athanor.agent.run.LogShipping;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.wire.AgentProtocol.LogAccepted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends logs by offset. The server's answer, not the agent's memory, says where to go on, so neither a lost answer nor a
 * restart of either side doubles or drops a byte.
 */
public final class LogUpload implements LogShipping {
    private static final Logger LOG = LoggerFactory.getLogger(LogUpload.class);

    /** Output is gathered this long before it is sent, unless the log ended or a chunk is full. */
    private static final Duration GATHER = Duration.ofMillis(100);

    private static final int FIRST_CHUNK_BYTES = 32 << 10;
    private static final int MOST_CHUNK_BYTES = Limits.LOG_CHUNK_BYTES / 2;

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final SignedHttp http;

    public LogUpload(SignedHttp http) {
        this.http = http;
    }

    @Override
    public Shipment begin(LeaseId lease, LogRing ring) {
        Upload upload = new Upload(lease, ring);
        upload.thread.start();
        return upload;
    }

    private final class Upload implements Shipment {
        private final LeaseId lease;
        private final LogRing ring;
        private final CountDownLatch done = new CountDownLatch(1);
        private final Thread thread;

        /** Used again for every chunk: a small heap does not live with a new one of this size each time. */
        private byte[] chunk = new byte[FIRST_CHUNK_BYTES];

        Upload(LeaseId lease, LogRing ring) {
            this.lease = lease;
            this.ring = ring;
            this.thread = Thread.ofVirtual().name("log-" + lease).unstarted(this::run);
        }

        private void run() {
            Backoff backoff = new Backoff();
            long next = ring.start();
            try {
                while (ring.awaitBytesAt(next, WAIT) || !ring.finished()) {
                    gather(next);
                    try {
                        next = send(next);
                        ring.acknowledged(next);
                        backoff.reset();
                    } catch (ServerRefusal refusal) {
                        if (HttpBlobs.refusedForGood(refusal)) {
                            LOG.warn("the log of {} is not taken: {}", lease, refusal.getMessage());
                            return;
                        }
                        Thread.sleep(backoff.next());
                    } catch (IOException | UncheckedIOException notNow) {
                        LOG.debug("the log of {} waits: {}", lease, notNow.getMessage());
                        Thread.sleep(backoff.next());
                    }
                }
            } catch (InterruptedException stopping) {
                LOG.debug("the log of {} stops at {}", lease, next);
            } finally {
                done.countDown();
            }
        }

        private void gather(long next) throws InterruptedException {
            if (!ring.finished() && ring.end() - next < MOST_CHUNK_BYTES) {
                Thread.sleep(GATHER);
            }
        }

        private long send(long next) throws IOException, InterruptedException {
            grow(ring.end() - next);
            int read = ring.read(next, chunk);
            if (read == 0) {
                return next;
            }
            String path = "/agent/v1/logs/" + lease + "?offset=" + next;
            long answer = http.postBytes(path, chunk, read, LogAccepted.class).nextOffset();
            if (answer < ring.start() || answer > ring.end()) {
                throw new IOException(
                        "the server goes on at " + answer + " of a log from " + ring.start() + " to " + ring.end());
            }
            return answer;
        }

        /** Most jobs say little: only a log that is behind gets large chunks, and their memory. */
        private void grow(long waiting) {
            if (waiting > chunk.length && chunk.length < MOST_CHUNK_BYTES) {
                chunk = new byte[Math.min(chunk.length * 4, MOST_CHUNK_BYTES)];
            }
        }

        @Override
        public boolean awaitDone(Duration wait) throws InterruptedException {
            return done.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
