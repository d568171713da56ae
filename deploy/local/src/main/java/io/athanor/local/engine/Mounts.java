package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Mounts below a folder: a container engine's layers and name spaces outlive it when it is killed. */
final class Mounts {

    /** Place of the mount point in a line of {@code mountinfo}. */
    private static final int MOUNT_POINT = 4;

    private Mounts() {}

    /** Unmounts all below the folder, the deepest first. */
    static void removeBelow(Path folder) {
        below(folder).forEach(mount -> Commands.run(List.of("umount", "--lazy", mount)));
    }

    static List<String> below(Path folder) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .map(line -> line.split(" ")[MOUNT_POINT].replace("\\040", " "))
                    .filter(mount -> mount.startsWith(folder + "/"))
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
