package io.athanor.agent.nvml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Builds a stand-in for NVIDIA's library with gcc and drives it by its state file, so that a test can raise an XID or
 * lose a GPU while the agent runs. A missing gcc fails the test.
 */
public final class StubNvml {
    private static final Path SOURCE = Path.of("src/test/c/nvml_stub.c");

    private final Path library;

    private StubNvml(Path library) {
        this.library = library;
    }

    /** Builds a copy of the library of its own for this test. */
    public static StubNvml build(Path directory) throws IOException, InterruptedException {
        Path library = directory.resolve("libnvidia-ml.so.1").toAbsolutePath();
        Process gcc = new ProcessBuilder(
                        "gcc", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library.toString(), SOURCE.toString())
                .inheritIO()
                .start();
        if (!gcc.waitFor(1, TimeUnit.MINUTES) || gcc.exitValue() != 0) {
            throw new IOException("gcc could not build the stand-in for libnvidia-ml.so.1");
        }
        return new StubNvml(library);
    }

    public String library() {
        return library.toString();
    }

    /** Replaces the state in one step, so that no reader sees half of it. */
    public void state(String... lines) throws IOException {
        Path next = Path.of(library + ".next");
        Files.writeString(next, String.join("\n", lines) + "\n");
        Files.move(
                next,
                Path.of(library + ".state"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
