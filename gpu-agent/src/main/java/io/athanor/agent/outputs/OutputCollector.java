package io.athanor.agent.outputs;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a job's output folder after its container has ended. Only regular files count; a symbolic link is never followed,
 * so that none can name a file of the host. Over a limit the whole is refused: half a result is none.
 */
public final class OutputCollector {
    private static final int MAX_DEPTH = 16;

    /** A folder with more entries is not read to its end, so that no job can fill the agent's memory with names. */
    private static final int MAX_ENTRIES = 20_000;

    private static final int MAX_SKIPPED = 100;
    private static final int BUFFER_BYTES = 1 << 16;

    private OutputCollector() {}

    /**
     * @param files most files
     * @param bytes most bytes of all files together
     */
    public record Bounds(int files, long bytes) {}

    /**
     * What was found.
     *
     * @param files in order of their paths
     * @param skipped paths that are no regular files, the first hundred
     */
    public record Outputs(List<Receipt.Output> files, List<String> skipped) {}

    /** The outputs break a limit, in words for the client. */
    public static final class OutputsRefused extends Exception {
        private static final long serialVersionUID = 1;

        OutputsRefused(String message) {
            super(message);
        }
    }

    /**
     * Reads and digests the folder.
     *
     * @throws OutputsRefused over a limit
     */
    public static Outputs collect(Path folder, Bounds bounds) throws IOException, OutputsRefused {
        Walk walk = new Walk(folder);
        Files.walkFileTree(folder, walk);
        if (walk.entries > MAX_ENTRIES) {
            throw new OutputsRefused("The job left more than " + MAX_ENTRIES + " files and folders; at most "
                    + bounds.files() + " files are kept. Pack them into one archive.");
        }
        if (walk.tooDeep) {
            throw new OutputsRefused("The outputs lie more than " + MAX_DEPTH
                    + " folders deep or their paths are longer than " + Limits.PATH_CHARS + " characters.");
        }
        if (walk.regular.size() > bounds.files()) {
            throw new OutputsRefused("The job left " + walk.regular.size() + " files; at most " + bounds.files()
                    + " are kept. Pack them into one archive.");
        }
        if (walk.bytes > bounds.bytes()) {
            throw new OutputsRefused("The job left " + walk.bytes + " bytes; at most " + bounds.bytes() + " are kept.");
        }
        List<Receipt.Output> files = new ArrayList<>();
        for (Path file : walk.regular.stream().sorted().toList()) {
            files.add(measure(folder, file));
        }
        return new Outputs(List.copyOf(files), List.copyOf(walk.skipped));
    }

    /**
     * Bytes of all regular files now, for watching a job that is still writing; {@link Long#MAX_VALUE} for a folder with too
     * many entries to look at.
     */
    public static long bytesIn(Path folder) throws IOException {
        Walk walk = new Walk(folder);
        Files.walkFileTree(folder, walk);
        return walk.entries > MAX_ENTRIES ? Long.MAX_VALUE : walk.bytes;
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final List<Path> regular = new ArrayList<>();
        private final List<String> skipped = new ArrayList<>();
        private long bytes;
        private int entries;
        private boolean tooDeep;

        Walk(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (folder.relativize(directory).getNameCount() > MAX_DEPTH) {
                tooDeep = true;
                return FileVisitResult.SKIP_SUBTREE;
            }
            return counted();
        }

        private FileVisitResult counted() {
            return ++entries > MAX_ENTRIES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = folder.relativize(file).toString();
            tooDeep |= path.length() > Limits.PATH_CHARS;
            if (attributes.isRegularFile()) {
                regular.add(file);
                bytes += attributes.size();
            } else {
                skip(path);
            }
            return counted();
        }

        private void skip(String path) {
            if (skipped.size() < MAX_SKIPPED) {
                skipped.add(path);
            }
        }

        /** A job may lock its own folder; what it closed to the agent is listed and not delivered. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            skip(folder.relativize(file).toString());
            return counted();
        }
    }

    private static Receipt.Output measure(Path folder, Path file) throws IOException {
        if (!Files.isReadable(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        }
        MessageDigest sha256 = Hashes.sha256();
        long bytes = 0;
        try (InputStream in = new DigestInputStream(
                Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), sha256)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        return new Receipt.Output(folder.relativize(file).toString(), Sha256.ofDigest(sha256.digest()), bytes);
    }
}
