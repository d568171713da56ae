package io.athanor.agent.run;

import io.athanor.agent.docker.ContainerPlan.JobUser;
import io.athanor.domain.common.LeaseId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one lease: {@code in}, {@code out} and {@code log}. Only the agent may enter it from the host; the job
 * owns {@code out}.
 */
public record LeaseFolder(Path root) {

    /** The folder of a lease below {@code jobs}. */
    public static LeaseFolder of(Path jobs, LeaseId lease) {
        return new LeaseFolder(jobs.resolve(lease.toString()));
    }

    public Path in() {
        return root.resolve("in");
    }

    public Path out() {
        return root.resolve("out");
    }

    public Path log() {
        return root.resolve("log");
    }

    /** Makes what is missing. */
    void create(JobUser user) throws IOException {
        Files.createDirectories(
                root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(in());
        Files.createDirectories(out());
        Files.createDirectories(log());
        Files.setPosixFilePermissions(in(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(out(), PosixFilePermissions.fromString("rwx------"));
        if (ownerOf(out()) != user.uid()) {
            Files.setAttribute(out(), "unix:uid", Math.toIntExact(user.uid()));
            Files.setAttribute(out(), "unix:gid", Math.toIntExact(user.gid()));
        }
    }

    /**
     * Notes on disk that the container is about to be started; false when that was noted before. An engine that is killed
     * over a start may forget that the process ran, so a start that was broken off is never tried again.
     */
    boolean markStart() throws IOException {
        if (startMarked()) {
            return false;
        }
        Files.createFile(startMark());
        // The name is all that the file says, and names are the folder's.
        try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
            folder.force(true);
        }
        return true;
    }

    /** True where a start of the container was begun, and may have succeeded. */
    boolean startMarked() {
        return Files.exists(startMark());
    }

    private Path startMark() {
        return root.resolve("started");
    }

    private static long ownerOf(Path path) throws IOException {
        return ((Integer) Files.getAttribute(path, "unix:uid")).longValue();
    }

    /**
     * Who a job runs as: an unprivileged id where the agent is root, else the agent's own, so that it can read what the job
     * leaves.
     */
    public static JobUser userFor(Path ownFolder) throws IOException {
        int uid = (Integer) Files.getAttribute(ownFolder, "unix:uid");
        int gid = (Integer) Files.getAttribute(ownFolder, "unix:gid");
        return uid == 0 ? JobUser.UNPRIVILEGED : new JobUser(uid, gid);
    }

    /** Removes all of it; links are removed, never followed. */
    public void delete() {
        if (!Files.exists(root)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                        throws IOException {
                    if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
                        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
                        throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remove " + root, failed);
        }
    }
}
