package io.athanor.crypto;

import io.athanor.domain.hash.Hex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Secret keys in files: one line of {@code 0x} and 64 hex digits, readable by the owner alone (mode 0600).
 *
 * <p>A file appears whole or not at all, and an existing one is never replaced.
 */
public final class KeyFiles {
    private static final int KEY_BYTES = 32;
    private static final int MAX_FILE_BYTES = 128;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private KeyFiles() {}

    /**
     * Writes 32 secret bytes to a new file and makes them durable.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the file exists
     * @throws IOException when it cannot be written
     */
    public static void write(Path file, byte[] key) throws IOException {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, got " + key.length);
        }
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(folder, ".key", ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            ByteBuffer line = ByteBuffer.wrap((Hex.encode(key) + "\n").getBytes(StandardCharsets.US_ASCII));
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(true);
            }
            // A link, unlike a rename, fails where the name is taken.
            Files.createLink(file, temporary);
        } finally {
            Files.delete(temporary);
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The 32 secret bytes of a file.
     *
     * @throws IOException when it cannot be read, holds anything else, or may be used by others than its owner
     */
    public static byte[] read(Path file) throws IOException {
        Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        open.retainAll(OTHERS);
        if (!open.isEmpty()) {
            throw new IOException("key file " + file + " is open to others; run: chmod 600 " + file);
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("key file " + file + " is too long for a key");
        }
        try {
            return Hex.decode(
                    Files.readString(file, StandardCharsets.ISO_8859_1).strip(), KEY_BYTES);
        } catch (IllegalArgumentException e) {
            throw new IOException("key file " + file + ": " + e.getMessage(), e);
        }
    }
}
