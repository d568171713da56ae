package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readiness and watchdog arrive as datagrams on a real Unix socket, which a few lines of C receive. */
class ServiceManagerTest {
    private static final String RECEIVER = """
            #include <stdio.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <sys/un.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                struct sockaddr_un a = {.sun_family = AF_UNIX};
                strncpy(a.sun_path, argv[argc - 1], sizeof a.sun_path - 1);
                int s = socket(AF_UNIX, SOCK_DGRAM, 0);
                if (bind(s, (struct sockaddr *) &a, sizeof a)) return 1;
                puts("bound");
                fflush(stdout);
                char b[100];
                for (;;) {
                    ssize_t n = recv(s, b, sizeof b, 0);
                    if (n < 0) return 1;
                    printf("%.*s\\n", (int) n, b);
                    fflush(stdout);
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void tellsThatItIsReadyAndThatItWorksAsLongAsItDoes() throws Exception {
        Path socket = folder.resolve("notify");
        Process receiver = receiver(socket);
        try (InputStream out = receiver.getInputStream()) {
            assertThat(line(out)).isEqualTo("bound");
            ServiceManager manager = ServiceManager.of(
                            Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "150000"))
                    .orElseThrow();
            manager.ready();
            assertThat(line(out)).isEqualTo("READY=1");
            AtomicBoolean works = new AtomicBoolean(true);
            Thread watch = Thread.ofVirtual().start(() -> manager.watch(works::get));
            assertThat(line(out)).isEqualTo("WATCHDOG=1");
            assertThat(line(out)).isEqualTo("WATCHDOG=1");
            works.set(false);
            Thread.sleep(200);
            int waiting = out.available();
            Thread.sleep(200);
            assertThat(out.available()).isEqualTo(waiting);
            watch.interrupt();
            assertThat(watch.join(Duration.ofSeconds(5))).isTrue();
        } finally {
            receiver.destroy();
        }
    }

    @Test
    void aProcessThatNoServiceManagerStartedTellsNobody() {
        assertThat(ServiceManager.of(Map.of())).isEmpty();
        assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "x".repeat(200)))).isEmpty();
    }

    private Process receiver(Path socket) throws Exception {
        Path source = Files.writeString(folder.resolve("receiver.c"), RECEIVER);
        Path program = folder.resolve("receiver");
        Process gcc = new ProcessBuilder("gcc", "-o", program.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(gcc.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(gcc.exitValue()).isZero();
        return new ProcessBuilder(program.toString(), socket.toString()).start();
    }

    private static String line(InputStream in) throws Exception {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
