package io.athanor.agent.logs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job's output, in a bounded ring of segment files. An offset counts the bytes that the job wrote since its start and
 * never changes its meaning: what was overwritten before it was read is answered as a {@link Gap} of exactly the bytes
 * that are missing. The writer never waits for a reader, so a job is never stalled by an unreachable network.
 *
 * <p>Survives a kill of the agent (the segments' names and sizes are all its state); one writer, several readers.
 */
public final class LogRing implements AutoCloseable {
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

    private final Path directory;
    private final long capacityBytes;
    private final int segmentBytes;

    /** First offset → file; the last one is being written. */
    private final TreeMap<Long, Path> segments = new TreeMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable FileChannel writing;
    private long end;
    private boolean finished;

    private LogRing(Path directory, long capacityBytes, int segmentBytes) {
        this.directory = directory;
        this.capacityBytes = capacityBytes;
        this.segmentBytes = segmentBytes;
    }

    /** What {@link #read} found at an offset. */
    public sealed interface Piece {
        /** The offset of the piece's first byte. */
        long offset();
    }

    /** Bytes that the job wrote, at their offset; {@code data} is an array-backed buffer of just these bytes. */
    public record Bytes(long offset, ByteBuffer data) implements Piece {}

    /** {@code length} bytes from {@code offset} on were overwritten before anybody read them. */
    public record Gap(long offset, long length) implements Piece {}

    /**
     * Opens the ring that lies in {@code directory}, or makes one.
     *
     * @param capacityBytes at least two segments
     */
    public static LogRing open(Path directory, long capacityBytes, int segmentBytes) throws IOException {
        if (capacityBytes < 2L * segmentBytes) {
            throw new IllegalArgumentException("a ring holds at least two segments");
        }
        Files.createDirectories(directory);
        LogRing ring = new LogRing(directory, capacityBytes, segmentBytes);
        ring.recover();
        return ring;
    }

    /** Keeps the newest run of segments without a hole; older ones behind a hole (a power cut) become a gap. */
    private void recover() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> SEGMENT.matcher(file.getFileName().toString()).matches())
                    .forEach(file -> segments.put(offsetOf(file), file));
        }
        long expected = -1;
        for (Map.Entry<Long, Path> segment : Map.copyOf(segments).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
            if (segment.getKey() != expected) {
                drop(segments.headMap(segment.getKey()));
            }
            expected = segment.getKey() + Files.size(segment.getValue());
        }
        end = Math.max(expected, 0);
    }

    private static long offsetOf(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(0, 20));
    }

    private static void drop(Map<Long, Path> old) throws IOException {
        for (Path file : old.values()) {
            Files.deleteIfExists(file);
        }
        old.clear();
    }

    /** Appends what the job wrote. Never waits for a reader. */
    public void write(byte[] data) {
        lock.lock();
        try {
            ByteBuffer left = ByteBuffer.wrap(data);
            while (left.hasRemaining()) {
                FileChannel segment = segmentWithRoom();
                int room = (int) (segmentBytes - segment.position());
                ByteBuffer part = left.slice(left.position(), Math.min(room, left.remaining()));
                left.position(left.position() + part.remaining());
                end += part.remaining();
                while (part.hasRemaining()) {
                    segment.write(part);
                }
            }
            changed.signalAll();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    private FileChannel segmentWithRoom() throws IOException {
        FileChannel current = writing;
        if (current != null && current.position() < segmentBytes) {
            return current;
        }
        if (current != null) {
            current.close();
        }
        while (!segments.isEmpty() && end - segments.firstKey() + segmentBytes > capacityBytes) {
            drop(segments.headMap(segments.firstKey(), true));
        }
        Path file = directory.resolve(String.format("%020d.log", end));
        FileChannel next = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        segments.put(end, file);
        writing = next;
        return next;
    }

    /**
     * What lies at an offset.
     *
     * @param maxBytes most bytes to return
     * @return null when nothing was written there yet
     */
    public @Nullable Piece read(long offset, int maxBytes) {
        lock.lock();
        try {
            if (offset >= end) {
                return null;
            }
            Map.Entry<Long, Path> segment = segments.floorEntry(offset);
            if (segment == null) {
                long first = segments.isEmpty() ? end : segments.firstKey();
                return new Gap(offset, first - offset);
            }
            return readSegment(segment, offset, maxBytes);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    private static Piece readSegment(Map.Entry<Long, Path> segment, long offset, int maxBytes) throws IOException {
        try (FileChannel file = FileChannel.open(segment.getValue(), StandardOpenOption.READ)) {
            long at = offset - segment.getKey();
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(maxBytes, file.size() - at));
            int read = 0;
            while (read >= 0 && buffer.hasRemaining()) {
                read = file.read(buffer, at + buffer.position());
            }
            return new Bytes(offset, buffer.flip());
        }
    }

    /** Frees what the network has stored. The segment being written stays. */
    public void acknowledged(long offset) {
        lock.lock();
        try {
            Long containing = segments.floorKey(Math.min(offset, end));
            if (containing != null) {
                drop(segments.headMap(containing));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot free the log in " + directory, failed);
        } finally {
            lock.unlock();
        }
    }

    /** Says that the job will write no more, so that a reader at the end need not wait. */
    public void finish() {
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something lies at {@code offset}, the log is finished, or the time is over. True when bytes are there. */
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

    /** Offset of the next byte that the job will write: the number of bytes it has written. */
    public long end() {
        lock.lock();
        try {
            return end;
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
