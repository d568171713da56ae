package io.athanor.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.local.TestEngines;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Ports;
import io.athanor.local.process.ProcessIdentity;
import io.athanor.local.process.ProcessRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("chain")
class AnvilEngineTest {

    private static final String FROM = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private static final String TO = "0x00000000000000000000000000000000000000aa";

    private Path data;
    private AnvilEngine chain;

    @BeforeEach
    void begin() {
        data = TestEngines.folder("anvil-engine");
        chain = new AnvilEngine(data, AnvilSettings.network(Ports.free()));
    }

    @AfterEach
    void stop() {
        chain.stop();
    }

    private ProcessIdentity process() {
        return new ProcessRegistry(data).live("anvil").orElseThrow().identity();
    }

    private JsonNode call(String method, Object... parameters) {
        return JsonRpc.call(chain.rpc(), method, List.of(parameters)).orElseThrow();
    }

    private void pay() {
        call("eth_sendTransaction", Map.of("from", FROM, "to", TO, "value", "0x7"));
        await().atMost(Duration.ofSeconds(10)).until(() -> balance().equals("0x7"));
    }

    private String balance() {
        return call("eth_getBalance", TO, "latest").asText();
    }

    private long block(String tag) {
        return Long.decode(
                call("eth_getBlockByNumber", tag, false).get("number").asText());
    }

    @Test
    void aPaymentSurvivesAStop() {
        chain.start();
        pay();
        long height = block("latest");

        chain.stop();
        chain.start();

        assertThat(balance()).isEqualTo("0x7");
        assertThat(block("latest")).isGreaterThanOrEqualTo(height);
    }

    @Test
    void finalBlocksSurviveAKillAndATornFile() throws IOException {
        chain.start();
        pay();
        await().atMost(Duration.ofSeconds(30)).until(() -> block("finalized") >= 2);
        long lastFinal = block("finalized");
        Path file = data.toRealPath().resolve("chain/state.json");
        Path copy = file.resolveSibling("state.json.whole");
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(copy));
        chain.kill();
        byte[] state = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(state, state.length / 2));

        chain.start();

        assertThat(balance()).isEqualTo("0x7");
        assertThat(block("latest")).isGreaterThanOrEqualTo(lastFinal);
    }

    @Test
    void adoptsALiveNode() {
        chain.start();
        ProcessIdentity first = process();

        AnvilEngine next = new AnvilEngine(
                data,
                AnvilSettings.network(Integer.parseInt(chain.rpc().toString().replaceFirst(".*:", ""))));
        next.start();

        assertThat(process()).isEqualTo(first);
        next.stop();
        assertThat(first.isAlive()).isFalse();
    }

    @Test
    void namesABusyPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AnvilEngine blocked = new AnvilEngine(data, AnvilSettings.network(taken.getLocalPort()));
            assertThatThrownBy(blocked::start)
                    .isInstanceOf(EngineFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort());
        }
    }

    @Test
    void aTestsOwnChainMinesAtOnce() {
        try (AnvilEngine own = TestEngines.anvil()) {
            assertThat(JsonRpc.call(
                            own.rpc(), "eth_sendTransaction", List.of(Map.of("from", FROM, "to", TO, "value", "0x9"))))
                    .isPresent();
            // The hash is answered before the block is there; nobody asks for one.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> JsonRpc.call(own.rpc(), "eth_getBalance", List.of(TO, "latest"))
                            .orElseThrow()
                            .asText()
                            .equals("0x9"));
            assertThat(own.rpc()).isNotEqualTo(chain.rpc());
        }
    }
}
