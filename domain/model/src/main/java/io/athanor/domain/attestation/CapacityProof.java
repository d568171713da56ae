package io.athanor.domain.attestation;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a real card sends of a capacity test: the Merkle root over all its lanes, and some of them, which the root itself
 * draws, each with its path. A checker computes those again, on a processor.
 *
 * <p>Bytes: the root, then for each of {@value #SAMPLES} drawn leaves its {@value #LANES_OF_A_LEAF} lanes of eight bytes,
 * big-endian, and its path from the sibling up. The lanes are fixed before the draw (Fiat and Shamir), so whoever computed
 * the share p of them is believed with the chance p^{@value #SAMPLES}: about 10⁻¹⁰ for seven tenths, a try. Another
 * try costs the hashes of one path and of the draw, so who computed nine tenths needs about a thousand of them.
 */
public final class CapacityProof {
    public static final int SAMPLES = 64;
    public static final int LANES_OF_A_LEAF = 8;
    private static final int LEAF_BYTES = LANES_OF_A_LEAF * Long.BYTES;

    private CapacityProof() {}

    static byte[] of(CapacityWork work, long[] lanes) {
        List<byte[]> leaves = new ArrayList<>();
        for (int from = 0; from < lanes.length; from += LANES_OF_A_LEAF) {
            leaves.add(bytes(lanes, from, LANES_OF_A_LEAF));
        }
        MerkleTree tree = MerkleTree.of(leaves);
        List<byte[]> parts = new ArrayList<>(List.of(tree.root().bytes()));
        for (int sample = 0; sample < SAMPLES; sample++) {
            int leaf = draw(work, tree.root(), sample);
            parts.add(leaves.get(leaf));
            tree.inclusionProof(leaf).forEach(node -> parts.add(node.bytes()));
        }
        return joined(parts);
    }

    static boolean holds(CapacityWork work, byte[] proof) {
        ByteBuffer rest = ByteBuffer.wrap(proof);
        if (rest.remaining() < Hash32.BYTES) {
            return false;
        }
        Hash32 root = hash(rest);
        for (int sample = 0; sample < SAMPLES; sample++) {
            if (!holds(work, root, draw(work, root, sample), rest)) {
                return false;
            }
        }
        return !rest.hasRemaining();
    }

    private static boolean holds(CapacityWork work, Hash32 root, int leaf, ByteBuffer rest) {
        int leaves = work.lanes() / LANES_OF_A_LEAF;
        int path = pathLength(leaf, leaves);
        if (rest.remaining() < LEAF_BYTES + path * Hash32.BYTES) {
            return false;
        }
        byte[] lanes = new byte[LEAF_BYTES];
        rest.get(lanes);
        List<Hash32> nodes = new ArrayList<>();
        for (int i = 0; i < path; i++) {
            nodes.add(hash(rest));
        }
        return MerkleTree.verify(root, MerkleTree.leafHash(lanes), leaf, leaves, nodes) && isSolved(work, leaf, lanes);
    }

    private static boolean isSolved(CapacityWork work, int leaf, byte[] lanes) {
        ByteBuffer given = ByteBuffer.wrap(lanes);
        for (int i = 0; i < LANES_OF_A_LEAF; i++) {
            if (given.getLong() != work.lane(leaf * LANES_OF_A_LEAF + i)) {
                return false;
            }
        }
        return true;
    }

    /** An odd last node rises without a sibling. */
    private static int pathLength(int leaf, int leaves) {
        int length = 0;
        for (int at = leaf, size = leaves; size > 1; at /= 2, size = (size + 1) / 2) {
            length += (at ^ 1) < size ? 1 : 0;
        }
        return length;
    }

    private static int draw(CapacityWork work, Hash32 root, int sample) {
        byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(sample).array();
        long drawn = ByteBuffer.wrap(
                        Hash32.keccak(work.seed().bytes(), root.bytes(), number).bytes())
                .getLong();
        return (int) Long.remainderUnsigned(drawn, work.lanes() / LANES_OF_A_LEAF);
    }

    static byte[] bytes(long[] lanes, int from, int count) {
        ByteBuffer all = ByteBuffer.allocate(count * Long.BYTES);
        for (int i = 0; i < count; i++) {
            all.putLong(lanes[from + i]);
        }
        return all.array();
    }

    private static Hash32 hash(ByteBuffer from) {
        byte[] hash = new byte[Hash32.BYTES];
        from.get(hash);
        return Hash32.of(hash);
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteBuffer all =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
