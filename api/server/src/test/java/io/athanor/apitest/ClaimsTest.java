package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.crypto.Secp256k1;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a wallet has to know to claim by itself, and how it has the network do it: it decides, signed in. */
@Tag("postgres")
class ClaimsTest {
    @Test
    void aClientFindsTheContractsAndTheirAbi() {
        JsonNode contracts = Client.get("/v1/contracts").json();
        assertThat(contracts.path("chainId").asLong()).isEqualTo(31_337);
        JsonNode vault = contracts.path("contracts").path(0);
        assertThat(vault.path("name").asText()).isEqualTo("AthVault");
        assertThat(vault.at("/abi/0/type").asText()).isEqualTo("event");
    }

    private static int relay(String path, boolean relayed, Map<String, String> headers) {
        byte[] body = ("{\"relayed\":" + relayed + "}").getBytes(StandardCharsets.UTF_8);
        return Client.send("POST", path + "/relay", body, headers).status();
    }

    private static boolean relayed(String path) {
        return Client.get(path).json().path("relayed").asBoolean();
    }

    @Test
    void aWalletHasItsClaimsSentForItAndTakesItBack() {
        Secp256k1.KeyPair key = Samples.key();
        String path = "/v1/accounts/" + Samples.wallet(key) + "/withdrawals";
        assertThat(relay(path, true, Map.of())).isEqualTo(401);
        assertThat(relay(path, true, Client.bearer(Samples.signIn(Samples.key()))))
                .isEqualTo(403);
        assertThat(relayed(path)).isFalse();

        Map<String, String> signedIn = Client.bearer(Samples.signIn(key));
        assertThat(relay(path, true, signedIn)).isEqualTo(200);
        assertThat(relayed(path)).isTrue();
        assertThat(relay(path, false, signedIn)).isEqualTo(200);
        assertThat(relayed(path)).isFalse();
    }
}
