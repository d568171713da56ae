package io.athanor.domain.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keccak-256 as Ethereum uses it: Keccak[c=512] with the original padding {@code 0x01}, not the {@code 0x06} of SHA-3.
 *
 * <p>Input is any number of byte arrays, hashed as their concatenation; output is 32 bytes. Source: the Keccak reference,
 * version 3.0, sections 1.2 and 2.1. Stateless and safe for any thread.
 */
public final class Keccak256 {
    /** Length of a digest, in bytes. */
    public static final int DIGEST_BYTES = 32;

    static final byte ETHEREUM_PADDING = 0x01;

    private static final int RATE_BYTES = 136;
    private static final int LANES = 25;
    private static final VarHandle LANE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[] ROUND_CONSTANTS = {
        0x0000000000000001L, 0x0000000000008082L, 0x800000000000808aL, 0x8000000080008000L,
        0x000000000000808bL, 0x0000000080000001L, 0x8000000080008081L, 0x8000000000008009L,
        0x000000000000008aL, 0x0000000000000088L, 0x0000000080008009L, 0x000000008000000aL,
        0x000000008000808bL, 0x800000000000008bL, 0x8000000000008089L, 0x8000000000008003L,
        0x8000000000008002L, 0x8000000000000080L, 0x000000000000800aL, 0x800000008000000aL,
        0x8000000080008081L, 0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L
    };

    private final long[] state = new long[LANES];
    private final long[] scratch = new long[LANES];
    private final byte[] block = new byte[RATE_BYTES];
    private int filled;

    private Keccak256() {}

    /** The 32-byte digest of the concatenated parts. */
    public static byte[] hash(byte[]... parts) {
        return sponge(ETHEREUM_PADDING, parts);
    }

    /** The sponge with a chosen padding byte, so that a test can compare the permutation with the JDK's SHA3-256. */
    static byte[] sponge(byte padding, byte[]... parts) {
        Keccak256 sponge = new Keccak256();
        for (byte[] part : parts) {
            sponge.absorb(part);
        }
        return sponge.squeeze(padding);
    }

    private void absorb(byte[] part) {
        int offset = 0;
        while (offset < part.length) {
            int taken = Math.min(RATE_BYTES - filled, part.length - offset);
            System.arraycopy(part, offset, block, filled, taken);
            offset += taken;
            filled += taken;
            if (filled == RATE_BYTES) {
                absorbBlock();
            }
        }
    }

    private byte[] squeeze(byte padding) {
        Arrays.fill(block, filled, RATE_BYTES, (byte) 0);
        block[filled] ^= padding;
        block[RATE_BYTES - 1] ^= (byte) 0x80;
        absorbBlock();
        byte[] digest = new byte[DIGEST_BYTES];
        for (int lane = 0; lane < DIGEST_BYTES / Long.BYTES; lane++) {
            LANE.set(digest, lane * Long.BYTES, state[lane]);
        }
        return digest;
    }

    private void absorbBlock() {
        for (int lane = 0; lane < RATE_BYTES / Long.BYTES; lane++) {
            state[lane] ^= (long) LANE.get(block, lane * Long.BYTES);
        }
        filled = 0;
        for (int round = 0; round < ROUND_CONSTANTS.length; round += 2) {
            round(state, scratch, ROUND_CONSTANTS[round]);
            round(scratch, state, ROUND_CONSTANTS[round + 1]);
        }
    }

    /** One round from {@code a} to {@code e}: theta, rho and pi gather each output row, chi and iota write it. */
    private static void round(long[] a, long[] e, long constant) {
        long c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
        long c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
        long c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
        long c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
        long c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
        long d0 = c4 ^ rotl(c1, 1);
        long d1 = c0 ^ rotl(c2, 1);
        long d2 = c1 ^ rotl(c3, 1);
        long d3 = c2 ^ rotl(c4, 1);
        long d4 = c3 ^ rotl(c0, 1);
        chi(e, 0, a[0] ^ d0, rotl(a[6] ^ d1, 44), rotl(a[12] ^ d2, 43), rotl(a[18] ^ d3, 21), rotl(a[24] ^ d4, 14));
        chi(
                e,
                5,
                rotl(a[3] ^ d3, 28),
                rotl(a[9] ^ d4, 20),
                rotl(a[10] ^ d0, 3),
                rotl(a[16] ^ d1, 45),
                rotl(a[22] ^ d2, 61));
        chi(
                e,
                10,
                rotl(a[1] ^ d1, 1),
                rotl(a[7] ^ d2, 6),
                rotl(a[13] ^ d3, 25),
                rotl(a[19] ^ d4, 8),
                rotl(a[20] ^ d0, 18));
        chi(
                e,
                15,
                rotl(a[4] ^ d4, 27),
                rotl(a[5] ^ d0, 36),
                rotl(a[11] ^ d1, 10),
                rotl(a[17] ^ d2, 15),
                rotl(a[23] ^ d3, 56));
        chi(
                e,
                20,
                rotl(a[2] ^ d2, 62),
                rotl(a[8] ^ d3, 55),
                rotl(a[14] ^ d4, 39),
                rotl(a[15] ^ d0, 41),
                rotl(a[21] ^ d1, 2));
        e[0] ^= constant;
    }

    private static void chi(long[] e, int row, long b0, long b1, long b2, long b3, long b4) {
        e[row] = b0 ^ (~b1 & b2);
        e[row + 1] = b1 ^ (~b2 & b3);
        e[row + 2] = b2 ^ (~b3 & b4);
        e[row + 3] = b3 ^ (~b4 & b0);
        e[row + 4] = b4 ^ (~b0 & b1);
    }

    private static long rotl(long lane, int bits) {
        return Long.rotateLeft(lane, bits);
    }
}
