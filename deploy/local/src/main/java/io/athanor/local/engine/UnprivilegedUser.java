package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    /** The uid of nobody, and of root's rights only that of passing through folders. */
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups"
            + " --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search");

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

    /** Makes a file or a folder with all it holds this user's own. */
    void own(Path folder) {
        if (this == SELF) {
            return;
        }
        int uid = this == NOBODY ? NOBODY_UID : 0;
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
}
