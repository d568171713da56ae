package io.athanor.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.local.engine.NodeJs;
import io.athanor.local.engine.NodePackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Committed ABI, vectors and gas are those of the sources; linter, unit, fuzz and invariant tests of the contracts pass.
 */
@Tag("chain")
class ContractSourcesIT {
    private static final long LIMIT_SECONDS = 240;

    @Test
    void pass() throws IOException, InterruptedException {
        NodePackages.ensure();
        Path output = Files.createTempFile("contracts-check", ".log");
        ProcessBuilder check = new ProcessBuilder("npm", "run", "--silent", "check")
                .directory(Path.of("../contracts").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        check.environment().put("PATH", NodeJs.searchPath());
        Process process = check.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(ended).as("ended within %d s", LIMIT_SECONDS).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains("0 failed");
        Files.delete(output);
    }
}
