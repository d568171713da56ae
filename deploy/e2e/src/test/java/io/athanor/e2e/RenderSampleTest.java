package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.local.engine.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample's awk program, run by the static busybox that its image holds, gives the reference's pixels. */
class RenderSampleTest {
    private static final Path SAMPLE = Checkout.root().resolve("deploy/samples/render");
    private static final int ROWS = 2;

    @Test
    void aTileHasThePixelsOfTheReference(@TempDir Path folder) throws Exception {
        RenderReference reference = new RenderReference(Files.readString(SAMPLE.resolve("scene.txt")));
        assertThat(render(5, folder)).isEqualTo(reference.tile(5, ROWS));
    }

    @Test
    void tilesDependOnTheirIndex(@TempDir Path folder) throws Exception {
        assertThat(render(0, folder)).isNotEqualTo(render(1, folder));
    }

    @Test
    void aTileThatTheSceneDoesNotHaveIsAnError(@TempDir Path folder) throws Exception {
        assertThat(run(8, folder.resolve("none.ppm"))).isEqualTo(2);
        assertThat(run(7, folder.resolve("last.ppm"))).isZero();
    }

    private static String render(int tile, Path folder) throws IOException, InterruptedException {
        Path out = folder.resolve(tile + ".ppm");
        assertThat(run(tile, out)).isZero();
        return Files.readString(out);
    }

    private static int run(int tile, Path out) throws IOException, InterruptedException {
        ProcessBuilder renderer = new ProcessBuilder(
                        "/bin/busybox",
                        "awk",
                        "-f",
                        SAMPLE.resolve("render.awk").toString(),
                        SAMPLE.resolve("scene.txt").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        renderer.environment().put("ATHANOR_TASK_INDEX", Integer.toString(tile));
        renderer.environment().put("OUT", out.toString());
        return renderer.start().waitFor();
    }
}
