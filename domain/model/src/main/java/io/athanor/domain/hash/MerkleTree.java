package io.athanor.domain.hash;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The Merkle tree of RFC 6962 section 2.1 over Keccak-256: leaf = keccak(0x00 ‖ data), node = keccak(0x01 ‖ left ‖
 * right), split at the largest power of two below the size; the root of no leaves is keccak of nothing.
 *
 * <p>Immutable. The two prefixes keep a node from passing for a leaf. Levels are kept bottom-up, an odd last node rising
 * unchanged, which gives the same tree as the recursive definition.
 */
public final class MerkleTree {
    private static final byte[] LEAF = {0x00};
    private static final byte[] NODE = {0x01};

    /** levels.get(0) are the leaf hashes; the last level is the root alone. No level for an empty tree. */
    private final List<byte[][]> levels;

    private MerkleTree(List<byte[][]> levels) {
        this.levels = levels;
    }

    /** The tree over these leaf contents, in order. */
    public static MerkleTree of(List<byte[]> leaves) {
        return build(leaves.stream().map(data -> Keccak256.hash(LEAF, data)).toArray(byte[][]::new));
    }

    /** The tree over leaf hashes made by {@link #leafHash}, in order. */
    public static MerkleTree ofLeafHashes(List<Hash32> leafHashes) {
        return build(leafHashes.stream().map(Hash32::bytes).toArray(byte[][]::new));
    }

    /** The root over these leaf contents. */
    public static Hash32 root(List<byte[]> leaves) {
        return of(leaves).root();
    }

    /** keccak(0x00 ‖ data). */
    public static Hash32 leafHash(byte[] data) {
        return Hash32.keccak(LEAF, data);
    }

    /** keccak(0x01 ‖ left ‖ right). */
    public static Hash32 nodeHash(Hash32 left, Hash32 right) {
        return Hash32.keccak(NODE, left.bytes(), right.bytes());
    }

    private static MerkleTree build(byte[][] leafHashes) {
        List<byte[][]> levels = new ArrayList<>();
        byte[][] level = leafHashes;
        while (level.length > 1) {
            levels.add(level);
            level = parents(level);
        }
        if (level.length == 1) {
            levels.add(level);
        }
        return new MerkleTree(List.copyOf(levels));
    }

    private static byte[][] parents(byte[][] level) {
        byte[][] parents = new byte[(level.length + 1) / 2][];
        for (int i = 0; i < level.length / 2; i++) {
            parents[i] = Keccak256.hash(NODE, level[2 * i], level[2 * i + 1]);
        }
        if (level.length % 2 == 1) {
            parents[parents.length - 1] = level[level.length - 1];
        }
        return parents;
    }

    /** Number of leaves. */
    public int size() {
        return levels.isEmpty() ? 0 : levels.getFirst().length;
    }

    /** The root; keccak of nothing when there are no leaves. */
    public Hash32 root() {
        return levels.isEmpty() ? Hash32.keccak() : Hash32.of(levels.getLast()[0]);
    }

    /**
     * The audit path of a leaf, from the leaf's sibling up, RFC 6962 section 2.1.1.
     *
     * @throws IndexOutOfBoundsException when there is no such leaf
     */
    public List<Hash32> inclusionProof(int index) {
        Objects.checkIndex(index, size());
        List<Hash32> path = new ArrayList<>();
        int position = index;
        for (byte[][] level : levels) {
            int sibling = position ^ 1;
            if (sibling < level.length) {
                path.add(Hash32.of(level[sibling]));
            }
            position /= 2;
        }
        return List.copyOf(path);
    }

    /**
     * The proof that the first {@code oldSize} leaves are the older tree, RFC 6962 section 2.1.2; empty for the whole tree.
     *
     * @throws IllegalArgumentException unless 1 ≤ oldSize ≤ size
     */
    public List<Hash32> consistencyProof(int oldSize) {
        if (oldSize < 1 || oldSize > size()) {
            throw new IllegalArgumentException("old size " + oldSize + " is not within 1.." + size());
        }
        List<Hash32> proof = new ArrayList<>();
        subproof(oldSize, 0, size(), true, proof);
        return List.copyOf(proof);
    }

    /** SUBPROOF(m, D[from:to], whole) of the RFC, m counted from the tree's first leaf. */
    private void subproof(int m, int from, int to, boolean whole, List<Hash32> proof) {
        if (m == to) {
            if (!whole) {
                proof.add(subtree(from, to));
            }
            return;
        }
        int split = from + Integer.highestOneBit(to - from - 1);
        if (m <= split) {
            subproof(m, from, split, whole, proof);
            proof.add(subtree(split, to));
        } else {
            subproof(m, split, to, false, proof);
            proof.add(subtree(from, split));
        }
    }

    /** Hash of a range that the recursive definition names: a complete subtree or one on the right edge. */
    private Hash32 subtree(int from, int to) {
        int height = Integer.SIZE - Integer.numberOfLeadingZeros(to - from - 1);
        return Hash32.of(levels.get(height)[from >> height]);
    }

    /**
     * Whether this path proves the leaf at this index of the tree of this size and root; false for any misfit.
     *
     * <p>Source: RFC 9162 section 2.1.3.2.
     */
    public static boolean verify(Hash32 root, Hash32 leafHash, long index, long size, List<Hash32> proof) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        Hash32 hash = leafHash;
        for (Hash32 sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = nodeHash(sibling, hash);
                int rise = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>= rise;
                last >>= rise;
            } else {
                hash = nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /**
     * Whether the tree of the new size and root begins with the leaves of the old one; false for any misfit.
     *
     * <p>An empty old tree is a prefix of every tree and takes an empty proof. Source: RFC 9162 section 2.1.4.2.
     */
    public static boolean verifyConsistency(
            Hash32 oldRoot, long oldSize, Hash32 newRoot, long newSize, List<Hash32> proof) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        if (oldSize == 0) {
            return proof.isEmpty() && oldRoot.equals(Hash32.keccak());
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && oldRoot.equals(newRoot);
        }
        return foldConsistency(oldRoot, oldSize, newRoot, newSize, proof);
    }

    private static boolean foldConsistency(
            Hash32 oldRoot, long oldSize, Hash32 newRoot, long newSize, List<Hash32> proof) {
        boolean oldIsComplete = Long.bitCount(oldSize) == 1;
        List<Hash32> path = new ArrayList<>(proof.size() + 1);
        if (oldIsComplete) {
            path.add(oldRoot);
        }
        path.addAll(proof);
        if (path.isEmpty()) {
            return false;
        }
        int start = Long.numberOfTrailingZeros(oldSize);
        long node = (oldSize - 1) >> start;
        long last = (newSize - 1) >> start;
        Hash32 oldHash = path.getFirst();
        Hash32 newHash = path.getFirst();
        for (Hash32 sibling : path.subList(1, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = nodeHash(sibling, oldHash);
                newHash = nodeHash(sibling, newHash);
                int rise = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>= rise;
                last >>= rise;
            } else {
                newHash = nodeHash(newHash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}
