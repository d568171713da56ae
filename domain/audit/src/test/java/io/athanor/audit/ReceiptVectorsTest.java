package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.Receipt.Quality;
import io.athanor.domain.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The bytes that a machine signs, and the signatures of a known key over them, which OpenSSL made: of a receipt as it was
 * before streams were measured, which must stay, and of one with their quality.
 */
class ReceiptVectorsTest {
    private static final String COMMON =
            "{\"container\":\"c\",\"endedAt\":\"2026-01-01T00:00:05.000Z\",\"ending\":\"COMPLETED\",\"exitCode\":0,"
                    + "\"image\":\"i\",\"lease\":\"019b76da-a800-74ce-a440-e2651db344e9.3.2\",\"logBytes\":120,"
                    + "\"outputs\":[],\"runMillis\":5000,\"signature\":\"\",\"startedAt\":\"2026-01-01T00:00:00.000Z\"";
    private static final String PLAIN = COMMON + "}";
    private static final String PLAIN_SIGNATURE = "0x677fe131569d66eed7b594eeaee4608e803f0db0ed885956a7f061e6829d6f3c"
            + "6c44e55b5dfc2d0328e5c4bb701b25df8130c8e0fd37c1afcc1072c127450b0a";
    private static final String MEASURED =
            COMMON + ",\"streams\":{\"p50Micros\":900,\"p95Micros\":2100,\"pieces\":1500}}";
    private static final String MEASURED_SIGNATURE =
            "0x86a339798f70c922f56cebd3a54212ace559dc3c119fc1abef9adbc2dbeecdb0"
                    + "e1c9d3a87682c6b2faf359bb36d216124b3713188c82cb316f57c07e050e2705";
    private static final Ed25519.KeyPair KEY = Ed25519.keyPair(seed());

    private static byte[] seed() {
        byte[] seed = new byte[Ed25519.KEY_BYTES];
        Arrays.fill(seed, (byte) 7);
        return seed;
    }

    private static Receipt receipt(@Nullable Quality streams) {
        return new Receipt(
                LeaseId.parse("019b76da-a800-74ce-a440-e2651db344e9.3.2"),
                "c",
                "i",
                Ending.COMPLETED,
                0,
                Samples.START,
                Samples.at(5_000),
                5_000,
                List.of(),
                null,
                120,
                streams,
                "0x11");
    }

    private static void holds(Receipt receipt, String text, String signature) {
        byte[] signed = Json.canonical(receipt.unsigned());
        assertThat(new String(signed, StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(Hex.encode(Ed25519.sign(KEY, signed))).isEqualTo(signature);
    }

    @Test
    void aReceiptWithoutStreamsIsSignedAsItAlwaysWas() {
        holds(receipt(null), PLAIN, PLAIN_SIGNATURE);
        assertThat(Json.read(PLAIN, Receipt.class).streams()).isNull();
    }

    @Test
    void theQualityOfStreamsIsSigned() {
        Receipt measured = receipt(new Quality(1_500, 900, 2_100));
        holds(measured, MEASURED, MEASURED_SIGNATURE);
        assertThat(Json.read(MEASURED, Receipt.class)).isEqualTo(measured.unsigned());
        byte[] better = Json.canonical(receipt(new Quality(1_500, 900, 2_000)).unsigned());
        assertThat(Hex.encode(Ed25519.sign(KEY, better))).isNotEqualTo(MEASURED_SIGNATURE);
    }

    @Test
    void figuresThatNoPiecesHaveAreRefused() {
        assertThatThrownBy(() -> new Quality(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Quality(9, 5, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Quality(1, 4, 4).pieces()).isEqualTo(1);
    }
}
