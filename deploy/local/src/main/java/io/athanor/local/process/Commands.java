package io.athanor.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs short commands to their end. */
public final class Commands {

    /** Longest time a short command may take. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Commands() {}

    /**
     * What a command left.
     *
     * @param exit its exit status
     * @param output what it wrote to both streams
     */
    public record Result(int exit, String output) {
        /** Whether it ended with status 0. */
        public boolean ok() {
            return exit == 0;
        }
    }

    /** Runs a command in the launcher's directory. */
    public static Result run(List<String> command) {
        return run(command, Path.of("."), LIMIT);
    }

    /** Runs a command and fails with its output where it does not end with status 0. */
    public static String require(List<String> command, String nextStep) {
        Result result = run(command);
        if (!result.ok()) {
            throw new EngineFailure(
                    "'%s' ended with status %d: %s"
                            .formatted(
                                    String.join(" ", command),
                                    result.exit(),
                                    result.output().strip()),
                    nextStep);
        }
        return result.output();
    }

    /** Runs a command in a directory; it is killed at the limit. */
    public static Result run(List<String> command, Path directory, Duration limit) {
        Path output = null;
        try {
            // A file, not a pipe: a grandchild that keeps the stream open must not keep this call waiting.
            output = Files.createTempFile("athanor-command-", ".out");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new EngineFailure(
                        "'%s' did not end within %s.".formatted(String.join(" ", command), limit), "Run it by hand.");
            }
            return new Result(process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
        } catch (IOException missing) {
            throw new EngineFailure(
                    "'%s' cannot be run: %s.".formatted(command.getFirst(), missing.getMessage()),
                    "Run './athanor doctor'.",
                    missing);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineFailure("Interrupted during '" + command.getFirst() + "'.", "Start again.", interrupted);
        } finally {
            delete(output);
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            Trees.delete(file);
        }
    }

    /** The program's place on the search path and in the usual administrator's folders; empty where it is missing. */
    public static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin:/usr/bin:/bin";
        return List.of(path.split(":")).stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
