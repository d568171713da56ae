// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/**
 * @title Guarded
 * @notice The roles that the vault and the settlement log share, and a pause that ends by itself.
 * @dev ADMIN (OpenZeppelin's default admin, in production the timelock) grants roles and ends a pause. GUARDIAN may
 *      pause once, for at most `pauseLength` seconds; the next pause needs ADMIN to re-arm it with `unpause`. So a stolen
 *      guardian key can delay, and can neither hold the network for ransom nor move funds.
 */
abstract contract Guarded is AccessControl {
    /// @notice May grant and revoke roles, end a pause, and do what each contract reserves for the timelock.
    bytes32 public constant ADMIN_ROLE = DEFAULT_ADMIN_ROLE;
    /// @notice May pause once, and disable a pending withdrawal root.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN");

    uint64 private immutable PAUSE_LENGTH;
    /// @dev 0 = armed; otherwise when the last pause ends or ended.
    uint64 private _pausedUntil;

    /// @notice The contract stands still until `until` (seconds since 1970).
    event Paused(address indexed guardian, uint64 until);
    /// @notice The pause is over and the guardian may pause again.
    event Unpaused(address indexed admin);

    error ContractPaused(uint64 until);
    error PauseAlreadyUsed(uint64 until);
    error ZeroAddress();
    error ZeroDuration();

    modifier whenNotPaused() {
        _requireNotPaused();
        _;
    }

    constructor(address admin, address guardian, uint64 pauseLength_) {
        if (admin == address(0) || guardian == address(0)) revert ZeroAddress();
        if (pauseLength_ == 0) revert ZeroDuration();
        PAUSE_LENGTH = pauseLength_;
        _grantRole(ADMIN_ROLE, admin);
        _grantRole(GUARDIAN_ROLE, guardian);
    }

    /// @notice Stops every function that moves money or settles, for at most the pause length.
    function pause() external onlyRole(GUARDIAN_ROLE) {
        if (_pausedUntil != 0) revert PauseAlreadyUsed(_pausedUntil);
        uint64 until = uint64(block.timestamp) + PAUSE_LENGTH;
        _pausedUntil = until;
        emit Paused(msg.sender, until);
    }

    /// @notice Ends a pause early, or re-arms a pause that has run out.
    function unpause() external onlyRole(ADMIN_ROLE) {
        _pausedUntil = 0;
        emit Unpaused(msg.sender);
    }

    /// @notice Whether the contract stands still now.
    function paused() public view returns (bool) {
        return block.timestamp < _pausedUntil;
    }

    /// @notice Longest pause in seconds.
    function pauseLength() public view returns (uint64) {
        return PAUSE_LENGTH;
    }

    function _requireNotPaused() private view {
        if (paused()) revert ContractPaused(_pausedUntil);
    }
}
