package io.athanor.domain.epoch;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import java.nio.ByteBuffer;

/**
 * The end of the chain of settlement batches. {@code head_n = keccak(head_{n-1}, seq, root)}, each a 32-byte word,
 * as the contract computes it. Before the first batch: seq 0 and the zero hash.
 */
public record ChainHead(long seq, Hash32 head) {
    public static final ChainHead GENESIS = new ChainHead(0, Hash32.ZERO);

    public ChainHead next(Hash32 root) {
        byte[] number = ByteBuffer.allocate(32).position(24).putLong(seq + 1).array();
        return new ChainHead(seq + 1, Hash32.of(Keccak256.hash(head.bytes(), number, root.bytes())));
    }
}
