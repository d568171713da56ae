// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/**
 * @title AthToken
 * @notice ATH, the one currency of Athanor: ERC-20 with ERC-2612 permits and 18 decimals.
 * @dev Invariant: `totalSupply()` is `SUPPLY` for ever. There is no mint, no burn, no owner, no pause and no upgrade;
 *      a burn of the protocol is a payout to a burn account, which the ledger shows.
 */
contract AthToken is ERC20, ERC20Permit {
    /// @notice The whole supply in wei: 42 billion ATH.
    uint256 public constant SUPPLY = 42e27;

    /// @notice Mints the whole supply, once.
    /// @param holder receives it
    constructor(address holder) ERC20("Athanor Token", "ATH") ERC20Permit("Athanor Token") {
        _mint(holder, SUPPLY);
    }
}
