// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {AthGovernance} from "../src/AthGovernance.sol";
import {Recorded} from "../src/Recorded.sol";
import {AthVault} from "../src/AthVault.sol";
import {MerkleTree} from "../src/MerkleTree.sol";
import {Fixture} from "./Fixture.sol";

/// @title AthGovernanceTest
/// @notice What a vote that passed does by its proofs, and that nothing else does it.
contract AthGovernanceTest is Fixture {
    uint256 private constant DELAY = 2 days;

    AthGovernance private _governance;
    TimelockController private _timelock;

    function setUp() public override {
        super.setUp();
        _governance = new AthGovernance(log, DELAY);
        _timelock = _governance.timelock();
        bytes32 role = vault.ADMIN_ROLE();
        VM.prank(admin);
        vault.grantRole(role, address(_timelock));
        VM.prank(admin);
        vault.renounceRole(role, admin);
    }

    function test_parametersComeIntoForce() external {
        AthGovernance.Passed memory passed = anchored(parametersOf(7, keccak256("parameters 7")), true);
        AthGovernance.Call[] memory none = new AthGovernance.Call[](0);
        bytes32 operation = _governance.queue(passed, none);
        assertEq(operation, _governance.operationOf(passed.proposal.proposal));
        VM.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        _governance.execute(passed.proposal, none);
        VM.warp(block.timestamp + DELAY);
        _governance.execute(passed.proposal, none);
        assertEq(7, _governance.parameters().version);
        assertEq(keccak256("parameters 7"), _governance.parameters().digest);
        VM.expectPartialRevert(AthGovernance.AlreadyQueued.selector);
        _governance.queue(passed, none);
        assertEq(address(log), address(_governance.settlementLog()));
    }

    function test_anUpgradeChangesTheVault() external {
        AthGovernance.Call[] memory calls = limitOf(5 ether);
        AthGovernance.Passed memory passed = anchored(upgradeOf(sha256(abi.encode(calls))), true);
        _governance.queue(passed, calls);
        VM.warp(block.timestamp + DELAY);
        VM.prank(bob);
        _governance.execute(passed.proposal, calls);
        assertEq(5 ether, vault.terms().dailyLimit);
    }

    function test_otherCallsThanThoseVotedOn() external {
        AthGovernance.Call[] memory calls = limitOf(5 ether);
        AthGovernance.Passed memory passed = anchored(upgradeOf(sha256(abi.encode(calls))), true);
        VM.expectPartialRevert(AthGovernance.OtherCalls.selector);
        _governance.queue(passed, limitOf(6 ether));
        _governance.queue(passed, calls);
        VM.warp(block.timestamp + DELAY);
        VM.expectPartialRevert(AthGovernance.OtherCalls.selector);
        _governance.execute(passed.proposal, limitOf(6 ether));
        AthGovernance.Proposal memory forged = upgradeOf(sha256(abi.encode(limitOf(6 ether))));
        VM.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        _governance.execute(forged, limitOf(6 ether));
    }

    function test_aVoteThatDidNotPass() external {
        AthGovernance.Passed memory passed = anchored(parametersOf(7, keccak256("p")), false);
        VM.expectRevert(abi.encodeWithSelector(AthGovernance.NotPassed.selector, passed.proposal.proposal));
        _governance.queue(passed, new AthGovernance.Call[](0));
    }

    function test_recordsOfNobody() external {
        AthGovernance.Passed memory passed = anchored(parametersOf(7, keccak256("p")), true);
        passed.proposal.digest = keccak256("q");
        VM.expectRevert(abi.encodeWithSelector(Recorded.NotRecorded.selector, MerkleTree.PROPOSAL, 0));
        _governance.queue(passed, new AthGovernance.Call[](0));
    }

    function test_theTallyOfAnotherProposal() external {
        AthGovernance.Passed memory passed = passedOf(parametersOf(7, keccak256("p")), true);
        passed.tally.proposal = keccak256("another");
        passed = place(passed);
        VM.expectPartialRevert(AthGovernance.OtherProposal.selector);
        _governance.queue(passed, new AthGovernance.Call[](0));
    }

    function test_theExecutionOfAnotherProposal() external {
        AthGovernance.Passed memory passed = passedOf(parametersOf(7, keccak256("p")), true);
        passed.execution.proposal = keccak256("another");
        passed = place(passed);
        VM.expectPartialRevert(AthGovernance.OtherProposal.selector);
        _governance.queue(passed, new AthGovernance.Call[](0));
    }

    function test_aGrantHasNothingToDoHere() external {
        AthGovernance.Passed memory passed =
            anchored(AthGovernance.Proposal(keccak256("grant"), 2, 0, keccak256("g"), 0), true);
        VM.expectRevert(abi.encodeWithSelector(AthGovernance.NothingToExecute.selector, 2));
        _governance.queue(passed, new AthGovernance.Call[](0));
    }

    function test_versionsOnlyRise() external {
        AthGovernance.Call[] memory none = new AthGovernance.Call[](0);
        AthGovernance.Passed memory passed = anchored(parametersOf(7, keccak256("p")), true);
        _governance.queue(passed, none);
        VM.warp(block.timestamp + DELAY);
        _governance.execute(passed.proposal, none);
        VM.prank(address(_timelock));
        VM.expectRevert(abi.encodeWithSelector(AthGovernance.VersionNotNewer.selector, 7, 7));
        _governance.recordParameters(7, keccak256("again"));
    }

    /// @dev Nothing else: not the former admin, not the governance itself outside its timelock, not the guardian.
    function test_nothingElseAdministers() external {
        address[4] memory others = [admin, guardian, submitter, address(_governance)];
        bytes32 proposer = _timelock.PROPOSER_ROLE();
        bytes32 cancels = _timelock.CANCELLER_ROLE();
        bytes32 grants = _timelock.DEFAULT_ADMIN_ROLE();
        for (uint256 i = 0; i < 4; ++i) {
            VM.prank(others[i]);
            VM.expectPartialRevert(bytes4(keccak256("AccessControlUnauthorizedAccount(address,bytes32)")));
            vault.setDailyLimit(1);
            VM.prank(others[i]);
            VM.expectRevert(abi.encodeWithSelector(AthGovernance.NotTimelock.selector, others[i]));
            _governance.recordParameters(9, keccak256("x"));
            bool only = others[i] == address(_governance);
            assertTrue(_timelock.hasRole(proposer, others[i]) == only, "the one proposer");
            assertTrue(_timelock.hasRole(cancels, others[i]) == only, "which has no way to cancel");
            assertTrue(!_timelock.hasRole(grants, others[i]), "no roles are granted");
        }
        assertTrue(_timelock.hasRole(grants, address(_timelock)), "but by itself");
        VM.prank(address(_timelock));
        vault.setDailyLimit(1);
        VM.expectRevert(AthGovernance.ZeroDuration.selector);
        new AthGovernance(log, 0);
    }

    function parametersOf(uint32 version, bytes32 digest) private pure returns (AthGovernance.Proposal memory) {
        return AthGovernance.Proposal(keccak256("proposal"), 1, version, digest, 0);
    }

    function upgradeOf(bytes32 digest) private pure returns (AthGovernance.Proposal memory) {
        return AthGovernance.Proposal(keccak256("upgrade"), 3, 0, digest, 9);
    }

    function limitOf(uint256 limit) private view returns (AthGovernance.Call[] memory calls) {
        calls = new AthGovernance.Call[](1);
        calls[0] = AthGovernance.Call(address(vault), abi.encodeCall(AthVault.setDailyLimit, (limit)));
    }

    function anchored(AthGovernance.Proposal memory proposal, bool result)
        private
        returns (AthGovernance.Passed memory)
    {
        return place(passedOf(proposal, result));
    }

    function passedOf(AthGovernance.Proposal memory proposal, bool result)
        private
        view
        returns (AthGovernance.Passed memory passed)
    {
        uint64 now_ = uint64(block.timestamp) * 1000;
        passed.proposal = proposal;
        passed.tally = AthGovernance.Tally(proposal.proposal, 100, 60, 20, 0, 5, result, now_);
        passed.execution = AthGovernance.Execution(proposal.proposal, now_);
    }

    function place(AthGovernance.Passed memory passed) private returns (AthGovernance.Passed memory) {
        bytes32[] memory leaves = new bytes32[](3);
        leaves[0] = MerkleTree.leaf(MerkleTree.PROPOSAL, abi.encode(passed.proposal));
        leaves[1] = MerkleTree.leaf(MerkleTree.TALLY, abi.encode(passed.tally));
        leaves[2] = MerkleTree.leaf(MerkleTree.EXECUTION, abi.encode(passed.execution));
        anchor(leaves);
        passed.proposalPlace = Recorded.Place(0, proofOf(leaves, 0));
        passed.tallyPlace = Recorded.Place(1, proofOf(leaves, 1));
        passed.executionPlace = Recorded.Place(2, proofOf(leaves, 2));
        return passed;
    }
}
