package io.athanor.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRegistryTest {

    @TempDir
    Path data;

    private ProcessRegistry registry;

    @BeforeEach
    void open() {
        registry = new ProcessRegistry(data);
    }

    @AfterEach
    void stopAll() {
        registry.allLive().forEach(ManagedProcess::stop);
    }

    private ProcessSpec sleeper() {
        return ProcessSpec.of("sleeper", List.of("sleep", "300"), data, 0);
    }

    @Test
    void recordsTheProgramItBecame() throws IOException {
        ManagedProcess started = registry.start(sleeper());

        assertThat(started.isAlive()).isTrue();
        // The shell that starts it becomes it a moment later.
        Path program = Path.of("/proc/" + started.identity().pid() + "/comm");
        await().until(() -> Files.readString(program).strip().equals("sleep"));
        assertThat(Files.readString(data.resolve("run/sleeper.json")))
                .contains("\"pid\":" + started.identity().pid());
    }

    @Test
    void anotherRegistryAdoptsAndStopsIt() {
        ManagedProcess started = registry.start(sleeper());
        ProcessRegistry next = new ProcessRegistry(data);

        assertThat(next.adoptable(sleeper()).orElseThrow().identity()).isEqualTo(started.identity());
        assertThat(next.adoptable(sleeper().with(Map.of("A", "b")))).isEmpty();

        next.stop("sleeper");

        assertThat(started.isAlive()).isFalse();
        assertThat(next.live("sleeper")).isEmpty();
        assertThat(data.resolve("run/sleeper.json")).doesNotExist();
    }

    @Test
    void aRecordOfADeadProcessIsForgotten() {
        ManagedProcess started = registry.start(sleeper());
        started.kill();

        assertThat(data.resolve("run/sleeper.json")).exists();
        assertThat(registry.live("sleeper")).isEmpty();
        assertThat(data.resolve("run/sleeper.json")).doesNotExist();
    }

    @Test
    void aReusedPidIsNotMistaken() throws IOException {
        ManagedProcess started = registry.start(sleeper());
        Path file = data.resolve("run/sleeper.json");
        String other = Files.readString(file)
                .replaceFirst(
                        "\"startTicks\":\\d+",
                        "\"startTicks\":" + (started.identity().startTicks() + 1));
        Files.writeString(file, other);

        registry.stop("sleeper");

        assertThat(started.isAlive()).isTrue();
        started.stop();
        assertThat(started.isAlive()).isFalse();
    }

    @Test
    void oneThatIgnoresTheSignalIsKilledAtItsLimit() {
        ManagedProcess deaf = registry.start(ProcessSpec.of(
                        "deaf",
                        List.of("/bin/sh", "-c", "trap '' TERM; echo deaf; sleep 300 & wait; sleep 300"),
                        data,
                        0)
                .stoppedBy(ProcessSignal.TERM, Duration.ofMillis(1)));
        assertThat(Waiting.until(
                        Duration.ofSeconds(5),
                        Duration.ofMillis(5),
                        () -> deaf.logTail().contains("deaf")))
                .isTrue();

        deaf.stop();

        assertThat(deaf.isAlive()).isFalse();
    }

    @Test
    void aProgramThatIsMissingIsReportedWithItsLog() {
        assertThatThrownBy(() -> Startup.adoptOrStart(
                        registry, ProcessSpec.of("none", List.of("/no/such/program"), data, 0), () -> false, () -> {}))
                .isInstanceOf(EngineFailure.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void aBusyPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Startup.adoptOrStart(
                            registry,
                            ProcessSpec.of("server", List.of("sleep", "300"), data, port),
                            () -> true,
                            () -> {}))
                    .isInstanceOf(EngineFailure.class)
                    .hasMessageContaining("Port " + port)
                    .hasMessageContaining("--port-base");
        }
        assertThat(registry.live("server")).isEmpty();
    }

    @Test
    void aLargeLogIsMovedAside() throws IOException {
        Path log = registry.logFile("sleeper");
        Files.writeString(log, "12345678");
        Logs.rotate(log, 8);
        assertThat(log).doesNotExist();
        assertThat(Logs.aged(log, 1)).hasContent("12345678");

        Files.writeString(log, "1234567");
        Logs.rotate(log, 8);
        assertThat(log).hasContent("1234567");
    }
}
