package io.athanor.agent.cuda;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Builds a stand-in for NVIDIA's CUDA driver with gcc, which computes on the processor. A missing gcc fails the test. */
public final class StubCuda {
    /** The UUID of its only GPU. */
    public static final String GPU = "GPU-00112233-4455-6677-8899-aabbccddeeff";

    private static final Path SOURCE = Path.of("src/test/c/cuda_stub.c");

    private StubCuda() {}

    /** The path of a library of this test's own. */
    public static String build(Path directory) throws IOException, InterruptedException {
        Path library = directory.resolve("libcuda.so.1").toAbsolutePath();
        Process gcc = new ProcessBuilder(
                        "gcc",
                        "-x",
                        "c",
                        "-O2",
                        "-Wall",
                        "-Werror",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        SOURCE.toString())
                .inheritIO()
                .start();
        if (!gcc.waitFor(1, TimeUnit.MINUTES) || gcc.exitValue() != 0) {
            throw new IOException("gcc could not build the stand-in for libcuda.so.1");
        }
        return library.toString();
    }
}
