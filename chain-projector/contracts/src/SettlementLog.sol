// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Guarded} from "./Guarded.sol";
import {MerkleTree} from "./MerkleTree.sol";

/**
 * @title SettlementLog
 * @notice The settled history of Athanor as a chain of Merkle roots, each cosigned by Checkers who replayed it first.
 * @dev Invariants: batches are numbered 1, 2, 3 … without a gap; head_n = keccak256(abi.encode(head_{n-1}, n, root_n))
 *      with head_0 = 0; nothing stored is ever changed. A batch is accepted only with the quorum of the signer set in
 *      force or of the one before it, in one EIP-712 domain ("Athanor", "1", chain id, this contract), which also covers
 *      signer sets, log checkpoints and the vault's withdrawal roots.
 */
contract SettlementLog is Guarded, EIP712 {
    /// @notice One settlement batch. `total` is the sum of the settled costs in wei, `epoch` the last epoch it settles.
    struct Batch {
        uint64 seq;
        bytes32 previous;
        bytes32 root;
        uint32 count;
        uint256 total;
        uint64 epoch;
        uint32 setVersion;
    }

    /// @notice A state of the transparency log, and the newest batch its signers had replayed.
    struct Checkpoint {
        uint64 size;
        bytes32 root;
        uint64 seq;
        uint32 setVersion;
    }

    /// @notice What is kept of a batch: its root, its leaves, its last epoch and the second of its block.
    struct Settled {
        bytes32 root;
        uint32 count;
        uint64 epoch;
        uint64 settledAt;
    }

    /// @notice The seats of a signer set and how many of them must sign.
    struct SignerSet {
        uint32 size;
        uint32 quorum;
    }

    /// @notice Holds the hot key that sends batches, checkpoints, sets and withdrawal roots.
    bytes32 public constant SUBMITTER_ROLE = keccak256("SUBMITTER");
    /// @notice May install the first signer set, and the computed draw after a silence, in which no vote can be proven.
    bytes32 public constant INSTALLER_ROLE = keccak256("INSTALLER");
    /// @notice The most seats a signer set may have.
    uint256 public constant MAX_SIGNERS = 21;
    /// @notice The most leaves a batch may have.
    uint32 public constant MAX_LEAVES = 65_536;

    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "Batch(uint64 seq,bytes32 previous,bytes32 root,uint32 count,uint256 total,uint64 epoch,uint32 setVersion)"
    );
    bytes32 private constant CHECKPOINT_TYPEHASH =
        keccak256("Checkpoint(uint64 size,bytes32 root,uint64 seq,uint32 setVersion)");
    bytes32 private constant SIGNER_SET_TYPEHASH = keccak256("SignerSet(uint32 version,address[] signers,uint32 quorum)");

    uint64 private immutable SILENCE;

    bytes32 private _head;
    uint64 private _lastSeq;
    uint64 private _lastSign;
    uint32 private _setVersion;
    uint32 private _oldestVersion;
    uint64 private _logSize;
    bytes32 private _logRoot;
    mapping(uint64 seq => Settled batch) private _batches;
    mapping(uint32 version => SignerSet set) private _sets;
    mapping(uint32 version => mapping(address account => bool member)) private _members;

    /// @notice The chain of batches has a new head.
    event BatchSubmitted(
        uint64 indexed seq,
        bytes32 indexed root,
        bytes32 head,
        uint32 count,
        uint256 total,
        uint64 epoch,
        uint32 setVersion
    );
    /// @notice The transparency log has reached this size with this root.
    event LogAnchored(uint64 indexed size, bytes32 root, uint64 seq, uint32 setVersion);
    /// @notice A new signer set is in force.
    event SignerSetInstalled(uint32 indexed version, address[] signers, uint32 quorum, bool byAdmin);

    error NotSubmitter(address sender);
    error WrongSequence(uint64 expected, uint64 given);
    error WrongPrevious(bytes32 expected, bytes32 given);
    error WrongCount(uint32 count);
    error WrongSetVersion(uint32 expected, uint32 given);
    error SetNotAccepted(uint32 version);
    error QuorumNotReached(uint256 needed, uint256 given);
    error NotASigner(address recovered);
    error SignersNotAscending(address previous, address next);
    error WrongSigners(uint256 size, uint32 quorum);
    error LogNotGrown(uint64 anchored, uint64 given);
    error UnknownBatch(uint64 seq);
    error NotSilent(uint64 until);

    /// @dev The hot key's door; after `SILENCE` without a cosigned message it is open to everybody, because the quorum's
    ///      signatures are what counts and a vanished operator must not lock anybody's withdrawal in.
    modifier onlySubmitter() {
        if (!maySubmit(msg.sender)) revert NotSubmitter(msg.sender);
        _;
    }

    /**
     * @notice A log without batches and without a signer set, which admin installs once.
     * @param admin the timelock
     * @param guardian may pause
     * @param installer installs the first signer set, and one after a silence
     * @param submitter the hot key of the batches
     * @param silence seconds without a cosigned message after which the timelock may install a set (3 days)
     * @param pauseLength_ longest pause in seconds (72 hours)
     */
    constructor(
        address admin,
        address guardian,
        address installer,
        address submitter,
        uint64 silence,
        uint64 pauseLength_
    )
        Guarded(admin, guardian, pauseLength_)
        EIP712("Athanor", "1")
    {
        if (installer == address(0) || submitter == address(0)) revert ZeroAddress();
        if (silence == 0) revert ZeroDuration();
        SILENCE = silence;
        _lastSign = uint64(block.timestamp);
        _grantRole(INSTALLER_ROLE, installer);
        _grantRole(SUBMITTER_ROLE, submitter);
    }

    /**
     * @notice Appends the next batch.
     * @param batch number last+1 on top of the current head
     * @param signatures 65 bytes each, ascending by signer
     */
    function submit(Batch calldata batch, bytes[] calldata signatures) external onlySubmitter whenNotPaused {
        if (batch.seq != _lastSeq + 1) revert WrongSequence(_lastSeq + 1, batch.seq);
        if (batch.previous != _head) revert WrongPrevious(_head, batch.previous);
        if (batch.count > MAX_LEAVES || (batch.count == 0) != (batch.root == MerkleTree.EMPTY_ROOT)) {
            revert WrongCount(batch.count);
        }
        requireQuorum(keccak256(abi.encode(BATCH_TYPEHASH, batch)), batch.setVersion, signatures);
        bytes32 head_ = keccak256(abi.encode(batch.previous, batch.seq, batch.root));
        _head = head_;
        _lastSeq = batch.seq;
        _lastSign = uint64(block.timestamp);
        _batches[batch.seq] = Settled(batch.root, batch.count, batch.epoch, uint64(block.timestamp));
        emit BatchSubmitted(batch.seq, batch.root, head_, batch.count, batch.total, batch.epoch, batch.setVersion);
    }

    /// @notice Anchors the transparency log; it only grows, so that one size never gets a second root.
    function anchor(Checkpoint calldata checkpoint, bytes[] calldata signatures) external onlySubmitter whenNotPaused {
        if (checkpoint.size <= _logSize) revert LogNotGrown(_logSize, checkpoint.size);
        if (checkpoint.seq > _lastSeq) revert UnknownBatch(checkpoint.seq);
        requireQuorum(keccak256(abi.encode(CHECKPOINT_TYPEHASH, checkpoint)), checkpoint.setVersion, signatures);
        _logSize = checkpoint.size;
        _logRoot = checkpoint.root;
        _lastSign = uint64(block.timestamp);
        emit LogAnchored(checkpoint.size, checkpoint.root, checkpoint.seq, checkpoint.setVersion);
    }

    /**
     * @notice Installs the next signer set, signed by the quorum of the one in force, which stays accepted until the
     *         set after next.
     * @param version the current version + 1
     * @param signers ascending, 1 to `MAX_SIGNERS`
     * @param quorum more than half of them, so that two quorums always share a signer
     */
    function installSet(uint32 version, address[] calldata signers, uint32 quorum, bytes[] calldata signatures)
        external
        onlySubmitter
        whenNotPaused
    {
        if (version != _setVersion + 1) revert WrongSetVersion(_setVersion + 1, version);
        // EIP-712 hashes an array as its elements padded to words, which is what encodePacked does with address[].
        bytes32 signersHash = keccak256(abi.encodePacked(signers));
        requireQuorum(
            keccak256(abi.encode(SIGNER_SET_TYPEHASH, version, signersHash, quorum)), _setVersion, signatures
        );
        _oldestVersion = _setVersion;
        _install(version, signers, quorum, false);
    }

    /**
     * @notice The way without a quorum: the first set, once, or the computed draw after a silence of the signers. Sets
     *         before it are no longer accepted, as their keys may be why there was silence.
     * @dev A vote is proven by a quorum's records, so where the quorum is gone the timelock can do nothing either.
     */
    function installSetByAdmin(uint32 version, address[] calldata signers, uint32 quorum)
        external
        onlyRole(INSTALLER_ROLE)
    {
        if (version != _setVersion + 1) revert WrongSetVersion(_setVersion + 1, version);
        if (_setVersion != 0 && !silent()) revert NotSilent(_lastSign + SILENCE);
        _oldestVersion = version;
        _install(version, signers, quorum, true);
    }

    /**
     * @notice Reverts unless a quorum of an accepted set signed the EIP-712 struct with this hash.
     * @dev Public, so that the vault, and later the other contracts, rely on the same signers in the same domain.
     */
    function requireQuorum(bytes32 structHash, uint32 version, bytes[] calldata signatures) public view {
        if (version == 0 || version < _oldestVersion || version > _setVersion) revert SetNotAccepted(version);
        uint256 needed = _sets[version].quorum;
        if (signatures.length < needed) revert QuorumNotReached(needed, signatures.length);
        mapping(address account => bool member) storage members = _members[version];
        bytes32 digest = _hashTypedDataV4(structHash);
        address previous = address(0);
        // Exactly the first `needed` signatures count; more would only cost gas.
        for (uint256 i = 0; i < needed; ++i) {
            address signer = ECDSA.recoverCalldata(digest, signatures[i]);
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            if (!members[signer]) revert NotASigner(signer);
            previous = signer;
        }
    }

    /**
     * @notice Whether a record is leaf number `index` (from 0) of batch `seq`.
     * @param kind the leaf kind, see `MerkleTree`
     * @param data `abi.encode` of the kind's fields
     * @param proof siblings from the leaf upwards (RFC 6962)
     */
    function verifyInclusion(uint64 seq, uint32 index, uint8 kind, bytes calldata data, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        Settled storage settled = _batches[seq];
        if (settled.settledAt == 0) revert UnknownBatch(seq);
        return MerkleTree.verify(settled.root, settled.count, index, MerkleTree.leaf(kind, data), proof);
    }

    /**
     * @notice Whether a record is leaf number `index` (from 0) of the anchored log of records.
     * @dev The log only grows and its positions never change, so a record that is in it once stays provable, against each
     *      later root anew.
     */
    function verifyRecord(uint64 index, uint8 kind, bytes calldata data, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return MerkleTree.verify(_logRoot, _logSize, index, MerkleTree.leaf(kind, data), proof);
    }

    /// @notice The newest batch, 0 when there is none, and its head.
    function last() external view returns (uint64 seq, bytes32 head_) {
        return (_lastSeq, _head);
    }

    /// @notice What was settled under this number.
    function batchOf(uint64 seq) external view returns (Settled memory) {
        if (_batches[seq].settledAt == 0) revert UnknownBatch(seq);
        return _batches[seq];
    }

    /// @notice Size and root of the last anchored transparency log.
    function anchored() external view returns (uint64 size, bytes32 root) {
        return (_logSize, _logRoot);
    }

    /// @notice The set in force (0 when there is none), the oldest one accepted, its seats and the signatures needed.
    function signerSet() external view returns (uint32 version, uint32 oldest, uint32 size, uint32 quorum) {
        SignerSet storage set = _sets[_setVersion];
        return (_setVersion, _oldestVersion, set.size, set.quorum);
    }

    /// @notice Whether the account holds a seat in that set.
    function isSigner(uint32 version, address account) external view returns (bool) {
        return _members[version][account];
    }

    /// @notice The EIP-712 domain separator that signers use.
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @notice Whether the account may send cosigned messages now.
    function maySubmit(address account) public view returns (bool) {
        return hasRole(SUBMITTER_ROLE, account) || silent();
    }

    /// @notice Whether nothing cosigned has come in for the length of the silence.
    function silent() public view returns (bool) {
        return block.timestamp >= _lastSign + SILENCE;
    }

    function _install(uint32 version, address[] calldata signers, uint32 quorum, bool byAdmin) private {
        uint256 size = signers.length;
        if (size == 0 || size > MAX_SIGNERS || quorum > size || uint256(quorum) * 2 <= size) {
            revert WrongSigners(size, quorum);
        }
        address previous = address(0);
        for (uint256 i = 0; i < size; ++i) {
            if (signers[i] <= previous) revert SignersNotAscending(previous, signers[i]);
            previous = signers[i];
            _members[version][previous] = true;
        }
        _sets[version] = SignerSet(uint32(size), quorum);
        _setVersion = version;
        _lastSign = uint64(block.timestamp);
        emit SignerSetInstalled(version, signers, quorum, byAdmin);
    }
}
