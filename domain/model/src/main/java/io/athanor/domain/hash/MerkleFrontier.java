package io.athanor.domain.hash;

import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing {@link MerkleTree}: enough to add leaves and to say the root, in space logarithmic in the
 * leaves.
 *
 * <p>Invariant: one root for each complete subtree that the binary digits of the size name, the largest first. Not
 * thread-safe.
 */
public final class MerkleFrontier {
    private final List<Hash32> peaks;
    private long size;

    private MerkleFrontier(long size, List<Hash32> peaks) {
        this.size = size;
        this.peaks = new ArrayList<>(peaks);
    }

    /** Of no leaves. */
    public static MerkleFrontier empty() {
        return new MerkleFrontier(0, List.of());
    }

    /**
     * One that was kept.
     *
     * @throws IllegalArgumentException unless there is one peak for each binary digit of the size
     */
    public static MerkleFrontier of(long size, List<Hash32> peaks) {
        if (size < 0 || Long.bitCount(size) != peaks.size()) {
            throw new IllegalArgumentException(size + " leaves have no " + peaks.size() + " peaks");
        }
        return new MerkleFrontier(size, peaks);
    }

    /** Appends a leaf's content. */
    public void add(byte[] data) {
        Hash32 hash = MerkleTree.leafHash(data);
        for (long rest = size; (rest & 1) == 1; rest >>= 1) {
            hash = MerkleTree.nodeHash(peaks.removeLast(), hash);
        }
        peaks.addLast(hash);
        size++;
    }

    /** Number of leaves. */
    public long size() {
        return size;
    }

    /** What has to be kept beside the size. */
    public List<Hash32> peaks() {
        return List.copyOf(peaks);
    }

    /** The root of the tree over all leaves; keccak of nothing when there are none. */
    public Hash32 root() {
        if (peaks.isEmpty()) {
            return Hash32.keccak();
        }
        Hash32 root = peaks.getLast();
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = MerkleTree.nodeHash(peaks.get(i), root);
        }
        return root;
    }
}
