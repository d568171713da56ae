package io.athanor.agent;

import io.athanor.codec.Json;
import io.athanor.domain.machine.Maintenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the machine's owner wants: no new work from a moment on, maybe until another. A file in the data folder, so that it
 * outlives the agent; a missing file means that work is wanted, an empty one that none is.
 */
final class DrainWish {
    private static final String FILE = "drain";

    private DrainWish() {}

    /** The wish in a data folder. An {@link IOException} says that the file cannot be read. */
    static Optional<Maintenance> read(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] json = Files.readAllBytes(file);
        try {
            return Optional.of(
                    json.length == 0
                            ? new Maintenance(Files.getLastModifiedTime(file).toInstant(), null)
                            : Json.read(json, Maintenance.class));
        } catch (IllegalArgumentException malformed) {
            throw new IOException(file + " is no wish of 'athanor-agent drain'; remove it", malformed);
        }
    }

    /** Leaves the wish for the agent, or takes it back. */
    static void write(Path data, @Nullable Maintenance wanted) throws IOException {
        Path file = data.resolve(FILE);
        if (wanted == null) {
            Files.deleteIfExists(file);
        } else {
            Path next = data.resolve(FILE + ".next");
            Files.write(next, Json.bytes(wanted));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
