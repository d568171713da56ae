package io.athanor.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import io.athanor.domain.hash.MerkleTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.junit.jupiter.api.Test;

/** Athanor's own Keccak-256 and Merkle tree against Bouncy Castle's Keccak. */
class KeccakProperties {
    private static final long SEED = 1600;

    private final Random random = new Random(SEED);

    @Test
    void digestsAreBouncyCastles() {
        for (int length = 0; length < 700; length++) {
            byte[] data = bytes(length);
            assertThat(Keccak256.hash(data))
                    .as("length %d, seed %d", length, SEED)
                    .isEqualTo(theirs(data));
        }
    }

    @Test
    void rootsAreThoseOfARecursionOverBouncyCastle() {
        List<byte[]> leaves = new ArrayList<>();
        for (int size = 1; size <= 70; size++) {
            leaves.add(bytes(random.nextInt(300)));
            assertThat(MerkleTree.root(leaves))
                    .as("size %d, seed %d", size, SEED)
                    .isEqualTo(Hash32.of(recursiveRoot(leaves)));
        }
    }

    private static byte[] recursiveRoot(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return theirs(new byte[] {0}, leaves.getFirst());
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return theirs(
                new byte[] {1},
                recursiveRoot(leaves.subList(0, split)),
                recursiveRoot(leaves.subList(split, leaves.size())));
    }

    private static byte[] theirs(byte[]... parts) {
        KeccakDigest digest = new KeccakDigest(256);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
