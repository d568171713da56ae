package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.SessionKeyView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Session keys on the command line. */
class KeysCommandTest extends CommandLineTest {
    @Test
    void sessionKeysAreListedAuthorisedAndRevoked() {
        Wallet wallet = Wallet.parse(KEY.address());
        String keys = "/v1/accounts/" + wallet + "/session-keys";
        SessionKeyView shown = new SessionKeyView(
                wallet,
                TestNode.LOG,
                Set.of(SessionKey.Scope.SUBMIT_JOB),
                Ath.ofWhole(15),
                Ath.ofWhole(4),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(60),
                null,
                7);
        node.answer("GET " + keys, request -> new Page<>(List.of(shown), null, 7))
                .answer("POST " + keys, request -> {
                    JsonNode signed = request.body().path("authorization");
                    SessionKey key = Json.read(Json.bytes(request.body().path("key")), SessionKey.class);
                    assertThat(key.limit()).isEqualTo(Ath.ofWhole(10));
                    assertThat(key.scopes()).containsExactly(SessionKey.Scope.CANCEL_JOB);
                    TestNode.requireSigned(
                            signed, TypedCommands.authorizeSessionKey(wallet, key, id(signed), expiry(signed)));
                    return Map.of("commandId", signed.path("commandId").asText(), "events", 1, "index", 9);
                })
                .answer("POST " + keys + "/revoke", request -> {
                    JsonNode signed = request.body().path("authorization");
                    TestNode.requireSigned(
                            signed, TypedCommands.revokeSessionKey(wallet, TestNode.LOG, id(signed), expiry(signed)));
                    return Map.of("commandId", signed.path("commandId").asText(), "events", 0, "index", 9);
                });
        assertThat(run("keys", "list")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("EXPIRED", "SUBMIT_JOB", "15 ATH", "4 ATH");
        String key = TestNode.LOG.toString();
        assertThat(run("keys", "authorise", key, "--limit", "10 ATH", "--scope", "cancel_job"))
                .as(err.toString())
                .isZero();
        assertThat(run("keys", "revoke", key)).as(err.toString()).isZero();
        assertThat(err.toString()).contains("no such key in force");
    }

    private static CommandId id(JsonNode signed) {
        return CommandId.parse(signed.path("commandId").asText());
    }

    private static Instant expiry(JsonNode signed) {
        return Instant.parse(signed.path("expiresAt").asText());
    }
}
