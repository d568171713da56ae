package io.athanor.domain.attestation;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shows that the lanes of a capacity test were computed, in three messages: the machine signs the Merkle root over all of
 * them, the checker then shows the secret that draws {@value #SAMPLES} lanes, and the machine opens the leaves that hold
 * those. The checker computes the drawn lanes again, on a processor.
 *
 * <p>Invariants: the test carries the {@link #commitment} to the secret and the machine signs it with its root, so that
 * neither can choose: the machine fixes its root before it knows what is drawn, and the checker its draw before it knows the
 * root. Anybody who has the evidence draws the same lanes. Where the leaves are no more than the samples, as of simulated
 * cards, all lanes are opened.
 *
 * <p>Bytes of an opening: for each sample in order, the lanes of its leaf, at most {@value #LANES_OF_A_LEAF} of eight bytes,
 * big-endian, and its path from the sibling up; or all lanes.
 *
 * <p>The bound: each sample draws one lane of all, again each time, so whoever computed the share p of the lanes gets through
 * with the chance p^{@value #SAMPLES}: 2⁻²⁰ for nine tenths (6.0·10⁻⁷), 10⁻²¹ for seven tenths, and another try costs another
 * test. A checker that tells a machine its secret beforehand gives its own finding away and no other's.
 */
public final class CapacityProof {
    public static final int SAMPLES = 136;
    public static final int LANES_OF_A_LEAF = 16;
    private static final byte[] DOMAIN = "athanor.capacity.draw.v1".getBytes(StandardCharsets.UTF_8);

    private final CapacityWork work;
    private final byte[] lanes;
    private final MerkleTree tree;

    private CapacityProof(CapacityWork work, byte[] lanes) {
        this.work = work;
        this.lanes = lanes;
        this.tree = tree(lanes);
    }

    /** Over what a card computed, eight bytes a lane, which nobody changes any more. Error: {@link IllegalArgumentException} for another number of lanes. */
    public static CapacityProof over(CapacityWork work, byte[] lanes) {
        if (lanes.length != work.lanes() * Long.BYTES) {
            throw new IllegalArgumentException(lanes.length + " bytes are not " + work.lanes() + " lanes");
        }
        return new CapacityProof(work, lanes);
    }

    /** What a test says of the secret that will draw its samples. */
    public static Hash32 commitment(Hash32 secret) {
        return Hash32.keccak(DOMAIN, secret.bytes());
    }

    /** What the machine signs before it knows what is drawn. */
    public Hash32 root() {
        return tree.root();
    }

    /** What shows the lanes that this secret draws. */
    public byte[] open(Hash32 secret) {
        if (isWhole(work)) {
            return lanes.clone();
        }
        List<byte[]> parts = new ArrayList<>();
        for (int sample = 0; sample < SAMPLES; sample++) {
            int leaf = draw(work, secret, root(), sample) / LANES_OF_A_LEAF;
            parts.add(leaf(lanes, leaf));
            tree.inclusionProof(leaf).forEach(node -> parts.add(node.bytes()));
        }
        ByteBuffer opening =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(opening::put);
        return opening.array();
    }

    /** Whether this opens what the secret draws under this root, and the drawn lanes are the test's. */
    public static boolean holds(CapacityWork work, Hash32 root, Hash32 secret, byte[] opening) {
        if (isWhole(work)) {
            return Arrays.equals(opening, work.solve()) && tree(opening).root().equals(root);
        }
        ByteBuffer rest = ByteBuffer.wrap(opening);
        for (int sample = 0; sample < SAMPLES; sample++) {
            if (!holds(work, root, draw(work, secret, root, sample), rest)) {
                return false;
            }
        }
        return !rest.hasRemaining();
    }

    private static boolean holds(CapacityWork work, Hash32 root, int lane, ByteBuffer rest) {
        int leaf = lane / LANES_OF_A_LEAF;
        int leaves = leaves(work);
        int path = pathLength(leaf, leaves);
        int inLeaf = Math.min(LANES_OF_A_LEAF, work.lanes() - leaf * LANES_OF_A_LEAF);
        if (rest.remaining() < inLeaf * Long.BYTES + path * Hash32.BYTES) {
            return false;
        }
        byte[] given = new byte[inLeaf * Long.BYTES];
        rest.get(given);
        List<Hash32> nodes = new ArrayList<>();
        for (int i = 0; i < path; i++) {
            nodes.add(hash(rest));
        }
        return MerkleTree.verify(root, MerkleTree.leafHash(given), leaf, leaves, nodes)
                && ByteBuffer.wrap(given).getLong(lane % LANES_OF_A_LEAF * Long.BYTES) == work.lane(lane);
    }

    /** The lane that a sample looks at. */
    static int draw(CapacityWork work, Hash32 secret, Hash32 root, int sample) {
        byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(sample).array();
        byte[] gpu = work.gpu().getBytes(StandardCharsets.UTF_8);
        long drawn = ByteBuffer.wrap(Hash32.keccak(secret.bytes(), work.seed().bytes(), root.bytes(), number, gpu)
                        .bytes())
                .getLong();
        return (int) Long.remainderUnsigned(drawn, work.lanes());
    }

    private static boolean isWhole(CapacityWork work) {
        return leaves(work) <= SAMPLES;
    }

    private static int leaves(CapacityWork work) {
        return Math.ceilDiv(work.lanes(), LANES_OF_A_LEAF);
    }

    private static MerkleTree tree(byte[] lanes) {
        int leaves = Math.ceilDiv(lanes.length, LANES_OF_A_LEAF * Long.BYTES);
        List<byte[]> all = new ArrayList<>(leaves);
        for (int leaf = 0; leaf < leaves; leaf++) {
            all.add(leaf(lanes, leaf));
        }
        return MerkleTree.of(all);
    }

    private static byte[] leaf(byte[] lanes, int leaf) {
        int from = leaf * LANES_OF_A_LEAF * Long.BYTES;
        return Arrays.copyOfRange(lanes, from, Math.min(lanes.length, from + LANES_OF_A_LEAF * Long.BYTES));
    }

    /** An odd last node rises without a sibling. */
    private static int pathLength(int leaf, int leaves) {
        int length = 0;
        for (int at = leaf, size = leaves; size > 1; at /= 2, size = (size + 1) / 2) {
            length += (at ^ 1) < size ? 1 : 0;
        }
        return length;
    }

    private static Hash32 hash(ByteBuffer from) {
        byte[] hash = new byte[Hash32.BYTES];
        from.get(hash);
        return Hash32.of(hash);
    }
}
