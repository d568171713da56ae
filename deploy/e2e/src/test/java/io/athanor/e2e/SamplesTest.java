package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.athanor.cli.SpecFile;
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

    /** As the command line reads it, with an image that no registry is asked for. */
    private static JobSpec read(Path file) throws IOException {
        return SpecFile.read(file, "127.0.0.1:8486/sample@sha256:" + "0".repeat(64))
                .spec();
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void isAdmitted(Path file) throws IOException {
        JobSpec spec = read(file);
        assertThatCode(() -> Admission.require(spec, Profiles.load("devnet"))).doesNotThrowAnyException();
    }

    @Test
    void theRenderSampleNamesItsScene() throws IOException {
        byte[] scene = Files.readAllBytes(SAMPLES.resolve("render/scene.txt"));
        JobSpec spec = read(SAMPLES.resolve("render/job.json"));
        assertThat(spec.inputs().get("scene.txt")).isEqualTo(new JobSpec.Input(Sha256.of(scene), scene.length));
    }

    @Test
    void samplesOfARealGpuRefuseSimulatedOnes() throws IOException {
        for (String name : List.of("cuda", "pytorch")) {
            JobSpec spec = read(SAMPLES.resolve(name).resolve("job.json"));
            assertThat(spec.gpus().allowSimulated()).isFalse();
        }
    }
}
