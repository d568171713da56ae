package io.athanor.local.engine;

import io.athanor.local.process.EngineFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that holds the project: {@code ATHANOR_HOME}, which the launcher script sets, or found upwards. */
public final class Checkout {

    private Checkout() {}

    /** The project's top folder. */
    public static Path root() {
        Optional<String> home = Optional.ofNullable(System.getenv("ATHANOR_HOME"));
        return home.map(Path::of).orElseGet(() -> above(Path.of("").toAbsolutePath()));
    }

    private static Path above(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("chain-projector")) && Files.exists(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new EngineFailure(
                "The project's folder is not above " + start + ".", "Start './athanor' there, or set ATHANOR_HOME.");
    }
}
