package io.athanor.local.demo;

import io.athanor.domain.hash.Hash32;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;

/**
 * The ABI encoding of {@code verifyInclusion(uint64,uint32,uint8,bytes,bytes32[])}'s arguments: five head words, then
 * the two dynamic values. Source: the Solidity contract ABI specification.
 */
final class InclusionCall {
    private static final int HEAD_BYTES = 5 * Hash32.BYTES;

    private InclusionCall() {}

    static byte[] encode(long seq, int index, int kind, byte[] data, List<Hash32> proof) {
        int padded = Math.ceilDiv(data.length, Hash32.BYTES) * Hash32.BYTES;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        word(out, seq);
        word(out, index);
        word(out, kind);
        word(out, HEAD_BYTES);
        word(out, HEAD_BYTES + Hash32.BYTES + padded);
        word(out, data.length);
        out.writeBytes(java.util.Arrays.copyOf(data, padded));
        word(out, proof.size());
        proof.forEach(hash -> out.writeBytes(hash.bytes()));
        return out.toByteArray();
    }

    private static void word(ByteArrayOutputStream out, long value) {
        byte[] digits = BigInteger.valueOf(value).toByteArray();
        out.writeBytes(new byte[Hash32.BYTES - digits.length]);
        out.writeBytes(digits);
    }
}
