package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Programs that come as npm packages, installed from the lock file committed beside the contracts. */
public final class NodePackages {

    private static final String NEXT = "Install Node.js 20 or newer with npm ('./athanor doctor' tells how), and run"
            + " 'npm ci --ignore-scripts' in chain-projector/contracts.";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private NodePackages() {}

    /** Installs the packages where that has not been done. */
    public static void ensure() {
        program("@foundry-rs/anvil-linux-" + Platform.current().npmName(), "bin/anvil");
    }

    /** The program in the installed package; installs the packages where it is missing. */
    static Path program(String npmPackage, String pathInPackage) {
        Path folder = Checkout.root().resolve("chain-projector/contracts");
        Path program = folder.resolve("node_modules").resolve(npmPackage).resolve(pathInPackage);
        if (!Files.isExecutable(program)) {
            CacheFolder.exclusively("npm", () -> install(folder, program));
        }
        return program;
    }

    private static void install(Path folder, Path program) {
        if (Files.isExecutable(program)) {
            return;
        }
        Commands.Result result = Commands.run(
                List.of("env", "PATH=" + NodeJs.searchPath(), "npm", "ci", "--ignore-scripts"), folder, LIMIT);
        if (!result.ok() || !Files.isExecutable(program)) {
            throw new EngineFailure(
                    "npm did not install " + program + ": " + result.output().strip(), NEXT);
        }
    }
}
