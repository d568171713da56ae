package io.athanor.local.demo;

import io.athanor.local.engine.Checkout;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The renderer's image: Debian's static busybox and one awk program, imported into the engine and pushed to the
 * registry on loopback, from which agents pull it by digest.
 */
public final class SampleImage {
    static final String NAME = "athanor/render";
    static final String TAG = "latest";
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String NEXT_STEP = "Run './athanor doctor'.";

    private SampleImage() {}

    /** Builds and pushes it; its name by digest. */
    public static String push(URI docker, String registry, Path scratch) {
        Path root = scratch.resolve("render-image");
        Path archive = scratch.resolve("render-image.tar");
        layOut(root);
        Commands.require(
                List.of(
                        "tar",
                        "-C",
                        root.toString(),
                        "--numeric-owner",
                        "--owner=0",
                        "--group=0",
                        "-cf",
                        archive.toString(),
                        "."),
                NEXT_STEP);
        String tag = registry + "/" + NAME + ":" + TAG;
        docker(docker, "import", archive.toString(), tag);
        docker(docker, "push", "--quiet", tag);
        String digest = docker(docker, "image", "inspect", "--format", "{{index .RepoDigests 0}}", tag)
                .strip();
        Trees.delete(root);
        Trees.delete(archive);
        return digest;
    }

    private static void layOut(Path root) {
        try {
            for (String folder : List.of("bin", "in", "out", "tmp", "usr/share/athanor")) {
                Files.createDirectories(root.resolve(folder));
            }
            Path busybox = root.resolve("bin/busybox");
            Files.deleteIfExists(busybox);
            Files.copy(BUSYBOX, busybox);
            Path program = root.resolve("usr/share/athanor/render.awk");
            Files.deleteIfExists(program);
            Files.copy(samples().resolve("render.awk"), program);
        } catch (IOException e) {
            throw new EngineFailure("The sample image cannot be laid out: " + e.getMessage() + ".", NEXT_STEP, e);
        }
    }

    /** Where scene and renderer lie. */
    static Path samples() {
        return Checkout.root().resolve("deploy/samples/render");
    }

    private static String docker(URI host, String... arguments) {
        List<String> line = new java.util.ArrayList<>(List.of("docker", "-H", host.toString()));
        line.addAll(List.of(arguments));
        return Commands.require(line, NEXT_STEP);
    }
}
