package io.athanor.query.store;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Blobs as files {@code sha256/ab/<hex>}.
 *
 * <p>Invariant: a file under its final name is whole, hashes to its name and is on disk; it is written beside, synced
 * and renamed. What a killed process left half written is removed at the next start. All blobs together stay within
 * the quota, in bytes, and no use takes what is reserved from it.
 */
public final class FileBlobStore implements BlobStore {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int PERCENT = 100;

    private final Path blobs;
    private final Path incoming;
    private final long quotaBytes;
    private final long reserveBytes;
    private final AtomicLong usedBytes;

    /**
     * Error: {@link IOException} where the folder cannot be made or read.
     *
     * @param reservePercent of the quota that uploads leave free
     */
    public FileBlobStore(Path root, long quotaBytes, int reservePercent) throws IOException {
        this.blobs = Files.createDirectories(root.resolve("sha256"));
        this.incoming = Files.createDirectories(root.resolve("incoming"));
        this.quotaBytes = quotaBytes;
        this.reserveBytes = quotaBytes / PERCENT * reservePercent + quotaBytes % PERCENT * reservePercent / PERCENT;
        try (Stream<Path> left = Files.list(incoming)) {
            left.forEach(FileBlobStore::remove);
        }
        this.usedBytes = new AtomicLong(bytesBelow(blobs));
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Override
    public long put(Use use, Sha256 expected, InputStream content, long maxBytes) throws IOException {
        Path part = incoming.resolve(UUID.randomUUID().toString());
        try {
            long bytes = receive(use, part, expected, content, maxBytes);
            keep(part, expected, bytes);
            return bytes;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Writes and syncs the part; its bytes are counted against the quota as they come, and given back on failure. */
    private long receive(Use use, Path part, Sha256 expected, InputStream content, long maxBytes) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                bytes += read;
                reserve(use, read);
                Refused.unless(
                        bytes <= maxBytes, Reason.TOO_LARGE, "the content is larger than " + maxBytes + " bytes");
                digest.update(buffer, 0, read);
                writeAll(out, ByteBuffer.wrap(buffer, 0, read));
            }
            Sha256 actual = Sha256.ofDigest(digest.digest());
            Refused.unless(actual.equals(expected), Reason.MALFORMED, "the content is " + actual + ", not " + expected);
            out.force(true);
            return bytes;
        } catch (IOException | RuntimeException e) {
            usedBytes.addAndGet(-bytes);
            throw e;
        }
    }

    private void reserve(Use use, int bytes) {
        if (usedBytes.addAndGet(bytes) > most(use)) {
            throw new Refused(
                    Reason.LIMIT_REACHED,
                    "the store is full: files of this kind go up to " + most(use) + " bytes of all",
                    "Try again later; the operator can raise athanor.blobs.quota-bytes.");
        }
    }

    private long most(Use use) {
        return switch (use) {
            case UPLOAD -> quotaBytes - reserveBytes;
            case OUTPUT -> quotaBytes - reserveBytes / 4;
            case EVIDENCE -> quotaBytes;
        };
    }

    @Override
    public long room(Use use) {
        return Math.max(0, most(use) - usedBytes.get());
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** One at a time, so that the same content from two senders is counted once. */
    private synchronized void keep(Path part, Sha256 digest, long bytes) throws IOException {
        Path file = file(digest);
        if (Files.exists(file)) {
            usedBytes.addAndGet(-bytes);
            // Its age counts from its last sender.
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return;
        }
        Path folder = file.resolveSibling("");
        boolean fresh = !Files.exists(folder);
        Files.createDirectories(folder);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
        if (fresh) {
            sync(blobs);
        }
    }

    /** A rename is durable once its folder is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<InputStream> open(Sha256 digest) throws IOException {
        try {
            return Optional.of(Files.newInputStream(file(digest)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Long> size(Sha256 digest) {
        try {
            return Optional.of(Files.size(file(digest)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long forget(Instant before, Predicate<Sha256> needed) throws IOException {
        long forgotten = 0;
        try (Stream<Path> files = Files.walk(blobs)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Sha256 digest = Sha256.parse("sha256:" + file.getFileName());
                forgotten += !needed.test(digest) && removeIfOlder(file, before) ? 1 : 0;
            }
        }
        return forgotten;
    }

    /** Not while the same content comes in again. */
    private synchronized boolean removeIfOlder(Path file, Instant before) throws IOException {
        if (!Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
            return false;
        }
        long bytes = Files.size(file);
        Files.delete(file);
        usedBytes.addAndGet(-bytes);
        return true;
    }

    /** Bytes of all blobs. */
    public long usedBytes() {
        return usedBytes.get();
    }

    private Path file(Sha256 digest) {
        return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
