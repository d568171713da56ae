// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AthToken} from "./AthToken.sol";
import {Custody} from "./Custody.sol";
import {Guarded} from "./Guarded.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {SettlementLog} from "./SettlementLog.sol";

/**
 * @title AthVault
 * @notice Custody of all ATH inside Athanor: in by numbered transfers, out by one cumulative withdrawal leaf an account.
 * @dev Invariants, in wei: balance >= totalIn - totalOut; totalOut + totalBonded <= totalIn; an account is never paid
 *      more than the largest leaf of an activated root; inbound numbers are 1, 2, 3 … without a gap. ATH sent here by a
 *      plain transfer is surplus, belongs to nobody, and only the timelock may skim it. Nobody, the timelock included, can
 *      move an account's money: roots come only with the quorum of the settlement log's signers, wait for their
 *      activation, and pay only the account named in the leaf.
 *      No reentrancy guard: the only calls out are to AthToken, which calls nobody, and to the log's views, and each comes
 *      after the state is written.
 */
contract AthVault is Custody {
    /// @notice Time rules in seconds, and the prompt limit in wei an account and day.
    struct Terms {
        uint64 activationDelay;
        uint64 lateDelay;
        uint64 dayLength;
        uint64 pauseLength;
        uint256 dailyLimit;
        address penalties;
    }

    /**
     * @notice The cumulative withdrawals of all accounts, once a settlement day.
     * @dev `total` is the sum of the withdrawal leaves in wei, `seq` the newest batch in the history behind them, `epoch`
     *      the last epoch of the period.
     */
    struct WithdrawalRoot {
        uint64 number;
        bytes32 root;
        uint32 count;
        uint256 total;
        uint64 seq;
        uint64 epoch;
        uint32 setVersion;
    }

    /// @notice A posted root. Before `activeAt` nothing, from `lateAt` everything, between them the daily limit.
    struct Posted {
        bytes32 root;
        uint32 count;
        uint64 activeAt;
        uint64 lateAt;
        bool disabled;
    }

    /// @dev One word: the supply of 42e27 wei is below 2^96.
    struct Payments {
        uint96 paid;
        uint96 promptToday;
        uint64 day;
    }

    bytes32 private constant WITHDRAWAL_ROOT_TYPEHASH = keccak256(
        "WithdrawalRoot(address vault,uint64 number,bytes32 root,uint32 count,uint256 total,"
        "uint64 seq,uint64 epoch,uint32 setVersion)"
    );

    SettlementLog private immutable LOG;
    address private immutable PENALTIES;
    uint64 private immutable ACTIVATION_DELAY;
    uint64 private immutable LATE_DELAY;
    uint64 private immutable DAY_LENGTH;

    uint256 private _dailyLimit;
    uint64 private _lastRoot;
    mapping(bytes32 pool => uint256 amount) private _released;
    mapping(uint64 number => Posted root) private _roots;
    mapping(address account => Payments payments) private _payments;

    /// @notice A root waits for its activation.
    event WithdrawalRootPosted(
        uint64 indexed number,
        bytes32 root,
        uint32 count,
        uint256 total,
        uint64 seq,
        uint64 epoch,
        uint64 activeAt,
        uint64 lateAt
    );
    /// @notice A root will never be active.
    event WithdrawalRootDisabled(uint64 indexed number, address indexed guardian);
    /// @notice An account was paid `amount`, and `paid` with everything before it.
    event Claimed(address indexed account, uint64 indexed number, uint256 amount, uint256 paid, address relayer);
    /// @notice A pool's bond fell by `amount`, and by `released` with everything before it; `number` is 0 for a penalty.
    event BondReleased(bytes32 indexed pool, uint64 indexed number, uint256 amount, uint256 released);
    /// @notice The prompt limit an account and day is now this many wei.
    event DailyLimitChanged(uint256 dailyLimit);
    /// @notice ATH that was in nobody's custody went to `to`.
    event Skimmed(address indexed to, uint256 amount);

    error NotPenalties(address sender);
    error WrongDelays(uint64 activationDelay, uint64 lateDelay);
    error NotSubmitter(address sender);
    error WrongNumber(uint64 expected, uint64 given);
    error TotalExceedsCustody(uint256 total, uint256 totalIn);
    error UnknownBatch(uint64 seq);
    error UnknownRoot(uint64 number);
    error RootDisabled(uint64 number);
    error RootNotActive(uint64 number, uint64 activeAt);
    error RootAlreadyActive(uint64 number, uint64 activeAt);
    error WrongProof();
    error NothingDue(uint256 cumulative, uint256 already);
    error DailyLimitReached(uint256 dailyLimit, uint64 lateAt);

    /// @notice An empty vault; token, log and delays are fixed for ever.
    constructor(AthToken token_, SettlementLog log_, address admin, address guardian, Terms memory terms_)
        Guarded(admin, guardian, terms_.pauseLength)
        Custody(token_)
    {
        if (address(log_) == address(0)) revert ZeroAddress();
        if (terms_.dayLength == 0 || terms_.activationDelay == 0) revert ZeroDuration();
        if (terms_.lateDelay < terms_.activationDelay) revert WrongDelays(terms_.activationDelay, terms_.lateDelay);
        if (terms_.penalties == address(0)) revert ZeroAddress();
        LOG = log_;
        PENALTIES = terms_.penalties;
        ACTIVATION_DELAY = terms_.activationDelay;
        LATE_DELAY = terms_.lateDelay;
        DAY_LENGTH = terms_.dayLength;
        _dailyLimit = terms_.dailyLimit;
        emit DailyLimitChanged(terms_.dailyLimit);
    }

    /**
     * @notice Posts the next root of cumulative withdrawals.
     * @param posting number last+1; `total` cannot exceed what ever came in
     * @param signatures quorum of the settlement log's signers over the EIP-712 struct
     *        WithdrawalRoot(vault, number, root, count, total, seq, epoch, setVersion) in the log's domain
     */
    function postWithdrawalRoot(WithdrawalRoot calldata posting, bytes[] calldata signatures) external whenNotPaused {
        if (!LOG.maySubmit(msg.sender)) revert NotSubmitter(msg.sender);
        if (posting.number != _lastRoot + 1) revert WrongNumber(_lastRoot + 1, posting.number);
        if (posting.total > totalIn()) revert TotalExceedsCustody(posting.total, totalIn());
        (uint64 lastSeq,) = LOG.last();
        if (posting.seq > lastSeq) revert UnknownBatch(posting.seq);
        LOG.requireQuorum(
            keccak256(abi.encode(WITHDRAWAL_ROOT_TYPEHASH, address(this), posting)), posting.setVersion, signatures
        );
        uint64 activeAt = uint64(block.timestamp) + ACTIVATION_DELAY;
        uint64 lateAt = uint64(block.timestamp) + LATE_DELAY;
        _lastRoot = posting.number;
        _roots[posting.number] = Posted(posting.root, posting.count, activeAt, lateAt, false);
        emit WithdrawalRootPosted(
            posting.number, posting.root, posting.count, posting.total, posting.seq, posting.epoch, activeAt, lateAt
        );
    }

    /// @notice Disables a root for good, before its activation and never after; its amounts are in the next root.
    function disableRoot(uint64 number) external onlyRole(GUARDIAN_ROLE) {
        Posted storage posted = _roots[number];
        if (posted.activeAt == 0) revert UnknownRoot(number);
        if (posted.disabled) revert RootDisabled(number);
        if (block.timestamp >= posted.activeAt) revert RootAlreadyActive(number, posted.activeAt);
        posted.disabled = true;
        emit WithdrawalRootDisabled(number, msg.sender);
    }

    /**
     * @notice Pays an account what its leaf holds beyond what it was already paid. Anybody may send it.
     * @dev Until the root's long delay is over, an account gets at most the daily limit a day; the rest waits.
     * @param number the root
     * @param index the leaf's position in it, from 0
     * @param cumulative the leaf's amount: everything the account ever asked to withdraw, in wei
     * @return amount wei paid now
     */
    function claim(uint64 number, uint32 index, address account, uint256 cumulative, bytes32[] calldata proof)
        external
        whenNotPaused
        returns (uint256 amount)
    {
        bytes32 hash = MerkleTree.leaf(MerkleTree.WITHDRAWAL, abi.encode(account, cumulative));
        uint64 lateAt = _requireLeaf(number, index, hash, proof);
        _requireAccount(account);
        Payments memory payments = _payments[account];
        if (cumulative <= payments.paid) revert NothingDue(cumulative, payments.paid);
        amount = cumulative - payments.paid;
        if (block.timestamp < lateAt) amount = _takePrompt(payments, amount, lateAt);
        payments.paid += uint96(amount);
        _payments[account] = payments;
        emit Claimed(account, number, amount, payments.paid, msg.sender);
        _pay(account, amount);
    }

    /**
     * @notice Moves bonded ATH of a pool, matured or slashed, into the free custody from which withdrawals are paid.
     * @param cumulative the leaf's amount: everything ever released from the pool's bond, in wei
     */
    function releaseBond(uint64 number, uint32 index, bytes32 pool, uint256 cumulative, bytes32[] calldata proof)
        external
        whenNotPaused
        returns (uint256 amount)
    {
        bytes32 hash = MerkleTree.leaf(MerkleTree.BOND_RELEASE, abi.encode(pool, cumulative));
        _requireLeaf(number, index, hash, proof);
        uint256 already = _released[pool];
        if (cumulative <= already) revert NothingDue(cumulative, already);
        amount = cumulative - already;
        _released[pool] = cumulative;
        _unbond(pool, amount);
        emit BondReleased(pool, number, amount, cumulative);
    }

    /**
     * @notice Moves what a proven penalty takes out of a pool's bond into the free custody; only for the penalty book.
     * @dev It counts as released, so that no leaf of a root releases it a second time. Never more than is bonded, because a
     *      pool may hold more than its bond: what was delegated to it out of accounts is not bonded here.
     * @return amount wei taken from the bond
     */
    function takePenalty(bytes32 pool, uint256 most) external whenNotPaused returns (uint256 amount) {
        if (msg.sender != PENALTIES) revert NotPenalties(msg.sender);
        uint256 held = _bondOf(pool);
        amount = most < held ? most : held;
        uint256 cumulative = _released[pool] + amount;
        _released[pool] = cumulative;
        _unbond(pool, amount);
        emit BondReleased(pool, 0, amount, cumulative);
    }

    /// @notice Changes the amount an account may be paid a day before a root's long delay is over.
    function setDailyLimit(uint256 dailyLimit_) external onlyRole(ADMIN_ROLE) {
        _dailyLimit = dailyLimit_;
        emit DailyLimitChanged(dailyLimit_);
    }

    /// @notice Sends ATH that was transferred here without a deposit to `to`; never touches custody.
    function skim(address to) external onlyRole(ADMIN_ROLE) {
        _requireAccount(to);
        emit Skimmed(to, _skim(to));
    }

    /// @notice The log whose signers authorise withdrawals.
    function settlementLog() external view returns (SettlementLog) {
        return LOG;
    }

    /// @notice The rules in force.
    function terms() external view returns (Terms memory) {
        return Terms(ACTIVATION_DELAY, LATE_DELAY, DAY_LENGTH, pauseLength(), _dailyLimit, PENALTIES);
    }

    /// @notice What was ever released from the pool's bond, in wei.
    function released(bytes32 pool) external view returns (uint256) {
        return _released[pool];
    }

    /// @notice What the account was ever paid, in wei.
    function paid(address account) external view returns (uint256) {
        return _payments[account].paid;
    }

    /// @notice The number of the newest posted root, 0 when there is none.
    function lastRoot() external view returns (uint64) {
        return _lastRoot;
    }

    /// @notice The root posted under this number.
    function rootOf(uint64 number) external view returns (Posted memory) {
        if (_roots[number].activeAt == 0) revert UnknownRoot(number);
        return _roots[number];
    }

    /// @dev Takes from the account's limit of the running day; the days are those of the chain's clock, so that posting
    ///      many roots does not multiply the limit.
    function _takePrompt(Payments memory payments, uint256 wanted, uint64 lateAt) private view returns (uint256) {
        uint64 day = uint64(block.timestamp) / DAY_LENGTH;
        if (payments.day != day) {
            payments.day = day;
            payments.promptToday = 0;
        }
        uint256 room = _dailyLimit > payments.promptToday ? _dailyLimit - payments.promptToday : 0;
        if (room == 0) revert DailyLimitReached(_dailyLimit, lateAt);
        uint256 amount = wanted < room ? wanted : room;
        payments.promptToday += uint96(amount);
        return amount;
    }

    /// @notice Reverts unless the leaf is in an active root.
    /// @return lateAt when the root's long delay is over
    function _requireLeaf(uint64 number, uint32 index, bytes32 hash, bytes32[] calldata proof)
        private
        view
        returns (uint64 lateAt)
    {
        Posted storage posted = _roots[number];
        uint64 activeAt = posted.activeAt;
        if (activeAt == 0) revert UnknownRoot(number);
        if (posted.disabled) revert RootDisabled(number);
        if (block.timestamp < activeAt) revert RootNotActive(number, activeAt);
        if (!MerkleTree.verify(posted.root, posted.count, index, hash, proof)) revert WrongProof();
        return posted.lateAt;
    }
}
