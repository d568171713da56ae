package io.athanor.domain.epoch;

/**
 * What a leaf of a tree that goes on chain says. A leaf is its kind's number as one byte and the ABI encoding that the
 * contracts decode; the tree's leaf hash is {@code keccak(0x00 || leaf)}.
 *
 * <p>Invariant: a number stays for ever; the contracts have the same ones.
 */
public enum LeafKind {
    /** {@link SettlementLeaf}. */
    SETTLEMENT(1),
    /** {@link MatchLeaf#match}. */
    MATCH(2),
    /** {@link MatchLeaf#agreement}. */
    AGREEMENT(3),
    /** {@link PayoutTree#withdrawal}. */
    WITHDRAWAL(4),
    /** {@link PayoutTree#bondRelease}. */
    BOND_RELEASE(5),
    /** A round's committee, of {@link RecordLeaf} as all that follow. */
    COMMITTEE(6),
    /** {@link RecordLeaf#memberTree}. */
    MEMBER(7),
    /** Who is accused of what. */
    CASE(8),
    /** Until when its penalty is stayed. */
    STAY(9),
    /** What it took. */
    PENALTY(10),
    /** What is voted on. */
    PROPOSAL(11),
    /** How a vote ended. */
    TALLY(12),
    /** That what was voted for is in force. */
    EXECUTION(13),
    /** A version of the parameters, the classes of agreements with it. */
    PARAMETERS(14),
    /** The event log itself: how many events it had, and the root over them. */
    HISTORY(15);

    private final int number;

    LeafKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The leaf with these fields. */
    byte[] leaf(byte[] body) {
        byte[] leaf = new byte[body.length + 1];
        leaf[0] = (byte) number;
        System.arraycopy(body, 0, leaf, 1, body.length);
        return leaf;
    }
}
