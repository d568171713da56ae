// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Custody} from "../src/Custody.sol";
import {Vm} from "./Base.sol";
import {Permits} from "./Permits.sol";

/// @title InboundTest
/// @notice Deposits, bonds and reserve funding: one sequence, exact counters, and clear refusals.
contract InboundTest is Permits {
    function test_oneSequenceForAllKinds() external {
        bytes32 pool = poolOf(2, bob);
        VM.recordLogs();
        VM.prank(treasury);
        vault.deposit(alice, 10);
        VM.prank(treasury);
        vault.bond(pool, 20);
        VM.prank(treasury);
        vault.fundReserve(1, 30);
        VM.prank(treasury);
        vault.fundReserve(2, 40);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        assertInbound(logs, 0, 0, bytes32(uint256(uint160(alice))), 10);
        assertInbound(logs, 1, 1, pool, 20);
        assertInbound(logs, 2, 2, bytes32(uint256(1)), 30);
        assertInbound(logs, 3, 2, bytes32(uint256(2)), 40);
        assertEq(4, vault.lastInbound());
        assertEq(100, vault.totalIn());
        assertEq(20, vault.totalBonded());
        assertEq(20, vault.bonded(pool));
        assertEq(100, token.balanceOf(address(vault)));
    }

    function testFuzz_countersFollowAmounts(uint96 first, uint96 second, address operator) external {
        uint256 one = bound(first, 1, 20e27);
        uint256 two = bound(second, 1, 20e27);
        bytes32 pool = poolOf(1, operator == address(0) ? bob : operator);
        VM.prank(treasury);
        vault.deposit(alice, one);
        VM.prank(treasury);
        vault.bond(pool, two);
        assertEq(one + two, vault.totalIn());
        assertEq(two, vault.bonded(pool));
        assertEq(token.balanceOf(address(vault)), vault.totalIn() - vault.totalOut());
    }

    function test_depositWithPermit() external {
        fundOwner(50);
        Permit memory permit = permitFor(address(vault), 50, START + 60);
        VM.prank(owner());
        vault.depositWithPermit(alice, 50, permit.deadline, permit.v, permit.r, permit.s);
        assertEq(50, vault.totalIn());
    }

    function test_aFrontRunPermitStillDeposits() external {
        fundOwner(50);
        Permit memory permit = permitFor(address(vault), 50, START + 60);
        VM.prank(bob);
        token.permit(owner(), address(vault), 50, permit.deadline, permit.v, permit.r, permit.s);
        VM.prank(owner());
        vault.depositWithPermit(alice, 50, permit.deadline, permit.v, permit.r, permit.s);
        assertEq(50, vault.totalIn());
    }

    function test_aBadPermitWithoutAllowanceIsRefused() external {
        fundOwner(50);
        Permit memory permit = permitFor(address(vault), 49, START + 60);
        VM.prank(owner());
        VM.expectRevert(abi.encodeWithSelector(Custody.PermitRefused.selector, 0, 50));
        vault.depositWithPermit(alice, 50, permit.deadline, permit.v, permit.r, permit.s);
    }

    function test_bondWithPermit() external {
        fundOwner(50);
        bytes32 pool = poolOf(1, owner());
        Permit memory permit = permitFor(address(vault), 50, START + 60);
        VM.prank(owner());
        vault.bondWithPermit(pool, 50, permit.deadline, permit.v, permit.r, permit.s);
        assertEq(50, vault.bonded(pool));
    }

    function test_refusesWhatCannotBeCredited() external {
        address[3] memory dead = [address(0), address(vault), address(token)];
        for (uint256 i = 0; i < dead.length; ++i) {
            VM.prank(treasury);
            VM.expectRevert(abi.encodeWithSelector(Custody.WrongAccount.selector, dead[i]));
            vault.deposit(dead[i], 1);
        }
        bytes32[4] memory pools = [poolOf(0, bob), poolOf(3, bob), poolOf(1, address(0)), bytes32(type(uint256).max)];
        for (uint256 i = 0; i < pools.length; ++i) {
            VM.prank(treasury);
            VM.expectRevert(abi.encodeWithSelector(Custody.WrongPool.selector, pools[i]));
            vault.bond(pools[i], 1);
        }
        uint8[2] memory buckets = [0, 3];
        for (uint256 i = 0; i < buckets.length; ++i) {
            VM.prank(treasury);
            VM.expectRevert(abi.encodeWithSelector(Custody.WrongBucket.selector, buckets[i]));
            vault.fundReserve(buckets[i], 1);
        }
        VM.prank(treasury);
        VM.expectRevert(Custody.ZeroAmount.selector);
        vault.deposit(alice, 0);
    }

    function test_withoutAllowanceNothingIsNumbered() external {
        fundOwner(50);
        VM.prank(owner());
        VM.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 50)
        );
        vault.deposit(alice, 50);
        assertEq(0, vault.lastInbound());
        assertEq(0, vault.totalIn());
    }

    function fundOwner(uint256 amount) private {
        VM.prank(treasury);
        token.transfer(owner(), amount);
    }

    /// @dev The token's Transfer follows each Inbound.
    function assertInbound(Vm.Log[] memory logs, uint256 index, uint8 kind, bytes32 beneficiary, uint256 amount)
        private
        view
    {
        Vm.Log memory entry = logs[index * 2];
        assertEq(Custody.Inbound.selector, entry.topics[0]);
        assertEq(index + 1, uint256(entry.topics[1]));
        assertEq(beneficiary, entry.topics[2]);
        assertEq(uint160(treasury), uint256(entry.topics[3]));
        (uint8 loggedKind, uint256 loggedAmount) = abi.decode(entry.data, (uint8, uint256));
        assertEq(kind, loggedKind);
        assertEq(amount, loggedAmount);
        assertEq(address(vault), entry.emitter);
    }
}
