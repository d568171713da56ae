package io.athanor.domain.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HexTest {
    private static final String ONE = "0x" + "0".repeat(63) + "1";

    @Test
    void everyByteSurvivesTheRoundTrip() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        assertThat(Hex.encode(all)).startsWith("0x000102").endsWith("fdfeff");
        assertThat(Hex.decode(Hex.encode(all))).isEqualTo(all);
        assertThat(Hex.decode("0x")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',0", "abcd,0", "0X00,0", "0xabc,4", "0xaB,3", "0x0g,3", "0x 1,2", "0x0\u0661,3"})
    void anotherSpellingIsRefusedWithItsPosition(String text, int position) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hex.decode(text))
                .withMessageEndingWith("at position " + position);
    }

    @Test
    void anotherLengthIsRefused() {
        assertThat(Hex.decode("0x0102", 2)).containsExactly(1, 2);
        assertThatIllegalArgumentException().isThrownBy(() -> Hex.decode("0x0102", 3));
        assertThatIllegalArgumentException().isThrownBy(() -> Hex.decode("0x0102", 1));
    }

    @Test
    void hash32IsThirtyTwoBytesInOneSpelling() {
        Hash32 one = new Hash32(ONE);
        assertThat(Hash32.of(one.bytes())).isEqualTo(one);
        assertThat(one).hasToString(ONE).isGreaterThan(Hash32.ZERO);
        assertThat(new Hash32("0xf" + "0".repeat(63))).isGreaterThan(one);
        assertThatIllegalArgumentException().isThrownBy(() -> new Hash32(ONE.substring(0, 65)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Hash32("0xA" + "0".repeat(63)));
        assertThatIllegalArgumentException().isThrownBy(() -> Hash32.of(new byte[31]));
    }
}
