package io.athanor.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.local.process.Commands;
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
}
