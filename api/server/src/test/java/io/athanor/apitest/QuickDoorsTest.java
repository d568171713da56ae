package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.common.Limits;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.Sync;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The quick way in says what the long way says. A query that nobody reads makes a request take the long one. */
@Tag("postgres")
class QuickDoorsTest {
    private static final String LONG = "?way=long";

    private static void isTheSame(Client.Answer quick, Client.Answer slow, int status) {
        assertThat(quick.status()).as(quick.text()).isEqualTo(status);
        assertThat(slow.status()).as(slow.text()).isEqualTo(status);
        assertThat(quick.headers().firstValue("Content-Type"))
                .isEqualTo(slow.headers().firstValue("Content-Type"));
        if (status >= 300) {
            assertThat(quick.code()).isEqualTo(slow.code());
        }
        assertThat(names(quick.json())).isEqualTo(names(slow.json()));
        // Only Spring Security says this one; it tells which way a request came.
        assertThat(quick.headers().firstValue("X-Frame-Options")).isEmpty();
        assertThat(slow.headers().firstValue("X-Frame-Options")).isPresent();
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).sorted().toList();
    }

    private static byte[] sync(long session) {
        return Json.bytes(new Sync(session, 0, new Heartbeat(true, 1_000, List.of(), List.of()), List.of()));
    }

    private static Map<String, String> signed(TestAgent agent, String path, byte[] body, Instant at, String nonce) {
        return Client.deviceHeaders(agent.machine.toString(), agent.device, "POST", path, body, at, nonce);
    }

    @Test
    void aGoodSyncAndARefusedOneGetTheSameAnswer() {
        TestAgent agent = TestAgent.online(1);
        String path = "/agent/v1/sync";
        byte[] good = sync(agent.session);
        isTheSame(agent.send("POST", path, good), agent.send("POST", path + LONG, good), 200);
        byte[] stale = sync(agent.session + 7);
        isTheSame(agent.send("POST", path, stale), agent.send("POST", path + LONG, stale), 409);
        byte[] unknown = "{\"sessions\":1}".getBytes(StandardCharsets.UTF_8);
        isTheSame(agent.send("POST", path, unknown), agent.send("POST", path + LONG, unknown), 400);
        byte[] large = new byte[Limits.JSON_BODY_BYTES + 1];
        Arrays.fill(large, (byte) ' ');
        isTheSame(agent.send("POST", path, large), agent.send("POST", path + LONG, large), 413);
    }

    @Test
    void whoIsNotProvenIsRefusedOnBothWays() {
        TestAgent agent = TestAgent.online(1);
        String path = "/agent/v1/sync";
        byte[] body = sync(agent.session);
        isTheSame(Client.send("POST", path, body, Map.of()), Client.send("POST", path + LONG, body, Map.of()), 401);
        Instant old = Instant.now().minusSeconds(120);
        isTheSame(
                Client.send("POST", path, body, signed(agent, path, body, old, Client.nonce())),
                Client.send("POST", path + LONG, body, signed(agent, path + LONG, body, old, Client.nonce())),
                401);
        assertThat(agent.send("POST", path, body).status()).isEqualTo(200);
    }

    @Test
    void aNonceThatWasUsedOnOneWayIsUsedOnTheOther() {
        TestAgent agent = TestAgent.online(1);
        String path = "/agent/v1/sync";
        byte[] body = sync(agent.session);
        String nonce = Client.nonce();
        Instant now = Instant.now();
        assertThat(Client.send("POST", path, body, signed(agent, path, body, now, nonce))
                        .status())
                .isEqualTo(200);
        assertThat(Client.send("POST", path + LONG, body, signed(agent, path + LONG, body, now, nonce))
                        .code())
                .isEqualTo("SIGNATURE_REPLAYED");
    }

    @Test
    void anOrderIsReadStrictlyOnBothWays() {
        for (String body : List.of("", "{", "[]", "{\"jobId\":\"x\"}", "{\"colour\":\"red\"}")) {
            Client.Answer quick = Client.postRaw("/v1/jobs", body);
            Client.Answer slow = Client.postRaw("/v1/jobs" + LONG, body);
            isTheSame(quick, slow, 400);
            assertThat(quick.json().path("detail").asText())
                    .isEqualTo(slow.json().path("detail").asText());
        }
    }

    @Test
    void aForgedTokenIsRefusedAlsoWhereNoneIsNeeded() {
        Client.Answer answer =
                Client.send("POST", "/v1/jobs", "{}".getBytes(StandardCharsets.UTF_8), Client.bearer("forged"));
        assertThat(answer.code()).isEqualTo("NOT_SIGNED_IN");
        assertThat(Client.postRaw("/v1/jobs", "{}").code()).isEqualTo("MALFORMED");
    }
}
