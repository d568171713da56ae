package io.athanor.agent.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of frames {@code length (4) | CRC32C of the payload (4) | payload}. What {@link #append} returned
 * from is on disk; a frame that was torn by a crash, and everything behind it, is dropped at the next start. Bounded:
 * past {@link #roomForNewWork} the agent takes no new work, and the rest is kept for the ends of the work it has.
 *
 * <p>One process at a time: the file is locked. Safe for use by several threads.
 */
public final class Spool implements AutoCloseable {
    /** Larger than any record the agent writes; a length beyond it is a torn frame, not a record. */
    static final int MAX_FRAME_BYTES = 4 << 20;

    private static final int HEADER_BYTES = 8;

    /** New work is refused when less than this share of the bound is free. */
    private static final int RESERVE_DIVISOR = 4;

    private final Path file;
    private final long maxBytes;
    private FileChannel channel;
    private long size;
    private long bytesAfterCompaction;

    private Spool(Path file, long maxBytes, FileChannel channel) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.channel = channel;
    }

    /** A spool and what it held when it was opened. */
    public record Opened(Spool spool, List<byte[]> frames) {}

    /**
     * Opens or makes the file, mode 0600, reads its frames and cuts a torn tail off.
     *
     * @throws IOException when the file cannot be read, or another agent holds it
     */
    public static Opened open(Path file, long maxBytes) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        FileChannel channel = lockedChannel(file);
        Spool spool = new Spool(file, maxBytes, channel);
        List<byte[]> frames = spool.readAll();
        spool.size = spool.channel.position();
        spool.bytesAfterCompaction = spool.size;
        if (channel.size() > spool.size) {
            channel.truncate(spool.size);
            channel.force(true);
        }
        return new Opened(spool, frames);
    }

    private static FileChannel lockedChannel(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean mine;
        try {
            mine = channel.tryLock() != null;
        } catch (OverlappingFileLockException heldInThisProcess) {
            mine = false;
        }
        if (!mine) {
            channel.close();
            throw new IOException("another agent is using " + file);
        }
        return channel;
    }

    private List<byte[]> readAll() throws IOException {
        List<byte[]> frames = new ArrayList<>();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        long position = 0;
        while (true) {
            byte[] frame = readFrame(position, header);
            if (frame == null) {
                channel.position(position);
                return frames;
            }
            frames.add(frame);
            position += HEADER_BYTES + frame.length;
        }
    }

    private byte @Nullable [] readFrame(long position, ByteBuffer header) throws IOException {
        if (!readFully(header.clear(), position)) {
            return null;
        }
        int length = header.flip().getInt();
        int crc = header.getInt();
        if (length <= 0 || length > MAX_FRAME_BYTES) {
            return null;
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        boolean whole = readFully(payload, position + HEADER_BYTES) && crcOf(payload.array()) == crc;
        return whole ? payload.array() : null;
    }

    private boolean readFully(ByteBuffer into, long position) throws IOException {
        while (into.hasRemaining()) {
            int read = channel.read(into, position + into.position());
            if (read < 0) {
                return false;
            }
        }
        return true;
    }

    private static int crcOf(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }

    /**
     * Writes a frame and returns when it is on disk.
     *
     * @throws SpoolFull when the bound is reached; nothing was written
     */
    public synchronized void append(byte[] payload) {
        if (payload.length == 0 || payload.length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "a frame holds 1 to " + MAX_FRAME_BYTES + " bytes, not " + payload.length);
        }
        if (size + HEADER_BYTES + payload.length > maxBytes) {
            throw new SpoolFull(file, maxBytes);
        }
        try {
            size = write(channel, size, payload);
            channel.force(false);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write to " + file, failed);
        }
    }

    private static long write(FileChannel to, long position, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        frame.putInt(payload.length).putInt(crcOf(payload)).put(payload).flip();
        long at = position;
        while (frame.hasRemaining()) {
            at += to.write(frame, at);
        }
        return at;
    }

    /** False when what is left is kept for the ends of running work. */
    public synchronized boolean roomForNewWork() {
        return maxBytes - size > maxBytes / RESERVE_DIVISOR;
    }

    /** True when the file has at least doubled, and grown by a sixteenth of its bound, since it was last compacted. */
    public synchronized boolean worthCompacting() {
        return size - bytesAfterCompaction > Math.max(bytesAfterCompaction, maxBytes / 16);
    }

    /** Replaces all frames by {@code live} in one step: a crash leaves either the old file or the new one. */
    public synchronized void compact(List<byte[]> live) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileChannel replacement = lockedChannel(next);
            long end = 0;
            for (byte[] payload : live) {
                end = write(replacement, end, payload);
            }
            replacement.force(true);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
            channel.close();
            channel = replacement;
            size = end;
            bytesAfterCompaction = end;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot compact " + file, failed);
        }
    }

    /** A rename survives a power cut only when its directory is on disk too. */
    private void forceDirectory() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    public synchronized long size() {
        return size;
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
