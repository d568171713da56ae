package io.athanor.agent.docker;

import java.io.EOFException;
import java.io.IOException;

/**
 * What a container without a terminal writes, taken out of the engine's frames: a type, three zeros, and the payload's length
 * as four bytes, big end first. Both of its outputs in the order in which the engine read them.
 */
final class OutputFrames {
    private static final int HEAD_BYTES = 8;

    private final byte[] head = new byte[HEAD_BYTES];
    private int headRead;
    private long payloadLeft;

    /**
     * Moves the payloads in {@code buffer} together to its beginning; frames may begin and end in any buffer.
     *
     * @return how many bytes of payload lie there now
     */
    int unframe(byte[] buffer, int length) {
        int kept = 0;
        int at = 0;
        while (at < length) {
            if (payloadLeft > 0) {
                int some = (int) Math.min(payloadLeft, length - at);
                System.arraycopy(buffer, at, buffer, kept, some);
                kept += some;
                at += some;
                payloadLeft -= some;
            } else {
                head[headRead++] = buffer[at++];
                if (headRead == HEAD_BYTES) {
                    headRead = 0;
                    payloadLeft = payloadLength();
                }
            }
        }
        return kept;
    }

    private long payloadLength() {
        return (head[4] & 0xffL) << 24 | (head[5] & 0xffL) << 16 | (head[6] & 0xffL) << 8 | (head[7] & 0xffL);
    }

    /** @throws IOException when a frame is not whole */
    void requireWhole() throws IOException {
        if (headRead > 0 || payloadLeft > 0) {
            throw new EOFException("the engine's stream broke off in the middle of a frame");
        }
    }
}
