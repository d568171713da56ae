package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./athanor demo --json}: one job, from a deposit on the chain to a settlement that the contract proves. */
@Tag("e2e")
class DemoIT {
    private static final int PORT_BASE = 18_480;
    private static final int TILES = 8;
    private static final int ROWS = 2;

    @Test
    void theSampleJobGoesTheWholeWay() throws Exception {
        Path data = TestEngines.folder("demo");
        Launcher.Run run = new Launcher(data, PORT_BASE).run("demo", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode summary = Json.read(run.out().strip(), JsonNode.class);
        assertThat(summary.at("/job/tasks")).hasSize(TILES).allSatisfy(task -> {
            assertThat(task.get("state").asText()).isEqualTo("SETTLED");
            assertThat(task.get("container").asText()).isNotBlank();
        });
        assertThat(summary.get("image").asText()).contains("@sha256:");
        assertThat(summary.get("simulated").asBoolean()).isTrue();
        assertThat(summary.at("/batch/final").asBoolean()).isTrue();
        assertThat(summary.at("/batch/transaction").asText()).startsWith("0x");
        assertThat(summary.get("proofVerifiedOnChain").asBoolean()).isTrue();
        assertThat(summary.at("/replay/verdict").asText()).isEqualTo("MATCH");
        assertThat(summary.get("ledgerBalanced").asBoolean()).isTrue();
        pixels(data, summary);
    }

    private static void pixels(Path data, JsonNode summary) throws Exception {
        Path scene = Checkout.root().resolve("deploy/samples/render/scene.txt");
        RenderReference reference = new RenderReference(Files.readString(scene));
        var paths = StreamSupport.stream(summary.get("outputs").spliterator(), false)
                .map(output -> output.get("path").asText())
                .toList();
        for (int tile = 0; tile < TILES; tile++) {
            assertThat(Files.readString(data.resolve("demo").resolve(paths.get(tile))))
                    .isEqualTo(reference.tile(tile, ROWS));
        }
    }
}
