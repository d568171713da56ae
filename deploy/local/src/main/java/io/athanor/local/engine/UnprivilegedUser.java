package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs programs that refuse to run as root.
 *
 * <p>Under root a user namespace of its own is taken where the kernel grants one: inside it the process is no longer
 * root and holds no capability, while its files stay root's, so that a data folder may lie anywhere, also under
 * {@code /root}. Where namespaces are refused, {@code setpriv} changes to the uid of nobody, which then owns the data.
 */
enum UnprivilegedUser {
    /** The launcher is not root: nothing to do. */
    SELF(""),
    /** Another uid within an own user namespace. */
    NAMESPACE("unshare --user --map-user=65534 --map-group=65534"),
    /** The uid of nobody. */
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private static final int NOBODY_UID = 65534;

    /** Program and arguments before the command, without quoting. */
    private final String prefix;

    UnprivilegedUser(String prefix) {
        this.prefix = prefix;
    }

    /** The first way that works here. */
    static UnprivilegedUser detect() {
        if (!isRoot()) {
            return SELF;
        }
        for (UnprivilegedUser candidate : List.of(NAMESPACE, NOBODY)) {
            if (Commands.find(candidate.prefix.split(" ", 2)[0]).isPresent()
                    && Commands.run(candidate.command(List.of("true"))).ok()) {
                return candidate;
            }
        }
        throw new EngineFailure(
                "PostgreSQL refuses to run as root, and neither 'unshare --user' nor 'setpriv' works here.",
                "Install them with 'apt-get install util-linux', or start as another user.");
    }

    static boolean isRoot() {
        return uidOf(Path.of("/proc/self")) == 0;
    }

    /** The command as this user. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix.isEmpty() ? List.of() : List.of(prefix.split(" ")));
        whole.addAll(command);
        return whole;
    }

    /** Makes a folder this user's own, and makes sure that it and the programs can be reached. */
    void own(Path folder, Path programs) {
        if (this == SELF) {
            return;
        }
        int uid = this == NOBODY ? NOBODY_UID : 0;
        if (this == NOBODY) {
            requireReachable(folder);
            requireReachable(programs);
        }
        if (uidOf(folder) != uid) {
            Commands.require(
                    List.of("chown", "-R", uid + ":" + uid, folder.toString()),
                    "Choose a data folder on a file system that keeps owners.");
        }
    }

    private static int uidOf(Path folder) {
        try {
            return (Integer) Files.getAttribute(folder, "unix:uid");
        } catch (IOException failed) {
            throw new EngineFailure("The folder " + folder + " cannot be read.", "Check its disk.", failed);
        }
    }

    private static void requireReachable(Path folder) {
        for (Path above = folder.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
            Path closed = above;
            Optional<Boolean> open = openToOthers(above);
            if (!open.orElse(false)) {
                throw new EngineFailure(
                        "PostgreSQL runs as nobody here and cannot reach " + folder + " through " + closed + ".",
                        "Choose --data and ATHANOR_CACHE below folders that everybody may enter, such as /var/lib.");
            }
        }
    }

    private static Optional<Boolean> openToOthers(Path folder) {
        try {
            return Optional.of(Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
