// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC2612ExpiredSignature, Permits} from "./Permits.sol";

/// @title AthTokenTest
/// @notice The supply, and permits.
contract AthTokenTest is Permits {
    function test_genesis() external view {
        assertEq(42e27, token.totalSupply());
        assertEq(42e27, token.balanceOf(treasury));
        assertEq(18, token.decimals());
        assertEq(keccak256("ATH"), keccak256(bytes(token.symbol())));
    }

    function test_permitIsUsedOnceAndInTime() external {
        Permit memory permit = permitFor(address(vault), 5, START + 60);
        token.permit(owner(), address(vault), 5, permit.deadline, permit.v, permit.r, permit.s);
        assertEq(5, token.allowance(owner(), address(vault)));
        assertEq(1, token.nonces(owner()));
        permit = permitFor(address(vault), 5, START + 60);
        VM.warp(START + 61);
        VM.expectRevert(abi.encodeWithSelector(ERC2612ExpiredSignature, START + 60));
        token.permit(owner(), address(vault), 5, permit.deadline, permit.v, permit.r, permit.s);
    }

    function testFuzz_transfersKeepTheSupply(uint256 first, uint256 second) external {
        first = bound(first, 0, 42e27);
        second = bound(second, 0, first);
        VM.prank(treasury);
        token.transfer(alice, first);
        VM.prank(alice);
        token.transfer(bob, second);
        assertEq(42e27, token.balanceOf(treasury) + token.balanceOf(alice) + token.balanceOf(bob));
        assertEq(42e27, token.totalSupply());
    }
}
