package io.athanor.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputFramesTest {
    @Test
    void whereverTheStreamIsCutThePayloadsComeOutWholeAndInOrder() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            byte[] framed = framed(random, payload);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            OutputFrames frames = new OutputFrames();
            for (int at = 0; at < framed.length; ) {
                int some = Math.min(framed.length - at, 1 + random.nextInt(50));
                byte[] buffer = Arrays.copyOfRange(framed, at, at + some);
                out.write(buffer, 0, frames.unframe(buffer, some));
                at += some;
            }
            assertThat(out.toByteArray()).as("seed " + seed).isEqualTo(payload.toByteArray());
            assertThatCode(frames::requireWhole).doesNotThrowAnyException();
        }
    }

    @Test
    void aStreamThatEndsWithinAFrameIsNotWhole() {
        for (int bytes : new int[] {3, 8, 10}) {
            OutputFrames frames = new OutputFrames();
            frames.unframe(new byte[] {1, 0, 0, 0, 0, 0, 0, 4, 'a', 'b', 'c', 'd'}, bytes);
            assertThatThrownBy(frames::requireWhole).isInstanceOf(EOFException.class);
        }
    }

    private static byte[] framed(Random random, ByteArrayOutputStream payload) {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        for (int i = random.nextInt(20); i >= 0; i--) {
            byte[] part = new byte[random.nextInt(120)];
            random.nextBytes(part);
            payload.writeBytes(part);
            framed.writeBytes(ByteBuffer.allocate(8)
                    .put((byte) (1 + random.nextInt(2)))
                    .put(new byte[3])
                    .putInt(part.length)
                    .array());
            framed.writeBytes(part);
        }
        return framed.toByteArray();
    }
}
