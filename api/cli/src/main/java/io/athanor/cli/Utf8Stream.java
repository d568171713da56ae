package io.athanor.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns chunks of bytes into text; a character cut by a chunk's end waits for its rest. */
final class Utf8Stream {
    private static final int LONGEST_CHARACTER_BYTES = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] waiting = {};

    String decode(byte[] chunk) {
        ByteBuffer in = ByteBuffer.allocate(waiting.length + chunk.length)
                .put(waiting)
                .put(chunk)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_CHARACTER_BYTES);
        decoder.decode(in, out, false);
        waiting = new byte[in.remaining()];
        in.get(waiting);
        return out.flip().toString();
    }
}
