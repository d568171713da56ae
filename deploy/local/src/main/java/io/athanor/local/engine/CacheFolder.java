package io.athanor.local.engine;

import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Where unpacked programs lie: {@code ATHANOR_CACHE}, else {@code athanor} in the system's cache folder for root and in
 * the user's for others. Root's home is closed to the unprivileged user that PostgreSQL may have to run as.
 */
final class CacheFolder {

    private static final Path FOR_ROOT = Path.of("/var/cache/athanor");

    private CacheFolder() {}

    static Path path() {
        Optional<String> set = Optional.ofNullable(System.getenv("ATHANOR_CACHE"));
        Optional<String> xdg = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"));
        Path folder = set.map(Path::of)
                .or(() -> UnprivilegedUser.isRoot() ? Optional.of(FOR_ROOT) : Optional.empty())
                .or(() -> xdg.map(cache -> Path.of(cache, "athanor")))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "athanor"));
        return Trees.folder(folder.toAbsolutePath());
    }

    /** Does the work while no other process does work of this name. */
    static void exclusively(String name, Runnable work) {
        synchronized (CacheFolder.class) {
            try (FileChannel file = FileChannel.open(
                            path().resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                if (lock.isValid()) {
                    work.run();
                }
            } catch (IOException failed) {
                throw new EngineFailure(
                        "The cache folder " + path() + " cannot be used: " + failed.getMessage() + ".",
                        "Set ATHANOR_CACHE to a folder that can be written.",
                        failed);
            }
        }
    }
}
