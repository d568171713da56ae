package io.athanor.api.relay;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One direction of a stream: bytes by offset, in a bounded buffer. A writer that repeats itself changes nothing, a reader
 * that repeats itself gets the same bytes, and asking from an offset on frees what lies before. Where there is no room the
 * writer waits, so that a slow reader slows it.
 */
final class RelayPipe {
    /** Most bytes that lie here. */
    static final int BYTES = 256 << 10;

    /** Its holder keeps everybody else where they are. */
    final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private byte[] held = new byte[0];
    private long start;
    private boolean ended;

    /** Bytes of the stream, and whether none follows them. */
    static final class Piece {
        private final byte[] bytes;
        private final boolean end;

        private Piece(byte[] bytes, boolean end) {
            this.bytes = bytes;
            this.end = end;
        }

        byte[] bytes() {
            return bytes.clone();
        }

        boolean end() {
            return end;
        }
    }

    /**
     * Takes what is new of these bytes and finds room.
     *
     * @param last no byte follows
     * @return the offset to go on at
     */
    long write(long offset, byte[] bytes, boolean last, Duration patience) {
        lock.lock();
        try {
            Refused.unless(
                    offset >= 0 && offset <= reached(),
                    Reason.MALFORMED,
                    "the stream goes on at " + reached() + " in this way");
            awaitRoom(offset + bytes.length, patience);
            // The same bytes may have come in another request meanwhile: who waits gives the lock away.
            int known = (int) Math.min(bytes.length, reached() - offset);
            int some = ended ? 0 : Math.min(bytes.length - known, BYTES - held.length);
            append(bytes, known, some);
            if (last && known + some == bytes.length) {
                ended = true;
            }
            changed.signalAll();
            return reached();
        } finally {
            lock.unlock();
        }
    }

    /** Where the bytes up to this offset are not all here yet. */
    private void awaitRoom(long until, Duration patience) {
        long left = patience.toNanos();
        try {
            while (until > reached() && held.length == BYTES && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitBytes(Duration patience) {
        long left = patience.toNanos();
        try {
            while (held.length == 0 && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(byte[] bytes, int from, int count) {
        byte[] more = Arrays.copyOf(held, held.length + count);
        System.arraycopy(bytes, from, more, held.length, count);
        held = more;
    }

    /** Waits for bytes from this offset on, or for the end; frees what lies before. */
    Piece read(long offset, Duration patience) {
        lock.lock();
        try {
            requireHere(offset);
            held = Arrays.copyOfRange(held, (int) (offset - start), held.length);
            start = offset;
            changed.signalAll();
            awaitBytes(patience);
            // Another reader may have gone on meanwhile, and what lies here now is not what was asked for.
            requireHere(offset);
            return new Piece(held.clone(), ended);
        } finally {
            lock.unlock();
        }
    }

    private void requireHere(long offset) {
        Refused.unless(
                offset >= start && offset <= reached(),
                Reason.MALFORMED,
                "the stream lies here from " + start + " to " + reached());
    }

    /** No byte follows. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No byte follows, and those that lie here go. */
    void discard() {
        lock.lock();
        try {
            start = reached();
            held = new byte[0];
            end();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that lie here. */
    int bytes() {
        lock.lock();
        try {
            return held.length;
        } finally {
            lock.unlock();
        }
    }

    /** Offset behind the last byte. */
    private long reached() {
        return start + held.length;
    }
}
