package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Admission;
import io.athanor.domain.job.JobSpec;
import io.athanor.local.engine.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample's specification is one that a network admits. */
class SamplesTest {
    private static final Path SAMPLES = Checkout.root().resolve("deploy/samples");

    static List<Path> specifications() throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            return files.filter(file -> file.endsWith("job.json")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void isAdmitted(Path file) throws IOException {
        JobSpec spec = Json.readStrict(Files.readAllBytes(file), JobSpec.class);
        assertThatCode(() -> Admission.require(spec, Profiles.load("devnet"))).doesNotThrowAnyException();
    }

    @Test
    void theRenderSampleNamesItsScene() throws IOException {
        byte[] scene = Files.readAllBytes(SAMPLES.resolve("render/scene.txt"));
        JobSpec spec = Json.readStrict(Files.readAllBytes(SAMPLES.resolve("render/job.json")), JobSpec.class);
        assertThat(spec.inputs().get("scene.txt")).isEqualTo(new JobSpec.Input(Sha256.of(scene), scene.length));
    }

    @Test
    void samplesOfARealGpuRefuseSimulatedOnes() throws IOException {
        for (String name : List.of("cuda", "pytorch")) {
            byte[] json = Files.readAllBytes(SAMPLES.resolve(name).resolve("job.json"));
            assertThat(Json.readStrict(json, JobSpec.class).gpus().allowSimulated())
                    .isFalse();
        }
    }
}
