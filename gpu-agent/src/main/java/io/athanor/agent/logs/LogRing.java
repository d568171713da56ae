package io.athanor.agent.logs;

import io.athanor.agent.outputs.Hashes;
import io.athanor.domain.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job's output on its way to the network, in a bounded ring of segment files. The writer never waits for a reader, so a
 * job is never stalled by an unreachable network: what finds no room is counted and, as soon as there is room again,
 * stands in the log as the line {@code [athanor] LOG_GAP bytes=N}. Offsets therefore count the bytes of the log as kept,
 * are without holes, and never change their meaning.
 *
 * <p>Survives a kill of the agent: the segments' names and sizes are all its state. One writer, several readers.
 */
public final class LogRing implements AutoCloseable {
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

    /** Room that is kept free for the line that counts what was lost. */
    private static final int MARK_BYTES = 128;

    private final Path directory;
    private final Bounds bounds;

    /** First offset → file; the last one is being written. */
    private final TreeMap<Long, Path> segments = new TreeMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final MessageDigest digest = Hashes.sha256();
    private boolean digestIsWhole;
    private @Nullable FileChannel writing;
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
        digestIsWhole = acknowledged == 0;
        if (digestIsWhole) {
            for (Path segment : segments.values()) {
                update(segment);
            }
        }
    }

    private void update(Path segment) throws IOException {
        try (InputStream in = Files.newInputStream(segment)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
    }

    private static long offsetOf(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(0, 20));
    }

    /** Takes what the job wrote. Never waits for a reader. */
    public void write(byte[] data) {
        write(data, data.length);
    }

    /** As {@link #write(byte[])}, of the first bytes alone. */
    public void write(byte[] data, int length) {
        lock.lock();
        try {
            if (lost > 0 && roomFor(MARK_BYTES + length)) {
                markLoss();
            }
            if (lost == 0 && roomFor(length)) {
                append(data, length);
            } else {
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

    private void markLoss() throws IOException {
        byte[] mark = ("\n[athanor] LOG_GAP bytes=" + lost + "\n").getBytes(StandardCharsets.UTF_8);
        append(mark, mark.length);
        lost = 0;
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

    private void append(byte[] data, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(data, 0, length);
        while (left.hasRemaining()) {
            FileChannel segment = segmentWithRoom();
            int room = (int) (bounds.segmentBytes() - segment.position());
            ByteBuffer part = left.slice(left.position(), Math.min(room, left.remaining()));
            left.position(left.position() + part.remaining());
            end += part.remaining();
            while (part.hasRemaining()) {
                segment.write(part);
            }
        }
        freeAcknowledged();
        digest.update(data, 0, length);
    }

    private FileChannel segmentWithRoom() throws IOException {
        FileChannel current = writing;
        if (current != null && current.position() < bounds.segmentBytes()) {
            return current;
        }
        if (current != null) {
            current.close();
        }
        Path file = directory.resolve(String.format("%020d.log", end));
        FileChannel next = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        segments.put(end, file);
        writing = next;
        return next;
    }

    /** What is acknowledged stays as long as there is room, so that a restarted agent can still digest the whole log. */
    private void freeAcknowledged() throws IOException {
        while (end - segments.firstKey() > bounds.ringBytes()) {
            Files.deleteIfExists(segments.pollFirstEntry().getValue());
        }
    }

    /**
     * Bytes from an offset on, at most {@code maxBytes}; empty when none are there yet.
     *
     * @throws IllegalStateException when they were freed, which only happens below what was acknowledged
     */
    public byte[] read(long offset, int maxBytes) {
        lock.lock();
        try {
            Map.Entry<Long, Path> segment = segments.floorEntry(offset);
            if (offset >= end) {
                return new byte[0];
            }
            if (segment == null) {
                throw new IllegalStateException(
                        "the log before " + segments.firstKey() + " is freed; asked for " + offset);
            }
            return readSegment(segment, offset, maxBytes);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    private static byte[] readSegment(Map.Entry<Long, Path> segment, long offset, int maxBytes) throws IOException {
        try (FileChannel file = FileChannel.open(segment.getValue(), StandardOpenOption.READ)) {
            long at = offset - segment.getKey();
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(maxBytes, file.size() - at));
            int read = 0;
            while (read >= 0 && buffer.hasRemaining()) {
                read = file.read(buffer, at + buffer.position());
            }
            return buffer.array();
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
            if (lost > 0) {
                markLoss();
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
            return digestIsWhole ? Sha256.ofDigest(copyOf(digest).digest()) : null;
        } finally {
            lock.unlock();
        }
    }

    private static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("Java's own SHA-256 can be copied", impossible);
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
