// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AthToken} from "./AthToken.sol";
import {Guarded} from "./Guarded.sol";

/**
 * @title Custody
 * @notice The inbound half of the vault: numbered transfers that credit accounts, stake pools and reserve buckets, and the
 *         counters of what is in custody.
 * @dev Invariants, in wei: balance >= totalIn - totalOut; totalOut + totalBonded <= totalIn; inbound numbers are 1, 2, 3 …
 *      without a gap, so that a reader who knows number n knows that it has missed nothing up to n.
 */
abstract contract Custody is Guarded {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @notice The beneficiary is an account, its address in the low 20 bytes.
    uint8 public constant KIND_ACCOUNT = 0;
    /// @notice The beneficiary is a stake pool.
    uint8 public constant KIND_BOND = 1;
    /// @notice The beneficiary is a reserve bucket.
    uint8 public constant KIND_RESERVE = 2;
    /// @notice A provider's pool, in the bits above the operator's address.
    uint8 public constant POOL_PROVIDER = 1;
    /// @notice A Checker's pool.
    uint8 public constant POOL_CHECKER = 2;
    /// @notice The emission reserve of the providers.
    uint8 public constant RESERVE_PROVIDER = 1;
    /// @notice The emission reserve of the Checkers.
    uint8 public constant RESERVE_CHECKER = 2;

    AthToken private immutable TOKEN;

    // Two words. The first, which the pause's end shares, is all that a deposit writes; the second is all that a claim
    // writes. What ever came in stays far below 2^128.
    uint128 private _totalIn;
    uint64 private _lastInbound;
    uint128 private _totalOut;
    uint128 private _totalBonded;
    mapping(bytes32 pool => uint256 amount) private _bonded;

    /// @notice ATH came in: the one sequence that credits accounts, pools and reserve buckets.
    event Inbound(
        uint64 indexed number, uint8 kind, bytes32 indexed beneficiary, address indexed from, uint256 amount
    );
    error ZeroAmount();
    error WrongAccount(address account);
    error WrongPool(bytes32 pool);
    error WrongBucket(uint8 bucket);
    error PermitRefused(uint256 allowance, uint256 needed);
    error ExceedsFree(uint256 amount, uint256 free);
    error NoSurplus();

    constructor(AthToken token_) {
        if (address(token_) == address(0)) revert ZeroAddress();
        TOKEN = token_;
    }

    /// @notice Brings the sender's ATH in for an account; needs an allowance.
    function deposit(address account, uint256 amount) external whenNotPaused {
        _deposit(account, amount);
    }

    /// @notice `deposit` with an ERC-2612 permit of the sender; works as well when the permit was already used.
    function depositWithPermit(address account, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        whenNotPaused
    {
        _permit(amount, deadline, v, r, s);
        _deposit(account, amount);
    }

    /**
     * @notice Bonds the sender's ATH to a stake pool.
     * @param pool bytes32(uint256(kind) << 160 | uint160(operator)), kind 1 = provider, 2 = checker
     */
    function bond(bytes32 pool, uint256 amount) external whenNotPaused {
        _bond(pool, amount);
    }

    /// @notice `bond` with an ERC-2612 permit of the sender; works as well when the permit was already used.
    function bondWithPermit(bytes32 pool, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        whenNotPaused
    {
        _permit(amount, deadline, v, r, s);
        _bond(pool, amount);
    }

    /// @notice Adds the sender's ATH to a bucket of the emission reserve: 1 = providers, 2 = Checkers.
    function fundReserve(uint8 bucket, uint256 amount) external whenNotPaused {
        if (bucket != RESERVE_PROVIDER && bucket != RESERVE_CHECKER) revert WrongBucket(bucket);
        _receive(KIND_RESERVE, bytes32(uint256(bucket)), amount);
    }

    /// @notice The ERC-20 in custody.
    function token() external view returns (AthToken) {
        return TOKEN;
    }

    /// @notice The number of the newest inbound transfer, 0 when there is none.
    function lastInbound() external view returns (uint64) {
        return _lastInbound;
    }

    /// @notice Everything that ever came in, in wei.
    function totalIn() public view returns (uint256) {
        return _totalIn;
    }

    /// @notice Everything ever paid out, in wei.
    function totalOut() public view returns (uint256) {
        return _totalOut;
    }

    /// @notice What is bonded to all pools now, in wei.
    function totalBonded() public view returns (uint256) {
        return _totalBonded;
    }

    /// @notice What is bonded to the pool now, in wei.
    function bonded(bytes32 pool) external view returns (uint256) {
        return _bonded[pool];
    }

    /// @dev What is bonded to the pool now.
    function _bondOf(bytes32 pool) internal view returns (uint256) {
        return _bonded[pool];
    }

    /// @dev Pays `to` out of what is free: not bonded, and not surplus.
    function _pay(address to, uint256 amount) internal {
        uint256 free = uint256(_totalIn) - _totalOut - _totalBonded;
        if (amount > free) revert ExceedsFree(amount, free);
        _totalOut += amount.toUint128();
        IERC20(TOKEN).safeTransfer(to, amount);
    }

    /// @dev Takes from the pool's bond; the amount stays in custody and is free.
    function _unbond(bytes32 pool, uint256 amount) internal {
        if (amount > _bonded[pool]) revert ExceedsFree(amount, _bonded[pool]);
        _bonded[pool] -= amount;
        _totalBonded -= amount.toUint128();
    }

    /// @dev Sends away what is above custody.
    function _skim(address to) internal returns (uint256 surplus) {
        surplus = TOKEN.balanceOf(address(this)) - (_totalIn - _totalOut);
        if (surplus == 0) revert NoSurplus();
        IERC20(TOKEN).safeTransfer(to, surplus);
    }

    /// @dev Money must not go where nobody can move it again.
    function _requireAccount(address account) internal view {
        if (account == address(0) || account == address(this) || account == address(TOKEN)) {
            revert WrongAccount(account);
        }
    }

    function _deposit(address account, uint256 amount) private {
        _requireAccount(account);
        _receive(KIND_ACCOUNT, bytes32(uint256(uint160(account))), amount);
    }

    function _bond(bytes32 pool, uint256 amount) private {
        uint256 kind = uint256(pool) >> 160;
        if ((kind != POOL_PROVIDER && kind != POOL_CHECKER) || uint160(uint256(pool)) == 0) revert WrongPool(pool);
        _bonded[pool] += amount;
        _totalBonded += amount.toUint128();
        _receive(KIND_BOND, pool, amount);
    }

    function _receive(uint8 kind, bytes32 beneficiary, uint256 amount) private {
        if (amount == 0) revert ZeroAmount();
        _totalIn += amount.toUint128();
        uint64 number = ++_lastInbound;
        emit Inbound(number, kind, beneficiary, msg.sender, amount);
        IERC20(TOKEN).safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @dev A permit is public before it is mined, and whoever sends it first uses it up: then the allowance is there,
    ///      and the deposit must not fail.
    function _permit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) private {
        try TOKEN.permit(msg.sender, address(this), amount, deadline, v, r, s) {
            return;
        } catch {
            uint256 allowance = TOKEN.allowance(msg.sender, address(this));
            if (allowance < amount) revert PermitRefused(allowance, amount);
        }
    }
}
