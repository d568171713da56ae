package io.athanor.query.store;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.port.LogStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;

/**
 * Logs as files {@code <job>/<lease>.log} whose length is the next offset.
 *
 * <p>Invariant: bytes are only ever added at the end, in order and once. At the quota a log ends with
 * {@link #MARKER} and takes nothing more: later chunks are acknowledged and dropped, so that the agent does not send
 * them for ever. What was acknowledged survives the end of this process; after a loss of power a log may be shorter,
 * and the agent is asked for the rest.
 */
public final class FileLogStore implements LogStore {
    /** The last bytes of a log that reached its quota. */
    public static final String MARKER = "\n[athanor: the log reached its limit; the rest was dropped]\n";

    private static final byte[] MARKER_BYTES = MARKER.getBytes(StandardCharsets.UTF_8);
    private static final int LOCKS = 64;

    private final Path root;
    private final long quotaBytes;
    private final Object[] locks =
            IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toArray();

    /** @param quotaBytes of one lease, with the marker */
    public FileLogStore(Path root, long quotaBytes) {
        if (quotaBytes <= MARKER_BYTES.length) {
            throw new IllegalArgumentException("a quota holds more than the marker: " + quotaBytes);
        }
        this.root = root;
        this.quotaBytes = quotaBytes;
    }

    @Override
    public long append(LeaseId lease, long offset, byte[] chunk) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("offset below zero: " + offset);
        }
        synchronized (lockOf(lease)) {
            Path file = file(lease);
            Files.createDirectories(file.resolveSibling(""));
            try (FileChannel log = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                return append(log, offset, chunk);
            }
        }
    }

    private long append(FileChannel log, long offset, byte[] chunk) throws IOException {
        long size = log.size();
        long end = offset + chunk.length;
        if (size >= quotaBytes) {
            return end;
        }
        if (offset > size || end <= size) {
            return size;
        }
        int skip = (int) (size - offset);
        long room = quotaBytes - MARKER_BYTES.length - size;
        if (chunk.length - skip <= room) {
            writeAll(log, ByteBuffer.wrap(chunk, skip, chunk.length - skip), size);
            return end;
        }
        ByteBuffer last = ByteBuffer.allocate((int) room + MARKER_BYTES.length);
        last.put(chunk, skip, (int) room).put(MARKER_BYTES).flip();
        writeAll(log, last, size);
        return end;
    }

    private static void writeAll(FileChannel log, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += log.write(bytes, at);
        }
    }

    @Override
    public byte[] read(LeaseId lease, long offset, int maxBytes) throws IOException {
        try (FileChannel log = FileChannel.open(file(lease), StandardOpenOption.READ)) {
            long available = Math.clamp(log.size() - offset, 0L, maxBytes);
            ByteBuffer bytes = ByteBuffer.allocate((int) available);
            while (bytes.hasRemaining() && log.read(bytes, offset + bytes.position()) >= 0) {
                // Reads until the part is whole; the file never shrinks.
            }
            return bytes.array();
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    @Override
    public long size(LeaseId lease) throws IOException {
        try {
            return Files.size(file(lease));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private Object lockOf(LeaseId lease) {
        return locks[Math.floorMod(lease.hashCode(), LOCKS)];
    }

    private Path file(LeaseId lease) {
        return root.resolve(lease.task().job().toString()).resolve(lease + ".log");
    }
}
