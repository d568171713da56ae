package io.athanor.domain.hash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Keccak256Test {
    private static final long SEED = 0x4154484cL;
    private static final int PAST_FOUR_BLOCKS = 4 * 136 + 3;

    @ParameterizedTest
    @CsvSource({
        "'', 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        "abc, 0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
        "testing, 0x5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02",
        "The quick brown fox jumps over the lazy dog, 0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"
    })
    void hashesPublishedVectors(String text, String expected) {
        assertThat(Hex.encode(Keccak256.hash(text.getBytes(UTF_8)))).isEqualTo(expected);
    }

    @Test
    void spongeEqualsTheJdksSha3AtEveryLengthAroundTheBlock() throws Exception {
        MessageDigest sha3 = MessageDigest.getInstance("SHA3-256");
        Random random = new Random(SEED);
        for (int length = 0; length <= PAST_FOUR_BLOCKS; length++) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            assertThat(Keccak256.sponge((byte) 0x06, data))
                    .as("length %d, seed %d", length, SEED)
                    .isEqualTo(sha3.digest(data));
        }
    }

    @Test
    void partsHashAsTheirConcatenation() {
        Random random = new Random(SEED);
        byte[] data = new byte[PAST_FOUR_BLOCKS];
        random.nextBytes(data);
        byte[] whole = Keccak256.hash(data);
        for (int i = 0; i < 200; i++) {
            int first = random.nextInt(data.length);
            int second = first + random.nextInt(data.length - first);
            byte[] joined = Keccak256.hash(
                    Arrays.copyOfRange(data, 0, first),
                    Arrays.copyOfRange(data, first, second),
                    Arrays.copyOfRange(data, second, data.length));
            assertThat(joined)
                    .as("cut at %d and %d, seed %d", first, second, SEED)
                    .isEqualTo(whole);
        }
    }

    @Test
    void sha256IsTheStandardOne() {
        assertThat(Hex.encode(Digests.sha256("ab".getBytes(UTF_8), "c".getBytes(UTF_8))))
                .isEqualTo("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
