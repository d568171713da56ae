// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title MerkleTree
 * @notice Athanor's one leaf encoding and its inclusion proofs, the same in Java and Solidity.
 * @dev leaf = keccak256(0x00 || kind || data), node = keccak256(0x01 || left || right), split at the largest power of two
 *      smaller than the size (RFC 6962 with keccak256); the empty tree is keccak256(""). `data` is the `abi.encode` of the
 *      kind's fields.
 *
 *      Why this shape and not sorted pairs: the transparency log is RFC 6962 too, so one proof format, one verifier and
 *      one explanation serve both; a proof commits to the POSITION of a leaf, so "the 7th settled job of epoch 12" is
 *      provable and not just "somewhere in it"; and the size fixes the length of every path, so that an inner node can
 *      never be passed off as a leaf, beside the two prefixes. It costs about the same gas as sorted pairs.
 */
library MerkleTree {
    /// @notice data = (bytes32 jobKey, address client, address provider, uint256 cost, uint256 providerAmount,
    ///         uint256 fee, bytes32 resultDigest, uint8 verdict, uint64 epoch)
    uint8 internal constant JOB_SETTLEMENT = 1;
    /// @notice data = (bytes32 jobKey, bytes32 job, uint32 task, uint32 fence, bytes32 machine, address provider,
    ///         uint32 gpus, uint256 price, uint64 startBy, uint64 assignedAt, bool simulated)
    uint8 internal constant MATCH = 2;
    /// @notice data = (bytes32 jobKey, uint32 fence, address provider, uint256 price, uint64 tierPpm,
    ///         uint64 startDeadlineMillis, uint32 formulaVersion)
    uint8 internal constant AGREEMENT = 3;
    /// @notice data = (address account, uint256 cumulative)
    uint8 internal constant WITHDRAWAL = 4;
    /// @notice data = (bytes32 pool, uint256 cumulative)
    uint8 internal constant BOND_RELEASE = 5;
    /// @notice data = (bytes32 round, bytes32 members, uint32 count, uint32 seats, uint32 quorum, uint64 until); `round` is
    ///         keccak256 of its text, `members` the root of the tree of MEMBER leaves, `until` in unix ms
    uint8 internal constant COMMITTEE = 6;
    /// @notice data = (address checker, address attester, uint32 seats); in a committee's tree, ascending by attester
    uint8 internal constant MEMBER = 7;
    /// @notice data = (bytes32 penaltyCase, bytes32 pool, bytes32 subject, bytes32 fact, uint256 most, uint64 since);
    ///         the first, third and fourth are keccak256 of texts, `most` is in wei, `since` in unix ms
    uint8 internal constant CASE = 8;
    /// @notice data = (bytes32 penaltyCase, uint64 until), in unix ms
    uint8 internal constant STAY = 9;
    /// @notice data = (bytes32 penaltyCase, uint256 taken, uint64 executedAt), in wei and unix ms
    uint8 internal constant PENALTY = 10;
    /// @notice data = (bytes32 proposal, uint8 measure, uint32 version, bytes32 digest, uint64 effectiveEpoch); measure
    ///         1 = parameters, 2 = grant, 3 = upgrade
    uint8 internal constant PROPOSAL = 11;
    /// @notice data = (bytes32 proposal, uint256 power, uint256 yes, uint256 no, uint256 veto, uint256 abstain,
    ///         bool passed, uint64 talliedAt), in wei and unix ms
    uint8 internal constant TALLY = 12;
    /// @notice data = (bytes32 proposal, uint64 executedAt), in unix ms
    uint8 internal constant EXECUTION = 13;
    /// @notice data = (uint32 version, bytes32 digest, uint64 fromEpoch); digest is sha256 of the canonical JSON of all
    ///         parameters, those of service classes and agreements among them
    uint8 internal constant PARAMETERS = 14;
    /// @notice data = (uint64 events, uint64 lastIndex, bytes32 root): the event log's own state, whose leaves are the lines
    ///         of its export, keccak256(0x00 || line) each
    uint8 internal constant HISTORY = 15;

    /// @notice The root of a tree without leaves: keccak256("").
    bytes32 internal constant EMPTY_ROOT = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;

    /// @notice The hash of a leaf of `kind` whose fields encode to `data`.
    function leaf(uint8 kind, bytes memory data) internal pure returns (bytes32) {
        return keccak256(bytes.concat(bytes1(0x00), bytes1(kind), data));
    }

    /**
     * @notice Whether `hash` is the leaf number `index` (from 0) of the tree of `size` leaves with this root.
     * @dev The algorithm of RFC 9162, section 2.1.3.2. False, never a revert, for a proof of the wrong length.
     */
    function verify(bytes32 root, uint256 size, uint256 index, bytes32 hash, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        if (index >= size) return false;
        uint256 last = size - 1;
        for (uint256 i = 0; i < proof.length; ++i) {
            if (last == 0) return false;
            if (index & 1 == 1 || index == last) {
                hash = _node(proof[i], hash);
                while (index & 1 == 0 && index != 0) {
                    index >>= 1;
                    last >>= 1;
                }
            } else {
                hash = _node(hash, proof[i]);
            }
            index >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }

    /// @dev keccak256(0x01 || left || right) in the scratch space and the 33rd byte of the free pointer's word, restored.
    function _node(bytes32 left, bytes32 right) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            mstore8(0x00, 0x01)
            mstore(0x01, left)
            mstore(0x21, right)
            hash := keccak256(0x00, 0x41)
            mstore(0x40, pointer)
        }
    }
}
