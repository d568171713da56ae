package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * A lease's match and agreement as they stand in a batch, and what its signers signed.
 *
 * <p>Invariant: nothing here is believed: {@link #holds} recomputes it from the leaves.
 *
 * @param epoch in whose books the batch is
 * @param setVersion of the signer set that signed it
 */
public record MatchProof(Batch batch, long epoch, int setVersion, Place match, Place agreement) {
    private static final int WORD = 32;
    private static final int MATCH_FENCE = 3;
    private static final int MATCH_PROVIDER = 5;
    private static final int MATCH_PRICE = 7;
    private static final int AGREEMENT_PROVIDER = 2;
    private static final int AGREEMENT_PRICE = 3;

    /**
     * A leaf in the batch's tree.
     *
     * @param leaf 0x hex, its kind first
     * @param index from 0
     * @param path from the leaf up
     */
    public record Place(String leaf, int index, List<Hash32> path) {
        public Place {
            path = List.copyOf(path);
        }

        private boolean isOf(LeafKind kind, int words) {
            byte[] bytes = Hex.decode(leaf);
            return bytes.length == 1 + words * WORD && bytes[0] == kind.number();
        }

        private BigInteger word(int at) {
            int from = 1 + at * WORD;
            return new BigInteger(1, Arrays.copyOfRange(Hex.decode(leaf), from, from + WORD));
        }

        private boolean isIn(Batch batch) {
            return MerkleTree.verify(batch.root(), MerkleTree.leafHash(Hex.decode(leaf)), index, batch.count(), path);
        }
    }

    /** The leaves at these places of a batch's leaves, with their paths. */
    public static MatchProof of(
            Batch batch, long epoch, int setVersion, List<byte[]> leaves, int matchAt, int agreementAt) {
        MerkleTree tree = MerkleTree.of(leaves);
        return new MatchProof(batch, epoch, setVersion, place(tree, leaves, matchAt), place(tree, leaves, agreementAt));
    }

    private static Place place(MerkleTree tree, List<byte[]> leaves, int at) {
        return new Place(Hex.encode(leaves.get(at)), at, tree.inclusionProof(at));
    }

    /** Whether both leaves are in the batch and are this lease's match and agreement. */
    public boolean holds(TaskId task, int fence) {
        return match.isOf(LeafKind.MATCH, 11)
                && agreement.isOf(LeafKind.AGREEMENT, 7)
                && isOf(match, 0, task)
                && isOf(agreement, 0, task)
                && match.word(MATCH_FENCE).equals(BigInteger.valueOf(fence))
                && agreement.word(1).equals(BigInteger.valueOf(fence))
                && match.isIn(batch)
                && agreement.isIn(batch);
    }

    private static boolean isOf(Place place, int at, TaskId task) {
        return place.word(at).equals(new BigInteger(1, SettlementLeaf.key(task).bytes()));
    }

    /** Whether match and agreement name different providers or prices. */
    public boolean termsDiffer() {
        return !match.word(MATCH_PROVIDER).equals(agreement.word(AGREEMENT_PROVIDER))
                || !match.word(MATCH_PRICE).equals(agreement.word(AGREEMENT_PRICE));
    }

    /** Per GPU-second, as the match has it. */
    public Ath price() {
        return new Ath(match.word(MATCH_PRICE));
    }
}
