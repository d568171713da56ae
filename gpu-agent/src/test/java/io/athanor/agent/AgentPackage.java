package io.athanor.agent;

import io.athanor.local.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The agent's package as {@code package/build.sh} makes it from this build, made once in a test process. */
final class AgentPackage {
    private static final Path BUILD = Path.of("package/build.sh").toAbsolutePath();
    private static final Path OUTPUT = TestEngines.folder("package");

    /** The package of version 0.1.0. */
    static final Path FIRST = build("0.1.0");

    private AgentPackage() {}

    /** The same files as a later version. */
    static Path repacked(String version) {
        return build(version, "--repack");
    }

    /** The program in the package's own file system. */
    static Path program() {
        return OUTPUT.resolve("root/usr/lib/athanor-agent/athanor-agent");
    }

    private static Path build(String version, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                BUILD.toString(),
                "--version",
                version,
                "--jar",
                jar().toString(),
                "--output",
                OUTPUT.toString()));
        command.addAll(List.of(options));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment()
                    .put("ATHANOR_TRAIN_DOCKER_HOST", TestEngines.dockerHost().toString());
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(said);
            }
            return Path.of(said.strip().lines().toList().getLast());
        } catch (IOException failed) {
            throw new IllegalStateException("the package cannot be built", failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** Beside the classes or the jar that this test runs with. */
    private static Path jar() {
        Path classes = Path.of(
                Agent.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Path jar = classes.resolveSibling("athanor-agent.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: run 'mvn package' for this module first");
        }
        return jar;
    }
}
