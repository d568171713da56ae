package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Connect;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Execute;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Ended;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Started;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import io.athanor.domain.wire.AgentProtocol.StreamInput;
import io.athanor.domain.wire.AgentProtocol.StreamTaken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job's client enters its own running job, and nobody else does. */
@Tag("postgres")
class RelayTest {
    private static final Map<String, Object> SHELL = Map.of("task", 0, "command", List.of("/bin/sh"));

    private final TestAgent agent = TestAgent.online(1);
    private final Secp256k1.KeyPair client = Samples.funded(20);
    private final LeaseId lease = running();
    private final Map<String, String> signedIn = Client.bearer(Samples.signIn(client));

    private LeaseId running() {
        Placed.certify(agent);
        LeaseId placed = Placed.onto(agent, client);
        agent.next(Start.class);
        return placed;
    }

    private Client.Answer grant(Map<String, Object> wanted, Map<String, String> headers) {
        return Client.send("POST", "/v1/jobs/" + lease.task().job() + "/streams", Json.bytes(wanted), headers);
    }

    private static Client.Answer stream(String method, JsonNode grant, String what, String body) {
        return Client.send(
                method,
                "/v1/streams/" + grant.path("stream").asText() + what,
                body.getBytes(StandardCharsets.UTF_8),
                Map.of("Athanor-Stream-Token", grant.path("token").asText()));
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void bytesGoBothWaysByOffsetAndTheExitCodeComesBack() {
        agent.sync(new Started(lease, "c1", Instant.now()));
        JsonNode grant = grant(SHELL, signedIn).json();
        Execute order = agent.next(Execute.class);
        assertThat(order.lease()).isEqualTo(lease);
        assertThat(order.command()).containsExactly("/bin/sh");
        String doors = "/agent/v1/streams/" + order.stream();

        assertThat(stream("POST", grant, "/input?offset=0", "echo")
                        .as(StreamTaken.class)
                        .nextOffset())
                .isEqualTo(4);
        stream("POST", grant, "/input?offset=2&end=true", "ho hi");
        StreamInput input =
                agent.send("GET", doors + "/input?offset=0", new byte[0]).as(StreamInput.class);
        assertThat(text(input.base64())).isEqualTo("echo hi");
        assertThat(input.end()).isTrue();

        byte[] said = "hi\n".getBytes(StandardCharsets.UTF_8);
        agent.send("POST", doors + "/output?offset=0", said);
        agent.send("POST", doors + "/output?offset=0", said);
        agent.post(doors + "/end", new StreamEnded(7, null));
        JsonNode output = stream("GET", grant, "/output?offset=0", "").json();
        assertThat(text(output.path("base64").asText())).isEqualTo("hi\n");
        assertThat(output.path("end").asBoolean()).isTrue();
        assertThat(output.path("exitCode").asInt()).isEqualTo(7);
        assertThat(stream("GET", grant, "/output?offset=0", "")
                        .json()
                        .path("exitCode")
                        .asInt())
                .as("once more, as after a lost answer")
                .isEqualTo(7);
        isSoonForgotten(grant);
    }

    private static void isSoonForgotten(JsonNode grant) {
        ApiNode.CLOCK.shift.set(Duration.ofSeconds(11));
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> stream("GET", grant, "/output?offset=0", "").status() == 404);
        } finally {
            ApiNode.CLOCK.shift.set(Duration.ZERO);
        }
    }

    @Test
    void aStrangerIsRefusedWhereTheOwnerIsLetIn() {
        agent.sync(new Started(lease, "c1", Instant.now()));
        Client.Answer stranger = grant(SHELL, Client.bearer(Samples.signIn(Samples.key())));
        assertThat(stranger.code()).isEqualTo("NOT_ALLOWED");
        assertThat(grant(SHELL, Map.of()).code()).isEqualTo("NOT_SIGNED_IN");
        Client.Answer owner = grant(Map.of("task", 0, "port", 8080), signedIn);
        assertThat(owner.status()).as(owner.text()).isEqualTo(200);
        Connect order = agent.next(Connect.class);
        assertThat(order.port()).isEqualTo(8080);

        String input = "/v1/streams/" + order.stream() + "/input";
        Map<String, String> guess = Map.of("Athanor-Stream-Token", "guess");
        assertThat(Client.send("POST", input, new byte[1], guess).code()).isEqualTo("NOT_ALLOWED");
        assertThat(stream("POST", owner.json(), "/input", "x").status()).isEqualTo(200);
        TestAgent other = TestAgent.online(1);
        String doors = "/agent/v1/streams/" + order.stream();
        assertThat(other.send("GET", doors + "/input?offset=0", new byte[0]).code())
                .isEqualTo("NOT_ALLOWED");
        assertThat(agent.send("GET", doors + "/input?offset=0", new byte[0]).status())
                .isEqualTo(200);
    }

    @Test
    void onlyARunningJobIsEntered() {
        assertThat(grant(SHELL, signedIn).code()).isEqualTo("WRONG_STATE");
        agent.sync(new Started(lease, "c1", Instant.now()));
        assertThat(grant(SHELL, signedIn).status()).isEqualTo(200);
        agent.sync(new Ended(lease, agent.receipt(lease, Ending.COMPLETED, Map.of())));
        assertThat(grant(SHELL, signedIn).code()).isEqualTo("WRONG_STATE");
    }

    @Test
    void aStreamHasACommandOrAPortAndItsPiecesHaveALimit() {
        agent.sync(new Started(lease, "c1", Instant.now()));
        assertThat(grant(Map.of("task", 0, "command", List.of("sh"), "port", 80), signedIn)
                        .code())
                .isEqualTo("MALFORMED");
        assertThat(grant(Map.of("task", 0), signedIn).code()).isEqualTo("MALFORMED");
        JsonNode grant = grant(SHELL, signedIn).json();
        assertThat(stream("POST", grant, "/input", "x".repeat(256 * 1024 + 1)).code())
                .isEqualTo("TOO_LARGE");
        assertThat(stream("POST", grant, "/input", "x".repeat(256 * 1024)).status())
                .isEqualTo(200);
    }
}
