// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Fixture} from "./Fixture.sol";

bytes4 constant ERC2612ExpiredSignature = ERC20Permit.ERC2612ExpiredSignature.selector;

/// @title Permits
/// @notice ERC-2612 permits of an account whose key the tests hold.
abstract contract Permits is Fixture {
    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    uint256 internal constant OWNER_KEY = 0xCAFE;
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    function owner() internal pure returns (address) {
        return VM.addr(OWNER_KEY);
    }

    function permitFor(address spender, uint256 amount, uint256 deadline) internal view returns (Permit memory) {
        bytes32 structHash =
            keccak256(abi.encode(PERMIT_TYPEHASH, owner(), spender, amount, token.nonces(owner()), deadline));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(OWNER_KEY, digest);
        return Permit(deadline, v, r, s);
    }
}
