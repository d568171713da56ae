// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleTree} from "../src/MerkleTree.sol";
import {PenaltyBook} from "../src/PenaltyBook.sol";
import {Recorded} from "../src/Recorded.sol";
import {PenaltyFixture} from "./PenaltyFixture.sol";

/// @title EquivocationTest
/// @notice Two reports of one member for one round: what they take alone, and what does not count as such.
contract EquivocationTest is PenaltyFixture {
    /// @dev Two signatures are the proof; the tenth that small committees may take is no limit to it.
    function test_twoReportsOfOneRoundAreEnough() external {
        PenaltyBook.Contradiction memory proof = contradicted(equivocation(200 ether));
        assertEq(200 ether, penalties.applyEquivocation(proof));
        assertEq(0, penalties.counterOf(proof.accusation.pool).taken);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.AlreadyApplied.selector, CASE));
        penalties.applyEquivocation(proof);
    }

    function test_oneReportTwiceIsNoContradiction() external {
        PenaltyBook.Contradiction memory proof = contradicted(equivocation(200 ether));
        proof.other = proof.one;
        VM.expectRevert(PenaltyBook.NoContradiction.selector);
        penalties.applyEquivocation(proof);
    }

    function test_bothReportsMustBeTheMembers() external {
        PenaltyBook.Contradiction memory proof = contradicted(equivocation(200 ether));
        PenaltyBook.Statement memory honest = proof.other;
        proof.other = statement(_members[1], proof.checker, keccak256("other"));
        VM.expectPartialRevert(PenaltyBook.NotSignedBy.selector);
        penalties.applyEquivocation(proof);
        proof.other = statement(_members[0], checkerOf(VM.addr(_members[1])), keccak256("other"));
        VM.expectPartialRevert(PenaltyBook.NotSignedBy.selector);
        penalties.applyEquivocation(proof);
        proof.other = honest;
        proof.attester = VM.addr(_members[1]);
        VM.expectPartialRevert(PenaltyBook.NotAMember.selector);
        penalties.applyEquivocation(proof);
    }

    /// @dev The case must be one of equivocation in that round, against that member's own pool.
    function test_equivocationOfAnotherCase() external {
        PenaltyBook.Contradiction memory proof = equivocation(200 ether);
        proof.accusation.fact = OFFLINE;
        proof = contradicted(proof);
        VM.expectPartialRevert(PenaltyBook.OtherFinding.selector);
        penalties.applyEquivocation(proof);
        proof = equivocation(200 ether);
        proof.accusation.subject = keccak256("another round");
        proof = contradicted(proof);
        VM.expectPartialRevert(PenaltyBook.OtherFinding.selector);
        penalties.applyEquivocation(proof);
        proof = equivocation(200 ether);
        proof.accusation.pool = _pool;
        proof = contradicted(proof);
        VM.expectPartialRevert(PenaltyBook.OtherPool.selector);
        penalties.applyEquivocation(proof);
    }

    function test_equivocationNeedsItsRecords() external {
        PenaltyBook.Contradiction memory proof = contradicted(equivocation(200 ether));
        proof.penalty.taken += 1;
        VM.expectRevert(abi.encodeWithSelector(Recorded.NotRecorded.selector, MerkleTree.PENALTY, 2));
        penalties.applyEquivocation(proof);
        proof = equivocation(200 ether);
        proof.accusation.most = 199 ether;
        proof = contradicted(proof);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.AboveBand.selector, 199 ether, 200 ether));
        penalties.applyEquivocation(proof);
    }

    /// @dev Of the first member, whose pool has a bond of its own.
    function equivocation(uint256 taken) private returns (PenaltyBook.Contradiction memory proof) {
        address attester = VM.addr(_members[0]);
        proof.checker = checkerOf(attester);
        proof.attester = attester;
        proof.seats = _seatsEach;
        proof.memberProof = proofOf(memberLeaves(), 0);
        bytes32 pool = poolOf(2, proof.checker);
        VM.prank(treasury);
        vault.bond(pool, 1000 ether);
        PenaltyBook.Evidence memory usual = base(taken);
        proof.committee = usual.committee;
        proof.accusation = PenaltyBook.Case(CASE, pool, ROUND, keccak256("EQUIVOCATION"), 1000 ether, 0);
        proof.penalty = usual.penalty;
        proof.one = statement(_members[0], proof.checker, keccak256("one"));
        proof.other = statement(_members[0], proof.checker, keccak256("other"));
    }

    function contradicted(PenaltyBook.Contradiction memory proof) private returns (PenaltyBook.Contradiction memory) {
        bytes32[] memory leaves = new bytes32[](3);
        leaves[0] = MerkleTree.leaf(MerkleTree.COMMITTEE, abi.encode(proof.committee));
        leaves[1] = MerkleTree.leaf(MerkleTree.CASE, abi.encode(proof.accusation));
        leaves[2] = MerkleTree.leaf(MerkleTree.PENALTY, abi.encode(proof.penalty));
        leaves = filled(leaves);
        anchor(leaves);
        proof.committeePlace = placeOf(leaves, 0);
        proof.casePlace = placeOf(leaves, 1);
        proof.penaltyPlace = placeOf(leaves, 2);
        return proof;
    }

    function statement(uint256 key, address checker, bytes32 finding)
        private
        view
        returns (PenaltyBook.Statement memory made)
    {
        bytes32[] memory findings = new bytes32[](1);
        findings[0] = finding;
        bytes32 structHash = keccak256(
            abi.encode(
                REPORT_TYPEHASH, ROUND, checker, keccak256(abi.encodePacked(findings)), keccak256("evidence")
            )
        );
        uint256[] memory signer = new uint256[](1);
        signer[0] = key;
        made = PenaltyBook.Statement(findings, keccak256("evidence"), signed(structHash, signer, 1)[0]);
    }
}
