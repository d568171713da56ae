package io.athanor.agent.outputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.agent.outputs.OutputCollector.Bounds;
import io.athanor.agent.outputs.OutputCollector.OutputsRefused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputCollectorTest {
    private static final Bounds BOUNDS = new Bounds(3, 20);
    private static final Sha256 SHA256_OF_ABC =
            new Sha256("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    @TempDir
    Path out;

    @Test
    void digestsEveryRegularFileInOrder() throws Exception {
        Files.createDirectories(out.resolve("deep/er"));
        Files.writeString(out.resolve("z"), "abc");
        Files.writeString(out.resolve("deep/er/a"), "");
        assertThat(OutputCollector.collect(out, BOUNDS).files())
                .containsExactly(
                        new Receipt.Output("deep/er/a", Sha256.of(new byte[0]), 0),
                        new Receipt.Output("z", SHA256_OF_ABC, 3));
    }

    @Test
    void neverFollowsALinkOutOfTheFolder() throws Exception {
        Path secret = Files.createTempFile("host", "secret");
        Files.writeString(secret, "secret");
        Files.createSymbolicLink(out.resolve("link"), secret);
        Files.createSymbolicLink(out.resolve("folder"), secret.getParent());
        Files.writeString(out.resolve("mine"), "abc");
        OutputCollector.Outputs outputs = OutputCollector.collect(out, BOUNDS);
        assertThat(outputs.files()).containsExactly(new Receipt.Output("mine", SHA256_OF_ABC, 3));
        assertThat(outputs.skipped()).containsExactlyInAnyOrder("link", "folder");
        Files.delete(secret);
    }

    @Test
    void refusesMoreFilesOrBytesThanAgreed() throws Exception {
        Files.writeString(out.resolve("a"), "x".repeat(20));
        assertThat(OutputCollector.collect(out, BOUNDS).files()).hasSize(1);
        Files.writeString(out.resolve("b"), "x");
        assertThatThrownBy(() -> OutputCollector.collect(out, BOUNDS))
                .isInstanceOf(OutputsRefused.class)
                .hasMessageContaining("21 bytes");
        Files.writeString(out.resolve("a"), "");
        Files.writeString(out.resolve("c"), "");
        assertThat(OutputCollector.collect(out, BOUNDS).files()).hasSize(3);
        Files.writeString(out.resolve("d"), "");
        assertThatThrownBy(() -> OutputCollector.collect(out, BOUNDS))
                .isInstanceOf(OutputsRefused.class)
                .hasMessageContaining("4 files");
    }

    @Test
    void refusesPathsThatAreTooDeep() throws Exception {
        Path sixteen = Files.createDirectories(out.resolve("d/".repeat(16)));
        Files.writeString(sixteen.resolve("f"), "abc");
        assertThat(OutputCollector.collect(out, BOUNDS).files()).hasSize(1);
        Files.createDirectories(sixteen.resolve("d"));
        assertThatThrownBy(() -> OutputCollector.collect(out, BOUNDS)).isInstanceOf(OutputsRefused.class);
    }

    @Test
    void countsWhatARunningJobHasWritten() throws Exception {
        Files.writeString(out.resolve("a"), "abc");
        assertThat(OutputCollector.bytesIn(out)).isEqualTo(3);
    }
}
