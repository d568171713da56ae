package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The leaves of a {@link Payout}: one of kind 4 an account in wallet order, then one of kind 5 a pool in pool order. A leaf
 * is its kind's byte and the ABI encoding that the vault decodes. Amounts are cumulative, so a leaf never falls and one
 * claim pays for everything before it.
 */
public final class PayoutTree {
    private static final Abi.Layout WITHDRAWAL_LAYOUT = Abi.Layout.of("address account", "uint256 cumulative");
    private static final Abi.Layout BOND_RELEASE_LAYOUT = Abi.Layout.of("bytes32 pool", "uint256 cumulative");

    private final List<byte[]> leaves;
    private final Ath total;

    private PayoutTree(List<byte[]> leaves, Ath total) {
        this.leaves = List.copyOf(leaves);
        this.total = total;
    }

    /**
     * @param requested every account's cumulative requested withdrawals; those of nothing have no leaf
     * @param released every pool's bond released so far, matured or slashed; likewise
     */
    public static PayoutTree of(Map<Wallet, Ath> requested, Map<PoolId, Ath> released) {
        List<byte[]> leaves = new ArrayList<>(requested.size() + released.size());
        above(requested).forEach((wallet, amount) -> leaves.add(withdrawal(wallet, amount)));
        above(released).forEach((pool, amount) -> leaves.add(bondRelease(pool, amount)));
        return new PayoutTree(leaves, Ath.sum(requested.values()));
    }

    private static <K extends Comparable<K>> SortedMap<K, Ath> above(Map<K, Ath> amounts) {
        SortedMap<K, Ath> sorted = new TreeMap<>(amounts);
        sorted.values().removeIf(Ath::isZero);
        return sorted;
    }

    /** An account's leaf. */
    public static byte[] withdrawal(Wallet account, Ath cumulative) {
        return LeafKind.WITHDRAWAL.leaf(WITHDRAWAL_LAYOUT.encode(account.address(), cumulative.wei()));
    }

    /** A pool's leaf. */
    public static byte[] bondRelease(PoolId pool, Ath cumulative) {
        return LeafKind.BOND_RELEASE.leaf(BOND_RELEASE_LAYOUT.encode(pool.word(), cumulative.wei()));
    }

    /** In the tree's order. */
    public List<byte[]> leaves() {
        return leaves;
    }

    /** The payout that these leaves make. */
    public Payout payout(long number, long seq) {
        return new Payout(number, root(), leaves.size(), total, seq);
    }

    public Hash32 root() {
        return MerkleTree.root(leaves);
    }
}
