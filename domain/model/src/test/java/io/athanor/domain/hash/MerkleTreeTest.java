package io.athanor.domain.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static final long SEED = 20260101L;
    private static final int SIZES = 40;

    /** MTH(D[n]) of RFC 6962 as it is written there. */
    private static Hash32 naiveRoot(List<byte[]> data) {
        if (data.isEmpty()) {
            return Hash32.keccak();
        }
        if (data.size() == 1) {
            return Hash32.keccak(new byte[] {0}, data.getFirst());
        }
        int split = largestPowerOfTwoBelow(data.size());
        return Hash32.keccak(
                new byte[] {1},
                naiveRoot(data.subList(0, split)).bytes(),
                naiveRoot(data.subList(split, data.size())).bytes());
    }

    /** PATH(m, D[n]) of RFC 6962. */
    private static List<Hash32> naivePath(int m, List<byte[]> data) {
        if (data.size() == 1) {
            return List.of();
        }
        int split = largestPowerOfTwoBelow(data.size());
        List<byte[]> left = data.subList(0, split);
        List<byte[]> right = data.subList(split, data.size());
        List<Hash32> path = new ArrayList<>(m < split ? naivePath(m, left) : naivePath(m - split, right));
        path.add(naiveRoot(m < split ? right : left));
        return path;
    }

    /** SUBPROOF(m, D[n], b) of RFC 6962. */
    private static List<Hash32> naiveSubproof(int m, List<byte[]> data, boolean whole) {
        if (m == data.size()) {
            return whole ? List.of() : List.of(naiveRoot(data));
        }
        int split = largestPowerOfTwoBelow(data.size());
        List<byte[]> left = data.subList(0, split);
        List<byte[]> right = data.subList(split, data.size());
        List<Hash32> proof =
                new ArrayList<>(m <= split ? naiveSubproof(m, left, whole) : naiveSubproof(m - split, right, false));
        proof.add(naiveRoot(m <= split ? right : left));
        return proof;
    }

    private static int largestPowerOfTwoBelow(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    private static List<byte[]> leaves(int size) {
        Random random = new Random(SEED);
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            byte[] leaf = new byte[random.nextInt(200)];
            random.nextBytes(leaf);
            leaves.add(leaf);
        }
        return leaves;
    }

    private static Hash32 flipped(Hash32 hash, int bit) {
        byte[] bytes = hash.bytes();
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        return Hash32.of(bytes);
    }

    private static List<Hash32> replaced(List<Hash32> proof, int at, Hash32 by) {
        List<Hash32> changed = new ArrayList<>(proof);
        changed.set(at, by);
        return changed;
    }

    @Test
    void rootsAndProofsAreThoseOfTheRecursiveDefinition() {
        List<byte[]> data = leaves(SIZES);
        for (int size = 0; size <= SIZES; size++) {
            List<byte[]> part = data.subList(0, size);
            MerkleTree tree = MerkleTree.of(part);
            assertThat(tree.root()).as("size %d", size).isEqualTo(naiveRoot(part));
            for (int index = 0; index < size; index++) {
                assertThat(tree.inclusionProof(index)).isEqualTo(naivePath(index, part));
            }
            for (int old = 1; old <= size; old++) {
                assertThat(tree.consistencyProof(old)).isEqualTo(naiveSubproof(old, part, true));
            }
        }
    }

    @Test
    void everyLeafVerifiesAtItsPlaceOnly() {
        List<byte[]> data = leaves(SIZES);
        for (int size = 1; size <= SIZES; size++) {
            MerkleTree tree = MerkleTree.of(data.subList(0, size));
            for (int index = 0; index < size; index++) {
                Hash32 leaf = MerkleTree.leafHash(data.get(index));
                List<Hash32> proof = tree.inclusionProof(index);
                assertThat(MerkleTree.verify(tree.root(), leaf, index, size, proof))
                        .isTrue();
                for (int other = 0; other < size; other++) {
                    assertThat(MerkleTree.verify(tree.root(), leaf, other, size, proof))
                            .isEqualTo(other == index);
                }
            }
        }
    }

    @Test
    void aChangedProofFails() {
        List<byte[]> data = leaves(SIZES);
        MerkleTree tree = MerkleTree.of(data);
        Random random = new Random(SEED);
        for (int index = 0; index < SIZES; index++) {
            Hash32 leaf = MerkleTree.leafHash(data.get(index));
            List<Hash32> proof = tree.inclusionProof(index);
            int at = random.nextInt(proof.size());
            int bit = random.nextInt(256);
            List<Hash32> longer = new ArrayList<>(proof);
            longer.add(leaf);
            assertThat(MerkleTree.verify(tree.root(), leaf, index, SIZES, proof))
                    .isTrue();
            assertThat(MerkleTree.verify(
                            tree.root(), leaf, index, SIZES, replaced(proof, at, flipped(proof.get(at), bit))))
                    .isFalse();
            assertThat(MerkleTree.verify(tree.root(), flipped(leaf, bit), index, SIZES, proof))
                    .isFalse();
            assertThat(MerkleTree.verify(flipped(tree.root(), bit), leaf, index, SIZES, proof))
                    .isFalse();
            assertThat(MerkleTree.verify(tree.root(), leaf, index, SIZES, proof.subList(0, at)))
                    .isFalse();
            assertThat(MerkleTree.verify(tree.root(), leaf, index, SIZES, longer))
                    .isFalse();
            assertThat(MerkleTree.verify(tree.root(), leaf, -1, SIZES, proof)).isFalse();
            assertThat(MerkleTree.verify(tree.root(), leaf, index, index, proof))
                    .isFalse();
        }
    }

    @Test
    void aNodeIsNoLeaf() {
        List<byte[]> two = leaves(2);
        MerkleTree tree = MerkleTree.of(two);
        byte[] children = new byte[64];
        System.arraycopy(MerkleTree.leafHash(two.get(0)).bytes(), 0, children, 0, 32);
        System.arraycopy(MerkleTree.leafHash(two.get(1)).bytes(), 0, children, 32, 32);
        assertThat(MerkleTree.of(List.of(children)).root()).isNotEqualTo(tree.root());
    }

    @Test
    void everyPrefixIsConsistentAndNothingElse() {
        List<byte[]> data = leaves(SIZES);
        for (int size = 1; size <= SIZES; size++) {
            MerkleTree tree = MerkleTree.of(data.subList(0, size));
            for (int old = 1; old <= size; old++) {
                Hash32 oldRoot = MerkleTree.root(data.subList(0, old));
                List<Hash32> proof = tree.consistencyProof(old);
                assertThat(MerkleTree.verifyConsistency(oldRoot, old, tree.root(), size, proof))
                        .isTrue();
                assertThat(MerkleTree.verifyConsistency(flipped(oldRoot, 3), old, tree.root(), size, proof))
                        .isFalse();
                assertThat(MerkleTree.verifyConsistency(oldRoot, old, flipped(tree.root(), 9), size, proof))
                        .isFalse();
                assertThat(MerkleTree.verifyConsistency(oldRoot, old + 1, tree.root(), size, proof))
                        .isFalse();
                for (int i = 0; i < proof.size(); i++) {
                    List<Hash32> changed = replaced(proof, i, flipped(proof.get(i), 77));
                    assertThat(MerkleTree.verifyConsistency(oldRoot, old, tree.root(), size, changed))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void theEmptyTreeIsAPrefixOfEveryTree() {
        Hash32 root = MerkleTree.root(leaves(3));
        Hash32 empty = MerkleTree.root(List.of());
        assertThat(MerkleTree.verifyConsistency(empty, 0, root, 3, List.of())).isTrue();
        assertThat(MerkleTree.verifyConsistency(Hash32.ZERO, 0, root, 3, List.of()))
                .isFalse();
        assertThat(MerkleTree.verifyConsistency(empty, 0, root, 3, List.of(root)))
                .isFalse();
    }

    @Test
    void askingOutsideTheTreeIsAnError() {
        MerkleTree tree = MerkleTree.of(leaves(3));
        assertThat(tree.inclusionProof(2)).hasSize(1);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> tree.inclusionProof(3));
        assertThat(tree.consistencyProof(3)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> tree.consistencyProof(4));
        assertThatIllegalArgumentException().isThrownBy(() -> tree.consistencyProof(0));
    }

    @Test
    void leafHashesGiveTheSameTree() {
        List<byte[]> data = leaves(17);
        List<Hash32> hashes = data.stream().map(MerkleTree::leafHash).toList();
        assertThat(MerkleTree.ofLeafHashes(hashes).root()).isEqualTo(MerkleTree.root(data));
    }
}
