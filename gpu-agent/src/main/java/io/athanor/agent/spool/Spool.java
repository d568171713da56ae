package io.athanor.agent.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
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

    /** Written as a file and not by its channel, which closes for everybody when one writer is interrupted; the channel locks. */
    private RandomAccessFile frames;

    private long size;
    private long bytesAfterCompaction;

    private Spool(Path file, long maxBytes, RandomAccessFile frames) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.frames = frames;
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
        RandomAccessFile held = locked(file);
        Spool spool = new Spool(file, maxBytes, held);
        List<byte[]> frames = spool.readAll();
        spool.bytesAfterCompaction = spool.size;
        if (held.length() > spool.size) {
            held.setLength(spool.size);
            held.getFD().sync();
        }
        return new Opened(spool, frames);
    }

    private static RandomAccessFile locked(Path file) throws IOException {
        RandomAccessFile frames = new RandomAccessFile(file.toFile(), "rw");
        boolean mine;
        try {
            mine = frames.getChannel().tryLock() != null;
        } catch (OverlappingFileLockException heldInThisProcess) {
            mine = false;
        }
        if (!mine) {
            frames.close();
            throw new IOException("another agent is using " + file);
        }
        return frames;
    }

    private List<byte[]> readAll() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (byte[] frame = readFrame(0); frame != null; frame = readFrame(size)) {
            all.add(frame);
            size += HEADER_BYTES + frame.length;
        }
        return all;
    }

    private byte @Nullable [] readFrame(long position) throws IOException {
        if (frames.length() - position < HEADER_BYTES) {
            return null;
        }
        frames.seek(position);
        int length = frames.readInt();
        int crc = frames.readInt();
        if (length <= 0 || length > MAX_FRAME_BYTES || frames.length() - position - HEADER_BYTES < length) {
            return null;
        }
        byte[] payload = new byte[length];
        frames.readFully(payload);
        return crcOf(payload) == crc ? payload : null;
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
    public void append(byte[] payload) {
        append(payload, true);
    }

    /**
     * As {@link #append(byte[])}.
     *
     * @param durable false where a power cut may lose the frame, with those behind it that are not durable either
     */
    public synchronized void append(byte[] payload, boolean durable) {
        if (payload.length == 0 || payload.length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "a frame holds 1 to " + MAX_FRAME_BYTES + " bytes, not " + payload.length);
        }
        if (size + HEADER_BYTES + payload.length > maxBytes) {
            throw new SpoolFull(file, maxBytes);
        }
        try {
            size = write(frames, size, payload);
            if (durable) {
                frames.getFD().sync();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write to " + file, failed);
        }
    }

    /** A frame that breaks off, as on a full disk, is overwritten by the next one. */
    private static long write(RandomAccessFile to, long position, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        frame.putInt(payload.length).putInt(crcOf(payload)).put(payload);
        to.seek(position);
        to.write(frame.array());
        return position + frame.capacity();
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
            RandomAccessFile replacement = locked(next);
            long end = 0;
            for (byte[] payload : live) {
                end = write(replacement, end, payload);
            }
            replacement.getFD().sync();
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            frames.close();
            frames = replacement;
            size = end;
            bytesAfterCompaction = end;
            forceDirectory();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot compact " + file, failed);
        }
    }

    /** A rename survives a power cut only when its directory is on disk too. Folders have no handle but a channel. */
    private void forceDirectory() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (!forced(file.toAbsolutePath().getParent())) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean forced(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return true;
        }
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
            return true;
        } catch (ClosedByInterruptException again) {
            return false;
        }
    }

    public synchronized long size() {
        return size;
    }

    @Override
    public synchronized void close() throws IOException {
        frames.close();
    }
}
