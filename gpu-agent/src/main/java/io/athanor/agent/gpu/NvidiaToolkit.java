package io.athanor.agent.gpu;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The NVIDIA Container Toolkit of this machine, which puts GPUs into containers. Versions before {@link #PATCHED} let a
 * container break out of its isolation (CVE-2025-23266), so with them no job gets a GPU.
 */
public final class NvidiaToolkit {
    /** The first version that holds jobs in. */
    public static final String PATCHED = "1.17.8";

    private static final Pattern VERSION = Pattern.compile("version:? v?(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final Pattern PLAIN = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final int TIME_SECONDS = 5;
    private static final int MAX_BYTES = 4_096;

    private NvidiaToolkit() {}

    /** The version, empty where the toolkit is not installed or does not tell. */
    public static Optional<String> version(String searchPath) {
        return Stream.of("nvidia-ctk", "nvidia-container-cli")
                .flatMap(name -> Stream.of(searchPath.split(File.pathSeparator))
                        .map(folder -> Path.of(folder).resolve(name)))
                .filter(Files::isExecutable)
                .findFirst()
                .flatMap(NvidiaToolkit::ask);
    }

    private static Optional<String> ask(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            if (!process.waitFor(TIME_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Matcher found = VERSION.matcher(said);
            return found.find()
                    ? Optional.of(found.group(1) + "." + found.group(2) + "." + found.group(3))
                    : Optional.empty();
        } catch (IOException unusable) {
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Why this toolkit may give no GPU to a job, if so. */
    public static Optional<String> problem(Optional<String> version) {
        return version.filter(found -> number(found) < number(PATCHED))
                .map(found -> "the NVIDIA Container Toolkit is " + found + ", which a job can break out of; install "
                        + PATCHED + " or later");
    }

    private static long number(String version) {
        Matcher parts = PLAIN.matcher(version);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no version: " + version);
        }
        return (Long.parseLong(parts.group(1)) * 1_000 + Long.parseLong(parts.group(2))) * 1_000
                + Long.parseLong(parts.group(3));
    }
}
