package io.athanor.agent.logs;

import io.athanor.agent.outputs.Hashes;
import io.athanor.domain.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of a log from its first byte on, taken from whatever passes by in order: pieces on their way to the network, and
 * files for what did not pass. So the thread that a job waits for digests nothing. Safe for several threads.
 */
final class LogDigest {
    private static final int BUFFER_BYTES = 1 << 16;

    private final MessageDigest digest = Hashes.sha256();

    /** Every byte before this offset is digested. */
    private long digested;

    /** The first of these bytes lie in the log from this offset on; what is not the digest's next byte, or behind it, changes nothing. */
    synchronized void take(long offset, byte[] bytes, int count) {
        int known = (int) Math.min(count, digested - offset);
        if (known >= 0) {
            update(bytes, known, count - known);
        }
    }

    /** As {@link #take(long, byte[], int)}, of a whole file. */
    synchronized void take(long offset, Path file) throws IOException {
        long known = digested - offset;
        if (known < 0 || known >= Files.size(file)) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(known);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                update(buffer, 0, read);
            }
        }
    }

    private void update(byte[] bytes, int from, int count) {
        digest.update(bytes, from, count);
        digested += count;
    }

    /** The digest of a log of so many bytes, or null where some of them never came by. */
    synchronized @Nullable Sha256 ofFirst(long bytes) {
        try {
            return digested == bytes ? Sha256.ofDigest(((MessageDigest) digest.clone()).digest()) : null;
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("Java's own SHA-256 can be copied", impossible);
        }
    }
}
