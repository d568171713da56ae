package io.athanor.agent.logs;

import io.athanor.domain.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job's output on its way to the network, in a bounded ring of segment files. The writer never waits for a reader, so a
 * job is never stalled by an unreachable network: what finds no room is counted and, as soon as there is room again,
 * stands in the log as the line {@code [athanor] LOG_GAP bytes=N}. Offsets therefore count the bytes of the log as kept,
 * are without holes, and never change their meaning.
 *
 * <p>Survives a kill of the agent: the segments' names and sizes are all its state. One writer, several readers.
 */
public final class LogRing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogRing.class);
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

    /** Room that is kept free for the line that counts what was lost. */
    private static final int MARK_BYTES = 128;

    private final Path directory;
    private final Bounds bounds;

    /** First offset → file; the last one is being written. */
    private final TreeMap<Long, Path> segments = new TreeMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LogDigest digest = new LogDigest();

    /** No channel, which an interrupt of whoever writes a note would close. */
    private @Nullable RandomAccessFile writing;

    private long end;
    private long acknowledged;
    private long lost;
    private boolean finished;

    private LogRing(Path directory, Bounds bounds) {
        this.directory = directory;
        this.bounds = bounds;
    }

    /**
     * @param ringBytes most bytes on disk, at least two segments
     * @param segmentBytes size of one file
     * @param logBytes most bytes of the whole log; what comes later is counted as lost
     */
    public record Bounds(long ringBytes, int segmentBytes, long logBytes) {
        public Bounds {
            if (ringBytes < 2L * segmentBytes || segmentBytes < MARK_BYTES) {
                throw new IllegalArgumentException("a ring holds two segments of at least " + MARK_BYTES + " bytes");
            }
        }
    }

    /** Opens the ring that lies in {@code directory}, or makes one. */
    public static LogRing open(Path directory, Bounds bounds) throws IOException {
        Files.createDirectories(directory);
        LogRing ring = new LogRing(directory, bounds);
        ring.recover();
        return ring;
    }

    private void recover() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> SEGMENT.matcher(file.getFileName().toString()).matches())
                    .forEach(file -> segments.put(offsetOf(file), file));
        }
        Map.Entry<Long, Path> last = segments.lastEntry();
        end = last == null ? 0 : last.getKey() + Files.size(last.getValue());
        acknowledged = segments.isEmpty() ? 0 : segments.firstKey();
    }

    private static long offsetOf(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(0, 20));
    }

    /** Takes what the job wrote. Never waits for a reader. What the disk does not take is lost, and counted. */
    public void write(byte[] data) {
        write(data, data.length);
    }

    /** As {@link #write(byte[])}, of the first bytes alone. */
    public void write(byte[] data, int length) {
        lock.lock();
        try {
            boolean whole = lost == 0 || roomFor(MARK_BYTES + length) && markLoss();
            if (!whole || !roomFor(length) || !append(data, length)) {
                lost += length;
            }
            changed.signalAll();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a line of the agent's own, such as why a container could not start. */
    public void note(String line) {
        write(("[athanor] " + line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private boolean markLoss() throws IOException {
        byte[] mark = ("\n[athanor] LOG_GAP bytes=" + lost + "\n").getBytes(StandardCharsets.UTF_8);
        boolean marked = append(mark, mark.length);
        lost = marked ? 0 : lost;
        return marked;
    }

    /** Whether more bytes fit, beside room for a mark, when every segment that is acknowledged may go. */
    private boolean roomFor(int bytes) {
        if (end + bytes + MARK_BYTES > bounds.logBytes()) {
            return false;
        }
        Long keepFrom = segments.floorKey(acknowledged);
        long needed = keepFrom == null ? 0 : end - keepFrom;
        return needed + bytes + MARK_BYTES <= bounds.ringBytes();
    }

    /** All of it or nothing; false where the disk took only a part, as when it is full. */
    private boolean append(byte[] data, int length) throws IOException {
        long before = end;
        try {
            int written = 0;
            while (written < length) {
                RandomAccessFile segment = segmentWithRoom();
                long room = segments.lastKey() + bounds.segmentBytes() - end;
                int part = (int) Math.min(room, length - written);
                segment.write(data, written, part);
                written += part;
                end += part;
            }
        } catch (IOException full) {
            if (lost == 0) {
                LOG.warn("the log in {} cannot be written: {}", directory, full.getMessage());
            }
            cutBackTo(before);
            return false;
        }
        freeAcknowledged();
        return true;
    }

    private RandomAccessFile segmentWithRoom() throws IOException {
        RandomAccessFile current = writing;
        if (current != null && end - segments.lastKey() < bounds.segmentBytes()) {
            return current;
        }
        if (current != null) {
            current.close();
            writing = null;
        }
        Path file = directory.resolve(String.format("%020d.log", end));
        RandomAccessFile next = new RandomAccessFile(file.toFile(), "rw");
        segments.put(end, file);
        writing = next;
        return next;
    }

    /** As it was when the log had so many bytes: an offset never counts a byte that is not there. */
    private void cutBackTo(long bytes) throws IOException {
        end = bytes;
        if (writing != null) {
            writing.close();
            writing = null;
        }
        for (Path begun : segments.tailMap(bytes, true).values()) {
            Files.deleteIfExists(begun);
        }
        segments.tailMap(bytes, true).clear();
        Map.Entry<Long, Path> last = segments.lastEntry();
        if (last != null) {
            RandomAccessFile kept = new RandomAccessFile(last.getValue().toFile(), "rw");
            kept.setLength(bytes - last.getKey());
            kept.seek(bytes - last.getKey());
            writing = kept;
        }
    }

    /** What is acknowledged stays as long as there is room, so that a restarted agent can still digest the whole log. */
    private void freeAcknowledged() throws IOException {
        while (end - segments.firstKey() > bounds.ringBytes()) {
            Map.Entry<Long, Path> freed = segments.pollFirstEntry();
            digest.take(freed.getKey(), freed.getValue());
            Files.deleteIfExists(freed.getValue());
        }
    }

    /** As {@link #read(long, byte[])}, at most {@code maxBytes} in an array of their own. */
    public byte[] read(long offset, int maxBytes) {
        byte[] bytes = new byte[Math.clamp(end() - offset, 0, maxBytes)];
        return Arrays.copyOf(bytes, read(offset, bytes));
    }

    /**
     * Bytes from an offset on, as many as fit and lie in one segment; 0 when none are there yet.
     *
     * @throws IllegalStateException when they were freed, which only happens below what was acknowledged
     */
    public int read(long offset, byte[] into) {
        int read = readLocked(offset, into);
        digest.take(offset, into, read);
        return read;
    }

    private int readLocked(long offset, byte[] into) {
        lock.lock();
        try {
            if (offset >= end) {
                return 0;
            }
            Map.Entry<Long, Path> segment = segments.floorEntry(offset);
            if (segment == null) {
                throw new IllegalStateException(
                        "the log before " + segments.firstKey() + " is freed; asked for " + offset);
            }
            try (InputStream file = Files.newInputStream(segment.getValue())) {
                file.skipNBytes(offset - segment.getKey());
                return file.readNBytes(into, 0, (int) Math.min(into.length, end - offset));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    /** The network has stored everything before {@code offset}. */
    public void acknowledged(long offset) {
        lock.lock();
        try {
            acknowledged = Math.max(acknowledged, Math.min(offset, end));
        } finally {
            lock.unlock();
        }
    }

    /** The job will write no more: counts what was lost at the end, and lets readers know. */
    public void finish() {
        lock.lock();
        try {
            if (lost > 0 && !markLoss()) {
                throw new IOException("no room for the count of what was lost");
            }
            finished = true;
            changed.signalAll();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot end the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    public boolean finished() {
        lock.lock();
        try {
            return finished;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until bytes lie at {@code offset}, the log is finished, or the time is over. True when bytes are there. */
    public boolean awaitBytesAt(long offset, Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (end <= offset && !finished && left > 0) {
                left = changed.awaitNanos(left);
            }
            return end > offset;
        } finally {
            lock.unlock();
        }
    }

    /** Offset of the next byte: the length of the log as kept. */
    public long end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** First offset that can still be read. */
    public long start() {
        lock.lock();
        try {
            return segments.isEmpty() ? end : segments.firstKey();
        } finally {
            lock.unlock();
        }
    }

    /** Digest of the log as kept, or null where a restart came after its beginning was freed. */
    public @Nullable Sha256 digest() {
        lock.lock();
        try {
            for (Map.Entry<Long, Path> segment : segments.entrySet()) {
                digest.take(segment.getKey(), segment.getValue());
            }
            return digest.ofFirst(end);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot digest the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (writing != null) {
                writing.close();
                writing = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
