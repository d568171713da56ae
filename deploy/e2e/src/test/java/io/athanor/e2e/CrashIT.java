package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.local.TestEngines;
import io.athanor.local.demo.Story;
import io.athanor.local.demo.Summary;
import io.athanor.local.network.Progress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Supervisor, node, PostgreSQL and an agent are killed while a job runs: it is finished and paid once, and paid out. */
@Tag("e2e")
class CrashIT {
    private static final int PORT_BASE = 18_680;

    @Test
    void aJobSurvivesTheEndOfEverything() throws Exception {
        Path data = TestEngines.folder("crash");
        Launcher launcher = new Launcher(data, PORT_BASE);
        Launcher.Run up = launcher.run("up", "--detach");
        assertThat(up.exit()).as(up.out() + up.err()).isZero();
        try {
            Summary summary = throughTheCrash(launcher, data);
            assertThat(summary.good()).as(String.valueOf(summary)).isTrue();
            assertThat(summary.job().tasks())
                    .allSatisfy(task -> assertThat(task.cost().isZero()).isFalse());
            new Earnings(launcher.network()).leaveByProof();
        } finally {
            assertThat(launcher.run("down").exit()).isZero();
        }
    }

    private static Summary throughTheCrash(Launcher launcher, Path data) throws Exception {
        Story story = new Story(launcher.network(), new Progress(System.err), data.resolve("demo"));
        Story.Ordered ordered = story.order();
        await().atMost(Duration.ofMinutes(1)).until(() -> story.count(ordered, "RUNNING") > 0);
        for (String name : new String[] {"supervisor", "node", "postgres", "agent-0"}) {
            launcher.kill(name);
        }
        Launcher.Run again = launcher.run("up", "--detach");
        assertThat(again.exit()).as(again.out() + again.err()).isZero();
        return new Story(launcher.network(), new Progress(System.err), data.resolve("demo")).finish(ordered);
    }
}
