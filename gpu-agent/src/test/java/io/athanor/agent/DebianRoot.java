package io.athanor.agent;

import io.athanor.local.TestEngines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Debian system to install into: this machine's own, seen through an overlay in memory, in a mount namespace that one
 * sleeping process holds. Nothing that is done in it reaches the machine, and it goes with that process. It has its own
 * empty {@code /run}, so that no service manager of the machine is ever asked.
 */
final class DebianRoot implements AutoCloseable {
    private final Process holder;
    private final Path root = TestEngines.folder("root");

    /** @param shared files and folders of the machine that are the same in there */
    DebianRoot(List<Path> shared) throws IOException, InterruptedException {
        holder = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sleep", "600").start();
        Path memory = TestEngines.folder("memory");
        StringBuilder script = new StringBuilder("set -e\n");
        script.append("mount -t tmpfs tmpfs %s\nmkdir %s/upper %s/work\n".formatted(memory, memory, memory));
        script.append("mount -t overlay overlay -o lowerdir=/,upperdir=%s/upper,workdir=%s/work %s\n"
                .formatted(memory, memory, root));
        script.append("mount -t tmpfs tmpfs %s/run\n".formatted(root));
        script.append("mount --rbind /proc %s/proc\nmount --rbind /dev %s/dev\n".formatted(root, root));
        for (Path path : shared) {
            script.append(
                    Files.isDirectory(path)
                            ? "mkdir -p %s%s\n".formatted(root, path)
                            : "mkdir -p %s%s\n: >%s%s\n".formatted(root, path.getParent(), root, path));
            script.append("mount --bind %s %s%s\n".formatted(path, root, path));
        }
        awaitNamespace();
        require(inNamespace("sh", "-c", script.toString()));
    }

    private void awaitNamespace() throws IOException, InterruptedException {
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
        Path its = Path.of("/proc/" + holder.pid() + "/ns/mnt");
        for (int i = 0; i < 500 && Files.readSymbolicLink(its).equals(own); i++) {
            Thread.sleep(10);
        }
    }

    private List<String> inNamespace(String... command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--mount", "--target", Long.toString(holder.pid())));
        line.addAll(List.of(command));
        return line;
    }

    private List<String> inRoot(String... command) {
        List<String> line = new ArrayList<>(inNamespace("chroot", root.toString(), "/usr/bin/env", "-i"));
        line.addAll(List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"));
        line.addAll(List.of(command));
        return line;
    }

    /** Runs a shell command as root in there; what it printed. A failure fails the test. */
    String sh(String script) throws IOException, InterruptedException {
        return require(inRoot("sh", "-c", script));
    }

    /** Starts a shell command in there, its output in this file. */
    Process start(String script, Path output) throws IOException {
        return new ProcessBuilder(inRoot("sh", "-c", script))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    private static String require(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.getLast() + "\n" + said);
        }
        return said.strip();
    }

    @Override
    public void close() {
        try {
            holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            Files.deleteIfExists(root);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
