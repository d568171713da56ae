package io.athanor.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LogFollowerTest {
    @Test
    void charactersAreNeverCut() {
        for (String text : new String[] {"a", "é", "€", "😀", "ab€", "😀é"}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(LogFollower.wholeCharacters(bytes)).isEqualTo(bytes.length);
            for (int cut = 1; cut < bytes.length; cut++) {
                byte[] part = Arrays.copyOf(bytes, cut);
                int whole = LogFollower.wholeCharacters(part);
                String shown = new String(part, 0, whole, StandardCharsets.UTF_8);
                assertThat(text).startsWith(shown);
                assertThat(cut - whole).isLessThan(4);
            }
        }
    }

    @Test
    void bytesThatAreNoTextPassThrough() {
        byte[] stray = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80};
        assertThat(LogFollower.wholeCharacters(stray)).isEqualTo(4);
        assertThat(LogFollower.wholeCharacters(new byte[0])).isZero();
    }
}
