package io.athanor.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaToolkitTest {
    @TempDir
    Path folder;

    @Test
    void aVersionThatJobsCanBreakOutOfIsRefusedAndAPatchedOneIsNot() throws Exception {
        assertThat(versionThatSays("NVIDIA Container Toolkit CLI version 1.17.7\\ncommit: 0123"))
                .contains("1.17.7");
        assertThat(NvidiaToolkit.problem(Optional.of("1.17.7")).orElseThrow()).contains("1.17.7", "1.17.8 or later");
        assertThat(NvidiaToolkit.problem(Optional.of("1.9.0"))).isPresent();
        assertThat(versionThatSays("cli-version: 1.18.0\\nlib-version: 1.18.0")).contains("1.18.0");
        assertThat(NvidiaToolkit.problem(Optional.of("1.17.8"))).isEmpty();
        assertThat(NvidiaToolkit.problem(Optional.of("1.18.0"))).isEmpty();
        assertThat(NvidiaToolkit.problem(Optional.of("2.0.0"))).isEmpty();
    }

    @Test
    void aMachineWithoutTheToolkitHasNoVersion() throws Exception {
        assertThat(NvidiaToolkit.version(folder.resolve("empty").toString())).isEmpty();
        assertThat(versionThatSays("no idea")).isEmpty();
        assertThat(NvidiaToolkit.problem(Optional.empty())).isEmpty();
    }

    private Optional<String> versionThatSays(String words) throws Exception {
        Path program = Files.writeString(folder.resolve("nvidia-ctk"), "#!/bin/sh\nprintf '" + words + "\\n'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return NvidiaToolkit.version("/nonexistent:" + folder);
    }
}
