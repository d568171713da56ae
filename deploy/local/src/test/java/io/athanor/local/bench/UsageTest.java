package io.athanor.local.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    private static final Duration ROOM = Duration.ofSeconds(60);

    @Test
    void countsTimeAndMemoryOfAProcessAndItsChildren() throws IOException {
        List<String> busy = List.of(
                "/bin/sh", "-c", "(while :; do :; done) & i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; wait");
        Process parent = new ProcessBuilder(busy).start();
        try {
            Usage earlier = await().atMost(ROOM)
                    .until(() -> Usage.of(parent.pid()), usage -> usage.cpuMillis() > 0 && usage.rssKib() > 0);
            Usage later = await().atMost(ROOM)
                    .until(() -> Usage.of(parent.pid()), usage -> usage.cpuMillis() > earlier.cpuMillis());

            assertThat(later.rssKib()).isPositive().isGreaterThanOrEqualTo(later.pssKib());
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }

    @Test
    void aProcessThatIsGoneHasUsedNothing() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("/bin/true").start();
        ended.waitFor();

        assertThat(Usage.of(ended.pid())).isEqualTo(new Usage(0, 0, 0));
    }
}
