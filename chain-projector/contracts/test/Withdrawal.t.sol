// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {AthVault} from "../src/AthVault.sol";
import {Custody} from "../src/Custody.sol";
import {Guarded} from "../src/Guarded.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Fixture} from "./Fixture.sol";

/// @title WithdrawalTest
/// @notice Roots, their delays, claims, bond releases and the surplus.
contract WithdrawalTest is Fixture {
    bytes32[] private _leaves;

    function setUp() public override {
        super.setUp();
        VM.prank(treasury);
        vault.deposit(alice, 10_000 ether);
        _leaves = [withdrawalLeaf(alice, 300 ether), withdrawalLeaf(bob, 200 ether), withdrawalLeaf(treasury, 1)];
    }

    function test_paysTheDifferenceOnce() external {
        uint64 number = post(_leaves, 501 ether);
        VM.warp(START + ACTIVATION);
        assertEq(300 ether, claim(number, 0, alice, 300 ether));
        refuseClaim(number, 0, alice, 300 ether, nothingDue(300 ether, 300 ether));
        _leaves[0] = withdrawalLeaf(alice, 450 ether);
        number = post(_leaves, 651 ether);
        VM.warp(START + 2 * ACTIVATION);
        assertEq(150 ether, claim(number, 0, alice, 450 ether));
        assertEq(450 ether, token.balanceOf(alice));
        assertEq(450 ether, vault.paid(alice));
        assertEq(450 ether, vault.totalOut());
        refuseClaim(number - 1, 0, alice, 450 ether, abi.encodeWithSelector(AthVault.WrongProof.selector));
    }

    function test_aRelayerPaysTheAccountOnly() external {
        uint64 number = post(_leaves, 501 ether);
        VM.warp(START + ACTIVATION);
        VM.prank(bob);
        vault.claim(number, 0, alice, 300 ether, proofOf(_leaves, 0));
        assertEq(300 ether, token.balanceOf(alice));
        assertEq(0, token.balanceOf(bob));
    }

    function testFuzz_nothingBeforeActivation(uint64 when) external {
        uint64 number = post(_leaves, 501 ether);
        VM.warp(bound(when, START, START + ACTIVATION - 1));
        bytes memory reason = abi.encodeWithSelector(AthVault.RootNotActive.selector, number, START + ACTIVATION);
        refuseClaim(number, 0, alice, 300 ether, reason);
        VM.warp(START + ACTIVATION);
        claim(number, 0, alice, 300 ether);
    }

    function test_abovetheDailyLimitWaits() external {
        _leaves[0] = withdrawalLeaf(alice, 2500 ether);
        uint64 number = post(_leaves, 2701 ether);
        VM.warp(START + ACTIVATION);
        assertEq(DAILY_LIMIT, claim(number, 0, alice, 2500 ether));
        bytes memory limit = abi.encodeWithSelector(AthVault.DailyLimitReached.selector, DAILY_LIMIT, START + LATE);
        refuseClaim(number, 0, alice, 2500 ether, limit);
        VM.warp(START + ACTIVATION + 1 days);
        assertEq(DAILY_LIMIT, claim(number, 0, alice, 2500 ether));
        VM.warp(START + LATE);
        assertEq(500 ether, claim(number, 0, alice, 2500 ether));
    }

    function test_moreRootsDoNotMultiplyTheLimit() external {
        _leaves[0] = withdrawalLeaf(alice, 2500 ether);
        uint64 first = post(_leaves, 2701 ether);
        uint64 second = post(_leaves, 2701 ether);
        VM.warp(START + ACTIVATION);
        claim(first, 0, alice, 2500 ether);
        bytes memory limit = abi.encodeWithSelector(AthVault.DailyLimitReached.selector, DAILY_LIMIT, START + LATE);
        refuseClaim(second, 0, alice, 2500 ether, limit);
    }

    function test_afterTheLongDelayEverything() external {
        _leaves[0] = withdrawalLeaf(alice, 2500 ether);
        uint64 number = post(_leaves, 2701 ether);
        VM.warp(START + LATE);
        assertEq(2500 ether, claim(number, 0, alice, 2500 ether));
    }

    function test_aDisabledRootNeverPaysAndTheNextDoes() external {
        uint64 number = post(_leaves, 501 ether);
        VM.prank(guardian);
        vault.disableRoot(number);
        VM.warp(START + LATE);
        refuseClaim(number, 0, alice, 300 ether, abi.encodeWithSelector(AthVault.RootDisabled.selector, number));
        uint64 next = post(_leaves, 501 ether);
        VM.warp(START + LATE + ACTIVATION);
        assertEq(300 ether, claim(next, 0, alice, 300 ether));
    }

    function test_noRootIsDisabledAfterActivationOrByOthers() external {
        uint64 number = post(_leaves, 501 ether);
        bytes memory denied = abi.encodeWithSelector(
            IAccessControl.AccessControlUnauthorizedAccount.selector, submitter, vault.GUARDIAN_ROLE()
        );
        VM.prank(submitter);
        VM.expectRevert(denied);
        vault.disableRoot(number);
        VM.warp(START + ACTIVATION);
        VM.prank(guardian);
        VM.expectRevert(
            abi.encodeWithSelector(AthVault.RootAlreadyActive.selector, number, START + ACTIVATION)
        );
        vault.disableRoot(number);
        VM.prank(guardian);
        VM.expectRevert(abi.encodeWithSelector(AthVault.UnknownRoot.selector, number + 1));
        vault.disableRoot(number + 1);
        claim(number, 0, alice, 300 ether);
    }

    function test_aRootNeedsNumberQuorumHistoryAndCover() external {
        AthVault.WithdrawalRoot memory next = posting(rootOf(_leaves), 3, 501 ether);
        refusePosting(next, 4, abi.encodeWithSelector(SettlementLog.QuorumNotReached.selector, 5, 4));
        next.number = 2;
        refusePosting(next, 5, abi.encodeWithSelector(AthVault.WrongNumber.selector, 1, 2));
        next.number = 1;
        next.total = 10_000 ether + 1;
        bytes memory reason =
            abi.encodeWithSelector(AthVault.TotalExceedsCustody.selector, next.total, 10_000 ether);
        refusePosting(next, 5, reason);
        next.total = 10_000 ether;
        next.seq = 1;
        refusePosting(next, 5, abi.encodeWithSelector(AthVault.UnknownBatch.selector, 1));
        send(nextBatch(keccak256("x"), 1));
        bytes[] memory signatures = signed(postingHash(next), keys, 5);
        VM.prank(alice);
        VM.expectRevert(abi.encodeWithSelector(AthVault.NotSubmitter.selector, alice));
        vault.postWithdrawalRoot(next, signatures);
        VM.prank(submitter);
        vault.postWithdrawalRoot(next, signatures);
        assertEq(1, vault.lastRoot());
    }

    function test_anotherVaultsSignaturesAreRefused() external {
        AthVault.WithdrawalRoot memory next = posting(rootOf(_leaves), 3, 1);
        bytes[] memory signatures = signed(postingHash(next), keys, 5);
        AthVault other = new AthVault(
            token, log, admin, guardian, termsFor(address(penalties))
        );
        VM.prank(treasury);
        token.approve(address(other), 1);
        VM.prank(treasury);
        other.deposit(alice, 1);
        VM.prank(submitter);
        (bool done,) = address(other).call(abi.encodeCall(AthVault.postWithdrawalRoot, (next, signatures)));
        assertTrue(!done, "the vault is signed too");
        VM.prank(submitter);
        vault.postWithdrawalRoot(next, signatures);
    }

    function test_forgedLeavesAreRefused() external {
        uint64 number = post(_leaves, 501 ether);
        VM.warp(START + LATE);
        bytes memory wrong = abi.encodeWithSelector(AthVault.WrongProof.selector);
        refuseClaim(number, 0, alice, 301 ether, wrong);
        refuseClaim(number, 0, bob, 300 ether, wrong);
        refuseClaim(number, 1, alice, 300 ether, wrong);
        bytes memory unknown = abi.encodeWithSelector(AthVault.UnknownRoot.selector, number + 1);
        refuseClaim(number + 1, 0, alice, 300 ether, unknown);
        claim(number, 0, alice, 300 ether);
    }

    function test_aLeafCannotPayTheVaultItself() external {
        _leaves[0] = withdrawalLeaf(address(vault), 5);
        uint64 number = post(_leaves, 5);
        VM.warp(START + LATE);
        bytes memory reason = abi.encodeWithSelector(Custody.WrongAccount.selector, address(vault));
        refuseClaim(number, 0, address(vault), 5, reason);
    }

    function test_bondedStakeCannotLeaveUntilItIsReleased() external {
        bytes32 pool = poolOf(2, bob);
        VM.prank(treasury);
        vault.bond(pool, 500 ether);
        _leaves = [withdrawalLeaf(alice, 10_100 ether), releaseLeaf(pool, 100 ether)];
        uint64 number = post(_leaves, 10_100 ether);
        VM.warp(START + LATE);
        bytes memory reason = abi.encodeWithSelector(Custody.ExceedsFree.selector, 10_100 ether, 10_000 ether);
        refuseClaim(number, 0, alice, 10_100 ether, reason);
        assertEq(100 ether, vault.releaseBond(number, 1, pool, 100 ether, proofOf(_leaves, 1)));
        assertEq(400 ether, vault.bonded(pool));
        assertEq(400 ether, vault.totalBonded());
        assertEq(100 ether, vault.released(pool));
        claim(number, 0, alice, 10_100 ether);
        bytes32[] memory proof = proofOf(_leaves, 1);
        VM.expectRevert(nothingDue(100 ether, 100 ether));
        vault.releaseBond(number, 1, pool, 100 ether, proof);
    }

    function test_noMoreIsReleasedThanIsBonded() external {
        bytes32 pool = poolOf(2, bob);
        VM.prank(treasury);
        vault.bond(pool, 99);
        _leaves = [withdrawalLeaf(alice, 1), releaseLeaf(pool, 100)];
        uint64 number = post(_leaves, 1);
        VM.warp(START + ACTIVATION);
        bytes32[] memory proof = proofOf(_leaves, 1);
        VM.expectRevert(abi.encodeWithSelector(Custody.ExceedsFree.selector, 100, 99));
        vault.releaseBond(number, 1, pool, 100, proof);
    }

    function test_onlyTheSurplusIsSkimmedAndOnlyByAdmin() external {
        VM.prank(admin);
        VM.expectRevert(Custody.NoSurplus.selector);
        vault.skim(bob);
        VM.prank(treasury);
        token.transfer(address(vault), 77);
        bytes memory denied =
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, guardian, bytes32(0));
        VM.prank(guardian);
        VM.expectRevert(denied);
        vault.skim(bob);
        VM.prank(admin);
        vault.skim(bob);
        assertEq(77, token.balanceOf(bob));
        assertEq(10_000 ether, token.balanceOf(address(vault)));
    }

    function test_aPauseStopsMoneyBothWaysAndEnds() external {
        uint64 number = post(_leaves, 501 ether);
        VM.warp(START + ACTIVATION);
        VM.prank(guardian);
        vault.pause();
        uint64 until = START + ACTIVATION + PAUSE;
        bytes memory reason = abi.encodeWithSelector(Guarded.ContractPaused.selector, until);
        refuseClaim(number, 0, alice, 300 ether, reason);
        VM.prank(treasury);
        VM.expectRevert(reason);
        vault.deposit(alice, 1);
        VM.warp(until);
        claim(number, 0, alice, 300 ether);
    }

    function test_theAdminChangesTheDailyLimit() external {
        VM.prank(admin);
        vault.setDailyLimit(100 ether);
        uint64 number = post(_leaves, 501 ether);
        VM.warp(START + ACTIVATION);
        assertEq(100 ether, claim(number, 0, alice, 300 ether));
        VM.prank(guardian);
        VM.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, guardian, bytes32(0))
        );
        vault.setDailyLimit(1);
    }

    function claim(uint64 number, uint32 index, address account, uint256 cumulative) private returns (uint256) {
        return vault.claim(number, index, account, cumulative, proofOf(_leaves, index));
    }

    function refuseClaim(uint64 number, uint32 index, address account, uint256 cumulative, bytes memory reason)
        private
    {
        bytes32[] memory proof = proofOf(_leaves, index);
        VM.expectRevert(reason);
        vault.claim(number, index, account, cumulative, proof);
    }

    function refusePosting(AthVault.WithdrawalRoot memory next, uint256 signers, bytes memory reason) private {
        bytes[] memory signatures = signed(postingHash(next), keys, signers);
        VM.prank(submitter);
        VM.expectRevert(reason);
        vault.postWithdrawalRoot(next, signatures);
    }

    function nothingDue(uint256 cumulative, uint256 already) private pure returns (bytes memory) {
        return abi.encodeWithSelector(AthVault.NothingDue.selector, cumulative, already);
    }
}
