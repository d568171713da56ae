package io.athanor.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestFolderTest {

    @Test
    void theNextTestProcessStopsWhatAKilledOneLeft() {
        Path own = TestFolder.create();
        // No process has a start time of 1 and this pid.
        Path dead = own.resolveSibling(ProcessHandle.current().pid() + "-1");
        ManagedProcess left = sleeper(dead.resolve("engine"));
        ManagedProcess mine = sleeper(own.resolve("engine"));

        TestFolder.create();

        assertThat(left.isAlive()).isFalse();
        assertThat(dead).doesNotExist();
        assertThat(mine.isAlive()).isTrue();
        mine.stop();
    }

    private static ManagedProcess sleeper(Path data) {
        return new ProcessRegistry(data).start(ProcessSpec.of("sleeper", List.of("sleep", "300"), Path.of("/"), 0));
    }
}
