package io.athanor.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSignatureTest {
    private static final Instant AT = Instant.ofEpochMilli(1_767_225_600_123L);
    private static final String NONCE = "AAAAbbbb-1111_222";
    private static final byte[] BODY = "{}".getBytes(UTF_8);
    private static final RequestSignature REQUEST =
            RequestSignature.of("POST", "/agent/v1/sync?wait=20", AT, NONCE, BODY);
    private static final Ed25519.KeyPair DEVICE = Ed25519.keyPair(new byte[32]);

    @Test
    void theSignedBytesAreFixed() {
        assertThat(new String(REQUEST.bytesToSign(), UTF_8))
                .isEqualTo("athanor-request-v1\nPOST\n/agent/v1/sync?wait=20\n1767225600123\nAAAAbbbb-1111_222\n"
                        + "0x44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    @Test
    void onlyTheSameRequestAndDeviceVerify() {
        byte[] signature = REQUEST.sign(DEVICE);
        byte[] device = DEVICE.publicKey();
        assertThat(REQUEST.isSignedBy(device, signature)).isTrue();
        List<RequestSignature> others = List.of(
                RequestSignature.of("PUT", REQUEST.path(), AT, NONCE, BODY),
                RequestSignature.of("POST", "/agent/v1/sync?wait=21", AT, NONCE, BODY),
                RequestSignature.of("POST", REQUEST.path(), AT.plusMillis(1), NONCE, BODY),
                RequestSignature.of("POST", REQUEST.path(), AT, NONCE + "x", BODY),
                RequestSignature.of("POST", REQUEST.path(), AT, NONCE, new byte[0]));
        assertThat(others).noneMatch(other -> other.isSignedBy(device, signature));
        assertThat(REQUEST.isSignedBy(
                        Ed25519.keyPair(NONCE.repeat(2).substring(0, 32).getBytes(UTF_8))
                                .publicKey(),
                        signature))
                .isFalse();
    }

    @Test
    void aRequestIsFreshForThirtySecondsEitherWay() {
        assertThat(REQUEST.isFresh(AT)).isTrue();
        assertThat(REQUEST.isFresh(AT.plusSeconds(30))).isTrue();
        assertThat(REQUEST.isFresh(AT.minusSeconds(30))).isTrue();
        assertThat(REQUEST.isFresh(AT.plusMillis(30_001))).isFalse();
        assertThat(REQUEST.isFresh(AT.minusMillis(30_001))).isFalse();
    }

    @Test
    void timeIsKeptInTheMillisecondsThatAreSigned() {
        RequestSignature finer = RequestSignature.of("POST", REQUEST.path(), AT.plusNanos(999), NONCE, BODY);
        assertThat(finer).isEqualTo(REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "agent", "/a b", "/a\n", "/\u00e9", "/a\u0000"})
    void aPathOfAnotherFormIsRefused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> RequestSignature.of("GET", path, AT, NONCE, BODY));
    }

    @Test
    void otherPartsOfAnotherFormAreRefused() {
        assertThat(RequestSignature.of("GET", "/", AT, NONCE, BODY).path()).isEqualTo("/");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestSignature.of("/" + "a".repeat(2048), "/", AT, NONCE, BODY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestSignature.of("GET", "/" + "a".repeat(2048), AT, NONCE, BODY));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestSignature.of("get", "/", AT, NONCE, BODY));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestSignature.of("GET", "/", AT, "short", BODY));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestSignature.of("GET", "/", AT, NONCE + "\n", BODY));
        assertThatIllegalArgumentException().isThrownBy(() -> new RequestSignature("GET", "/", AT, NONCE, "0x00"));
    }
}
