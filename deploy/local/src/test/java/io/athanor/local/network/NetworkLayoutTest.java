package io.athanor.local.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkLayoutTest {

    @TempDir
    Path data;

    @Test
    void theDefaultsAreTheDocumentedPorts() {
        NetworkLayout layout = new NetworkLayout(data, NetworkLayout.DEFAULT_PORT_BASE);

        assertThat(layout.api()).isEqualTo(8480);
        assertThat(layout.management()).isEqualTo(8481);
        assertThat(layout.postgres()).isEqualTo(8482);
        assertThat(layout.anvil()).isEqualTo(8484);
        assertThat(layout.registry()).isEqualTo(8486);
        assertThat(layout.agentMetrics(0)).isEqualTo(8490);
        assertThat(layout.checker(0)).isEqualTo(8500);
        assertThat(NetworkLayout.DEFAULT_DATA).isEqualTo(".athanor");
    }

    @Test
    void portsThatLeaveTheRangeAreRefused() {
        assertThatThrownBy(() -> new NetworkLayout(data, 65_500)).hasMessageContaining("--port-base");
        assertThat(new NetworkLayout(data, 65_000).portBase()).isEqualTo(65_000);
    }
}
