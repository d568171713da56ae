// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AthVault} from "../src/AthVault.sol";
import {MerkleTree} from "../src/MerkleTree.sol";
import {PenaltyBook} from "../src/PenaltyBook.sol";
import {Recorded} from "../src/Recorded.sol";
import {PenaltyFixture} from "./PenaltyFixture.sol";

/// @title PenaltyBookTest
/// @notice Penalties by the signed reports of an anchored committee: what they take, and what they cannot.
contract PenaltyBookTest is PenaltyFixture {
    function test_takesOnce() external {
        PenaltyBook.Evidence memory evidence = recorded(base(100 ether), 3);
        assertEq(100 ether, penalties.applyPenalty(evidence));
        assertEq(900 ether, vault.bonded(_pool));
        assertEq(900 ether, vault.totalBonded());
        assertEq(100 ether, vault.released(_pool));
        assertTrue(penalties.applied(CASE), "applied");
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.AlreadyApplied.selector, CASE));
        penalties.applyPenalty(evidence);
    }

    /// @dev Stake that unbonds is bonded until it is released, and the release of what a penalty took pays nothing again.
    function test_reducesTheBondWhileItUnbonds() external {
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = releaseLeaf(_pool, 250 ether);
        uint64 number = post(leaves, 0);
        penalties.applyPenalty(recorded(base(100 ether), 3));
        VM.warp(block.timestamp + ACTIVATION);
        assertEq(150 ether, vault.releaseBond(number, 0, _pool, 250 ether, new bytes32[](0)));
        assertEq(750 ether, vault.bonded(_pool));
    }

    function test_waitsForTheStay() external {
        PenaltyBook.Evidence memory evidence = base(100 ether);
        evidence.stay.until = uint64((block.timestamp + 1 days) * 1000);
        evidence.penalty.executedAt = evidence.stay.until;
        evidence = recorded(evidence, 3);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.StayNotOver.selector, evidence.stay.until));
        penalties.applyPenalty(evidence);
        VM.warp(block.timestamp + 1 days);
        penalties.applyPenalty(evidence);
    }

    function test_penaltyBeforeItsStayWasOver() external {
        PenaltyBook.Evidence memory evidence = base(100 ether);
        evidence.penalty.executedAt = evidence.stay.until - 1;
        evidence = recorded(evidence, 3);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.StayNotOver.selector, evidence.stay.until));
        penalties.applyPenalty(evidence);
    }

    function test_noStayNeedsAnAppealsCommittee() external {
        PenaltyBook.Evidence memory evidence = base(100 ether);
        evidence.stay.penaltyCase = bytes32(0);
        evidence = recorded(evidence, 3);
        VM.expectPartialRevert(PenaltyBook.OtherFinding.selector);
        penalties.applyPenalty(evidence);
        evidence.reports = reports(3, CASE, keccak256("UPHELD"));
        assertEq(100 ether, penalties.applyPenalty(evidence));
    }

    function test_quorumOfSeats() external {
        PenaltyBook.Evidence memory evidence = recorded(base(100 ether), 2);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.QuorumNotReached.selector, 3, 2));
        penalties.applyPenalty(evidence);
        evidence.reports = new PenaltyBook.Testimony[](0);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.QuorumNotReached.selector, 3, 0));
        penalties.applyPenalty(evidence);
    }

    function test_oneMemberIsNoQuorum() external {
        PenaltyBook.Evidence memory evidence = recorded(base(100 ether), 3);
        evidence.reports[1] = evidence.reports[0];
        address same = evidence.reports[0].attester;
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.MembersNotAscending.selector, same, same));
        penalties.applyPenalty(evidence);
    }

    function test_strangersAndForgedSeats() external {
        PenaltyBook.Evidence memory evidence = recorded(base(100 ether), 3);
        evidence.reports[2].seats = 9;
        VM.expectPartialRevert(PenaltyBook.NotAMember.selector);
        penalties.applyPenalty(evidence);
        evidence = recorded(base(100 ether), 3);
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(77, keccak256("other"));
        evidence.reports[2].signature = abi.encodePacked(r, s, v);
        VM.expectPartialRevert(PenaltyBook.NotSignedBy.selector);
        penalties.applyPenalty(evidence);
    }

    function test_anotherFinding() external {
        PenaltyBook.Evidence memory evidence = recorded(base(100 ether), 3);
        evidence.reports = reports(3, MACHINE, keccak256("ONLINE"));
        VM.expectPartialRevert(PenaltyBook.OtherFinding.selector);
        penalties.applyPenalty(evidence);
        evidence.reports = reports(3, keccak256("other machine"), OFFLINE);
        VM.expectPartialRevert(PenaltyBook.OtherFinding.selector);
        penalties.applyPenalty(evidence);
        evidence.reports = reports(3, MACHINE, OFFLINE);
        evidence.reports[0].place = 9;
        VM.expectPartialRevert(PenaltyBook.OtherFinding.selector);
        penalties.applyPenalty(evidence);
    }

    function test_recordsThatWereNotAnchored() external {
        PenaltyBook.Evidence memory evidence = recorded(base(100 ether), 3);
        evidence.penalty.taken += 1;
        VM.expectRevert(abi.encodeWithSelector(Recorded.NotRecorded.selector, MerkleTree.PENALTY, 3));
        penalties.applyPenalty(evidence);
        evidence = base(100 ether);
        evidence.accusation.penaltyCase = keccak256("another");
        evidence = recorded(evidence, 3);
        VM.expectPartialRevert(PenaltyBook.OtherCase.selector);
        penalties.applyPenalty(evidence);
        evidence = base(100 ether);
        evidence.stay.penaltyCase = keccak256("another");
        evidence = recorded(evidence, 3);
        VM.expectPartialRevert(PenaltyBook.OtherCase.selector);
        penalties.applyPenalty(evidence);
    }

    /// @dev A committee must have been recorded before what it authorises.
    function test_committeeAfterThePenalty() external {
        PenaltyBook.Evidence memory evidence = base(100 ether);
        bytes32[] memory leaves = leavesOf(evidence);
        (leaves[0], leaves[3]) = (leaves[3], leaves[0]);
        anchor(leaves);
        place(evidence, leaves);
        evidence.penaltyPlace = placeOf(leaves, 0);
        evidence.committeePlace = placeOf(leaves, 3);
        evidence.reports = reports(3, MACHINE, OFFLINE);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.CommitteeTooLate.selector, 3, 0));
        penalties.applyPenalty(evidence);
    }

    function test_committeeOfAnEarlierOffence() external {
        PenaltyBook.Evidence memory evidence = base(100 ether);
        evidence.committee.until = evidence.accusation.since - 1;
        evidence = recorded(evidence, 3);
        VM.expectPartialRevert(PenaltyBook.RoundTooOld.selector);
        penalties.applyPenalty(evidence);
    }

    function test_quorumIsMoreThanHalf() external {
        PenaltyBook.Evidence memory evidence = base(100 ether);
        evidence.committee.quorum = 2;
        evidence = recorded(evidence, 2);
        evidence.committee.seats = 5;
        VM.expectPartialRevert(PenaltyBook.WrongQuorum.selector);
        penalties.applyPenalty(evidence);
    }

    function test_neverAboveTheBand() external {
        PenaltyBook.Evidence memory evidence = base(100 ether);
        evidence.accusation.most = 99 ether;
        evidence = recorded(evidence, 3);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.AboveBand.selector, 99 ether, 100 ether));
        penalties.applyPenalty(evidence);
    }

    /// @dev A tenth within thirty days without a large committee, and again a tenth afterwards.
    function test_smallCommitteesTakeATenth() external {
        PenaltyBook.Evidence memory evidence = recorded(base(100 ether + 1), 3);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.AboveLimit.selector, 100 ether, 100 ether + 1));
        penalties.applyPenalty(evidence);
        penalties.applyPenalty(recorded(base(60 ether), 3));
        PenaltyBook.Evidence memory second = base(60 ether);
        second.penalty.penaltyCase = keccak256("second");
        second.accusation.penaltyCase = keccak256("second");
        second.stay.penaltyCase = keccak256("second");
        second = recorded(second, 3);
        VM.expectRevert(abi.encodeWithSelector(PenaltyBook.AboveLimit.selector, 40 ether, 60 ether));
        penalties.applyPenalty(second);
        assertEq(60 ether, penalties.counterOf(_pool).taken);
        VM.warp(block.timestamp + 30 days);
        assertEq(60 ether, penalties.applyPenalty(second));
    }

    function test_largeCommitteeTakesMore() external {
        _seatsEach = 5;
        PenaltyBook.Evidence memory evidence = recorded(base(900 ether), 3);
        assertEq(900 ether, penalties.applyPenalty(evidence));
        assertEq(0, penalties.counterOf(_pool).taken);
    }

    function test_onlyTheBookTakes() external {
        VM.expectRevert(abi.encodeWithSelector(AthVault.NotPenalties.selector, address(this)));
        vault.takePenalty(_pool, 1);
        VM.prank(admin);
        VM.expectRevert(abi.encodeWithSelector(AthVault.NotPenalties.selector, admin));
        vault.takePenalty(_pool, 1);
        assertEq(address(log), address(penalties.settlementLog()));
        assertEq(address(vault), address(penalties.vault()));
    }

    function test_aBookNeedsLogAndVault() external {
        VM.expectRevert(Recorded.ZeroAddress.selector);
        new PenaltyBook(log, AthVault(address(0)));
        VM.expectRevert(Recorded.ZeroAddress.selector);
        new AthVault(token, log, admin, guardian, termsFor(address(0)));
    }

    /// @dev Slash <= stake, whatever is recorded and however large the committee.
    function testFuzz_neverMoreThanTheStake(uint128 taken, uint128 most, uint8 seats) external {
        _seatsEach = uint32(bound(seats, 1, 9));
        PenaltyBook.Evidence memory evidence = base(taken);
        evidence.accusation.most = most;
        evidence = recorded(evidence, 5);
        uint256 limit = _seatsEach * MEMBERS < penalties.LARGE_SEATS() ? 100 ether : type(uint128).max;
        bool allowed = taken <= most && taken <= limit;
        (bool done,) = address(penalties).call(abi.encodeCall(PenaltyBook.applyPenalty, (evidence)));
        assertTrue(done == allowed, "within band and limit only");
        uint256 expected = !done ? 0 : taken < 1000 ether ? taken : 1000 ether;
        assertEq(1000 ether - expected, vault.bonded(_pool));
        assertEq(vault.bonded(_pool), vault.totalBonded());
    }

    /// @dev Anchors the evidence's records and adds the reports of `count` members.
    function recorded(PenaltyBook.Evidence memory evidence, uint256 count)
        private
        returns (PenaltyBook.Evidence memory)
    {
        bytes32[] memory leaves = filled(leavesOf(evidence));
        anchor(leaves);
        place(evidence, leaves);
        evidence.reports = reports(count, MACHINE, OFFLINE);
        return evidence;
    }

    function leavesOf(PenaltyBook.Evidence memory evidence) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](4);
        leaves[0] = MerkleTree.leaf(MerkleTree.COMMITTEE, abi.encode(evidence.committee));
        leaves[1] = MerkleTree.leaf(MerkleTree.CASE, abi.encode(evidence.accusation));
        leaves[2] = MerkleTree.leaf(MerkleTree.STAY, abi.encode(evidence.stay));
        leaves[3] = MerkleTree.leaf(MerkleTree.PENALTY, abi.encode(evidence.penalty));
    }

    function place(PenaltyBook.Evidence memory evidence, bytes32[] memory leaves) private pure {
        evidence.committeePlace = placeOf(leaves, 0);
        evidence.casePlace = placeOf(leaves, 1);
        evidence.stayPlace = placeOf(leaves, 2);
        evidence.penaltyPlace = placeOf(leaves, 3);
    }

    function reports(uint256 count, bytes32 subject, bytes32 fact)
        private
        view
        returns (PenaltyBook.Testimony[] memory all)
    {
        all = new PenaltyBook.Testimony[](count);
        bytes32[] memory leaves = memberLeaves();
        for (uint32 i = 0; i < count; ++i) {
            address attester = VM.addr(_members[i]);
            bytes32[] memory findings = new bytes32[](2);
            findings[0] = keccak256("about another");
            findings[1] = keccak256(abi.encode(FINDING_TYPEHASH, subject, fact, bytes32(0), uint64(i), uint64(0)));
            bytes32 structHash = keccak256(
                abi.encode(
                    REPORT_TYPEHASH,
                    ROUND,
                    checkerOf(attester),
                    keccak256(abi.encodePacked(findings)),
                    keccak256("evidence")
                )
            );
            uint256[] memory key = new uint256[](1);
            key[0] = _members[i];
            all[i] = PenaltyBook.Testimony(
                i,
                checkerOf(attester),
                attester,
                _seatsEach,
                proofOf(leaves, i),
                findings,
                1,
                bytes32(0),
                i,
                0,
                keccak256("evidence"),
                signed(structHash, key, 1)[0]
            );
        }
    }
}
