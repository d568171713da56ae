package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.Json;
import io.athanor.crypto.Wallets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The operator's doors: who comes in, and what is asked of the parts behind them. */
@Tag("postgres")
class OperatorTest {
    private static final Map<String, String> OPERATOR = Client.bearer(Samples.signIn(Wallets.devnet(19)));

    private static Client.Answer get(String path) {
        return Client.send("GET", path, new byte[0], OPERATOR);
    }

    private static Client.Answer post(String path, Object body) {
        return Client.send("POST", path, Json.bytes(body), OPERATOR);
    }

    @Test
    void onlyOperatorsComeIn() {
        for (String path : new String[] {"overview", "dead-letters", "parked", "views/rebuild"}) {
            assertThat(Client.get("/v1/ops/" + path).code()).isEqualTo("NOT_SIGNED_IN");
            Client.Answer stranger =
                    Client.send("GET", "/v1/ops/" + path, new byte[0], Client.bearer(Samples.signIn(Samples.key())));
            assertThat(stranger.status()).isEqualTo(403);
            assertThat(stranger.code()).isEqualTo("NOT_ALLOWED");
            assertThat(get("/v1/ops/" + path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void lettersAreListedRetriedAndGivenUpWithAReason() {
        ApiNode.OPERATIONS.letter(7, "job/x.0");
        assertThat(get("/v1/ops/dead-letters?first=5").text()).contains("job/x.0", "cannot be folded");
        assertThat(get("/v1/ops/overview").json().path("deadLetters").asInt()).isEqualTo(1);
        assertThat(post("/v1/ops/dead-letters/retry", Map.of("projection", "jobs", "stream", "job/none"))
                        .code())
                .isEqualTo("NOT_FOUND");
        assertThat(post("/v1/ops/dead-letters/retry", Map.of("projection", "jobs", "stream", "job/x.0"))
                        .json()
                        .path("left")
                        .asInt())
                .isEqualTo(1);
        Map<String, Object> drop = Map.of("projection", "jobs", "index", 7, "reason", "a test's own");
        assertThat(post("/v1/ops/dead-letters/drop", drop).status()).isEqualTo(204);
        assertThat(ApiNode.OPERATIONS.dropped).containsExactly("7 by " + ApiNode.OPERATOR + ": a test's own");
        assertThat(post("/v1/ops/dead-letters/drop", drop).code()).isEqualTo("NOT_FOUND");
        assertThat(post("/v1/ops/dead-letters/drop", Map.of("projection", "jobs", "index", 7))
                        .code())
                .isEqualTo("MALFORMED");
    }

    @Test
    void parkedWorkIsListedAndTriesAgain() {
        ApiNode.OPERATIONS.park("task 1");
        assertThat(get("/v1/ops/parked").text()).contains("task 1", "ten failures");
        assertThat(post("/v1/ops/parked/retry", Map.of("instance", "task 2")).code())
                .isEqualTo("NOT_FOUND");
        assertThat(post("/v1/ops/parked/retry", Map.of("instance", "task 1")).status())
                .isEqualTo(204);
        assertThat(get("/v1/ops/parked").json().path("items")).isEmpty();
    }

    @Test
    void aRebuildIsStartedOnceAndTellsHowFarItIs() {
        assertThat(get("/v1/ops/views/rebuild").json().path("state").asText()).isEqualTo("NONE");
        Client.Answer begun = post("/v1/ops/views/rebuild", Map.of());
        assertThat(begun.status()).isEqualTo(202);
        assertThat(begun.json().path("state").asText()).isEqualTo("RUNNING");
        assertThat(post("/v1/ops/views/rebuild", Map.of()).code()).isEqualTo("WRONG_STATE");
        ApiNode.OPERATIONS.rebuilt();
        assertThat(get("/v1/ops/views/rebuild").json().path("state").asText()).isEqualTo("DONE");
    }
}
