package io.athanor.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.local.TestEngines;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.Ports;
import io.athanor.local.process.ProcessIdentity;
import io.athanor.local.process.ProcessRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("docker")
class RegistryEngineTest {

    private Path data;
    private RegistryEngine registry;

    @BeforeEach
    void begin() {
        data = TestEngines.folder("registry-engine");
        registry = new RegistryEngine(data, Ports.free());
    }

    @AfterEach
    void stop() {
        registry.stop();
    }

    private ManagedProcess process() {
        return new ProcessRegistry(data).live("registry").orElseThrow();
    }

    @Test
    void startsIsAdoptedAndStops() {
        registry.start();
        ProcessIdentity first = process().identity();
        registry.start();
        assertThat(process().identity()).isEqualTo(first);

        registry.stop();

        assertThat(first.isAlive()).isFalse();
        assertThat(registry.answers()).isFalse();
    }

    @Test
    void startsAgainAfterAKill() {
        registry.start();
        process().kill();
        assertThat(registry.answers()).isFalse();

        registry.start();

        assertThat(registry.answers()).isTrue();
    }

    @Test
    void namesABusyPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RegistryEngine blocked = new RegistryEngine(data, taken.getLocalPort());
            assertThatThrownBy(blocked::start)
                    .isInstanceOf(EngineFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort());
        }
    }
}
