package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.crypto.Secp256k1;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sign-in by wallet: each way to fail beside the one that passes. */
@Tag("postgres")
class SignInTest {
    private static String nonce() {
        return Client.postRaw("/v1/auth/nonce", "{}").json().path("nonce").asText();
    }

    private static Client.Answer me(String token) {
        return Client.send("GET", "/v1/auth/me", new byte[0], Client.bearer(token));
    }

    @Test
    void aSignedMessageSignsInOnce() {
        Secp256k1.KeyPair key = Samples.key();
        String message = Samples.siwe(Samples.wallet(key), nonce(), ApiNode.CHAIN);
        JsonNode tokens =
                Client.post("/v1/auth/verify", Samples.signed(key, message)).json();
        assertThat(me(tokens.path("accessToken").asText()).json().path("wallet").asText())
                .isEqualTo(key.address());
        assertThat(Client.post("/v1/auth/verify", Samples.signed(key, message)).code())
                .isEqualTo("SIGNATURE_REPLAYED");
    }

    @Test
    void messagesForOthersAreRefused() {
        Secp256k1.KeyPair key = Samples.key();
        String good = Samples.siwe(Samples.wallet(key), nonce(), ApiNode.CHAIN);
        assertThat(Client.post("/v1/auth/verify", Samples.signed(key, good.replaceFirst("127.0.0.1", "evil.example")))
                        .code())
                .isEqualTo("SIGNATURE_INVALID");
        String otherChain = Samples.siwe(Samples.wallet(key), nonce(), 1);
        assertThat(Client.post("/v1/auth/verify", Samples.signed(key, otherChain))
                        .code())
                .isEqualTo("WRONG_CHAIN");
        String expired =
                Samples.siwe(Samples.wallet(key), nonce(), ApiNode.CHAIN) + "\nExpiration Time: 2020-01-01T00:00:00Z";
        assertThat(Client.post("/v1/auth/verify", Samples.signed(key, expired)).code())
                .isEqualTo("SIGNATURE_EXPIRED");
        assertThat(Client.post("/v1/auth/verify", Samples.signed(key, "hello")).code())
                .isEqualTo("MALFORMED");
        Secp256k1.KeyPair thief = Samples.key();
        String stolen = Samples.siwe(Samples.wallet(key), nonce(), ApiNode.CHAIN);
        assertThat(Client.post("/v1/auth/verify", Samples.signed(thief, stolen)).code())
                .isEqualTo("SIGNATURE_INVALID");
        assertThat(Client.post("/v1/auth/verify", Samples.signed(key, good)).status())
                .isEqualTo(200);
    }

    @Test
    void aRefreshTokenChangesAtEveryUseAndATheftEndsTheFamily() {
        Secp256k1.KeyPair key = Samples.key();
        String message = Samples.siwe(Samples.wallet(key), nonce(), ApiNode.CHAIN);
        String first = Client.post("/v1/auth/verify", Samples.signed(key, message))
                .json()
                .path("refreshToken")
                .asText();
        String second = refresh(first).json().path("refreshToken").asText();
        String third = refresh(second).json().path("refreshToken").asText();
        assertThat(third).isNotBlank();
        assertThat(refresh(first).code()).isEqualTo("NOT_SIGNED_IN");
        assertThat(refresh(third).code()).isEqualTo("NOT_SIGNED_IN");
        assertThat(refresh("athr_unknown").code()).isEqualTo("NOT_SIGNED_IN");
    }

    private static Client.Answer refresh(String token) {
        return Client.post("/v1/auth/refresh", Map.of("refreshToken", token));
    }

    @Test
    void tokensAreNeitherForgedNorOutlived() {
        String token = Samples.signIn(Samples.key());
        assertThat(me(token).status()).isEqualTo(200);
        assertThat(me(token.substring(0, token.length() - 2) + "AA").code()).isEqualTo("NOT_SIGNED_IN");
        assertThat(me("athk_unknown").code()).isEqualTo("NOT_SIGNED_IN");
        String none = "eyJhbGciOiJub25lIn0" + token.substring(token.indexOf('.'), token.lastIndexOf('.') + 1);
        assertThat(me(none).code()).isEqualTo("NOT_SIGNED_IN");
        ApiNode.CLOCK.shift.set(Duration.ofMinutes(16));
        try {
            assertThat(me(token).code()).isEqualTo("NOT_SIGNED_IN");
        } finally {
            ApiNode.CLOCK.shift.set(Duration.ZERO);
        }
    }
}
