// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleTree} from "../src/MerkleTree.sol";
import {PenaltyBook} from "../src/PenaltyBook.sol";
import {Recorded} from "../src/Recorded.sol";
import {Fixture} from "./Fixture.sol";

/// @title PenaltyFixture
/// @notice A committee of five, a bonded pool, and the records of a case.
abstract contract PenaltyFixture is Fixture {
    uint256 internal constant MEMBERS = 5;
    bytes32 internal constant ROUND = keccak256("7.liveness.0.0");
    bytes32 internal constant CASE = keccak256("case");
    bytes32 internal constant MACHINE = keccak256("machine");
    bytes32 internal constant OFFLINE = keccak256("OFFLINE");
    bytes32 internal constant FINDING_TYPEHASH =
        keccak256("Finding(string subject,string fact,bytes32 digest,uint64 measure,uint64 rttMicros)");
    bytes32 internal constant REPORT_TYPEHASH = keccak256(
        "Report(string round,address checker,Finding[] findings,bytes32 evidence)"
        "Finding(string subject,string fact,bytes32 digest,uint64 measure,uint64 rttMicros)"
    );

    bytes32 internal _pool;
    uint256[] internal _members;
    uint32 internal _seatsEach;

    function setUp() public virtual override {
        super.setUp();
        _pool = poolOf(1, bob);
        _members = sortedKeys(2001, MEMBERS);
        _seatsEach = 1;
        VM.prank(treasury);
        vault.bond(_pool, 1000 ether);
        VM.warp(START + 10 days);
    }

    function base(uint256 taken) internal view returns (PenaltyBook.Evidence memory evidence) {
        uint64 now_ = uint64(block.timestamp) * 1000;
        uint32 seats = uint32(MEMBERS) * _seatsEach;
        evidence.committee =
            PenaltyBook.Committee(ROUND, rootOf(memberLeaves()), uint32(MEMBERS), seats, seats / 2 + 1, now_ - 8 days);
        evidence.accusation = PenaltyBook.Case(CASE, _pool, MACHINE, OFFLINE, 1000 ether, now_ - 9 days);
        evidence.stay = PenaltyBook.Stay(CASE, now_ - 1);
        evidence.penalty = PenaltyBook.Penalty(CASE, taken, now_);
    }

    /// @dev The anchored log only grows: each state is longer than the one before.
    function filled(bytes32[] memory leaves) internal view returns (bytes32[] memory longer) {
        (uint64 size,) = log.anchored();
        longer = new bytes32[](size + 1 > leaves.length ? size + 1 : leaves.length);
        for (uint256 i = 0; i < longer.length; ++i) {
            longer[i] = i < leaves.length ? leaves[i] : keccak256(abi.encode(i));
        }
    }

    function placeOf(bytes32[] memory leaves, uint64 index) internal pure returns (Recorded.Place memory) {
        return Recorded.Place(index, proofOf(leaves, index));
    }

    function memberLeaves() internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](MEMBERS);
        for (uint256 i = 0; i < MEMBERS; ++i) {
            address attester = VM.addr(_members[i]);
            leaves[i] = MerkleTree.leaf(MerkleTree.MEMBER, abi.encode(checkerOf(attester), attester, _seatsEach));
        }
    }

    function checkerOf(address attester) internal pure returns (address) {
        return address(uint160(attester) ^ 1);
    }
}
