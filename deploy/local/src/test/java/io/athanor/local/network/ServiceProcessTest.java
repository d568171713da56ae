package io.athanor.local.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Ports;
import io.athanor.local.process.ProcessRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessTest {

    @TempDir
    Path data;

    private final int port = Ports.free();
    private Optional<ServiceProcess> process = Optional.empty();

    @AfterEach
    void stop() {
        process.ifPresent(ServiceProcess::stop);
    }

    private ServiceProcess service(List<String> command, Optional<URI> ready) {
        ServiceProcess made = new ServiceProcess(
                "pages",
                data,
                () -> new Service("pages", command, Map.of("OWN", "1"), port, ready),
                () -> Map.of("ATHANOR_PROFILE", "devnet"));
        process = Optional.of(made);
        return made;
    }

    private ServiceProcess pages() {
        String java =
                Path.of(System.getProperty("java.home"), "bin", "jwebserver").toString();
        return service(
                List.of(java, "-b", "127.0.0.1", "-p", Integer.toString(port), "-d", data.toString()),
                Optional.of(URI.create("http://127.0.0.1:" + port + "/")));
    }

    @Test
    void isReadyWhenItAnswersAndGetsBothEnvironments() throws IOException {
        ServiceProcess pages = pages();

        pages.start();

        assertThat(pages.answers()).isTrue();
        long pid =
                new ProcessRegistry(data).live("pages").orElseThrow().identity().pid();
        assertThat(Files.readString(Path.of("/proc/" + pid + "/environ")))
                .contains("ATHANOR_PROFILE=devnet")
                .contains("OWN=1");
        pages.stop();
        assertThat(pages.lives()).isFalse();
        assertThat(pages.answers()).isFalse();
    }

    @Test
    void isStartedAgainAfterAKill() {
        ServiceProcess pages = pages();
        pages.start();
        pages.kill();
        assertThat(pages.lives()).isFalse();

        pages.start();

        assertThat(pages.answers()).isTrue();
    }

    @Test
    void oneThatEndsAtOnceIsReportedWithItsLog() {
        ServiceProcess broken = service(
                List.of("/bin/sh", "-c", "echo no luck; exit 3"),
                Optional.of(URI.create("http://127.0.0.1:" + port + "/")));

        assertThatThrownBy(broken::start)
                .isInstanceOf(EngineFailure.class)
                .hasMessageContaining("no luck")
                .hasMessageContaining("pages.log");
    }
}
