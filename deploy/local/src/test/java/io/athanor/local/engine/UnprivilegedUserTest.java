package io.athanor.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.local.TestEngines;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnprivilegedUserTest {

    private static final List<String> UID = List.of("id", "-u");

    @Test
    void theDetectedUserIsNotRoot() {
        assertThat(Commands.run(UnprivilegedUser.detect().command(UID)).output().strip())
                .isNotEqualTo("0");
    }

    @Test
    void onlyRootNeedsAnotherUser() {
        assertThat(UnprivilegedUser.detect() == UnprivilegedUser.SELF).isEqualTo(!UnprivilegedUser.isRoot());
    }

    @Test
    void nobodyIsToldWhichFolderItCannotPass() {
        Path closed = TestEngines.folder("closed");
        Commands.require(List.of("chmod", "700", closed.toString()), "Check the disk.");

        assertThatThrownBy(() -> UnprivilegedUser.NOBODY.own(closed.resolve("data"), Path.of("/usr/bin")))
                .isInstanceOf(EngineFailure.class)
                .hasMessageContaining(closed.toString());
    }
}
