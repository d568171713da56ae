// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {SettlementLog} from "./SettlementLog.sol";

/**
 * @title AgreementBook
 * @notice Holds the matches in the settlement log's batches against what client and provider signed.
 * @dev Whoever has a match's leaf, its agreement's leaf, the signed order and a signed offer gets a finding. What the
 *      caller brings and cannot prove reverts: a leaf that is in no batch, a document of somebody else, another signer.
 *      So a finding rests on what a quorum of Checkers signed and on genuine documents alone.
 *
 *      A client could sign a second order under a job's id, and a provider has signed one offer after the other. Which
 *      of several was in force is in the history, to which a case compares them; only `TERMS_DIFFER` needs no document.
 */
contract AgreementBook {
    /// @notice What a check of a match found.
    enum Finding {
        SOUND,
        /// the price is above the most that the client signed
        PRICE_ABOVE_ORDER,
        /// the order has fewer tasks
        TASK_NOT_ORDERED,
        /// match and agreement of one lease name different providers or prices
        TERMS_DIFFER,
        /// the price is not that of this offer; the provider may have signed another
        OTHER_OFFER
    }

    /// @notice A leaf of kind 2. Price a GPU-second in wei; times in unix ms.
    struct Match {
        bytes32 jobKey;
        bytes32 job;
        uint32 task;
        uint32 fence;
        bytes32 machine;
        address provider;
        uint32 gpus;
        uint256 price;
        uint64 startBy;
        uint64 assignedAt;
        bool simulated;
    }

    /// @notice A leaf of kind 3: what was promised with the lease.
    struct Agreement {
        bytes32 jobKey;
        uint32 fence;
        address provider;
        uint256 price;
        uint64 tierPpm;
        uint64 startDeadlineMillis;
        uint32 formulaVersion;
    }

    /// @notice What a client signs: `SubmitJob` in the log's EIP-712 domain.
    struct Order {
        bytes32 job;
        address client;
        bytes32 spec;
        uint32 tasks;
        uint256 maxPrice;
        uint256 cap;
        bytes32 commandId;
        uint64 expiresAt;
    }

    /// @notice What a provider signs: `ListOffer` in the log's EIP-712 domain.
    struct Offer {
        bytes32 machine;
        uint256 price;
        bytes32 commandId;
        uint64 expiresAt;
    }

    /// @notice Where a leaf is: its batch and its position there, from 0.
    struct Place {
        uint64 seq;
        uint32 index;
    }

    /// @notice A match with all that is held against it.
    struct Evidence {
        Match matched;
        Place matchPlace;
        Agreement agreement;
        Place agreementPlace;
        Order order;
        Offer offer;
        bytes32[] matchProof;
        bytes32[] agreementProof;
        bytes orderSignature;
        bytes offerSignature;
    }

    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "SubmitJob(bytes32 job,address client,bytes32 spec,uint32 tasks,uint256 maxPrice,uint256 cap,"
        "bytes32 commandId,uint64 expiresAt)"
    );
    bytes32 private constant OFFER_TYPEHASH =
        keccak256("ListOffer(bytes32 machine,uint256 price,bytes32 commandId,uint64 expiresAt)");

    SettlementLog private immutable LOG;

    mapping(bytes32 lease => Finding finding) private _refuted;

    /// @notice A match was shown not to be what was signed: evidence for a case.
    event MatchRefuted(bytes32 indexed jobKey, uint32 fence, Finding finding, address reporter);

    error ZeroAddress();
    error NotInBatch(uint8 kind, uint64 seq, uint32 index);
    error OtherLease(bytes32 jobKey, uint32 fence);
    error OtherDocument(bytes32 expected, bytes32 given);
    error NotSignedBy(address expected, address recovered);
    error NothingRefuted(Finding finding);
    error AlreadyRefuted(bytes32 jobKey, uint32 fence);

    /// @notice A book over the batches of this log, for ever.
    constructor(SettlementLog log_) {
        if (address(log_) == address(0)) revert ZeroAddress();
        LOG = log_;
    }

    /// @notice Keeps for ever that a match is not what was signed; once a lease. Reverts for a match that is sound, or
    ///         whose provider may have signed another offer.
    function refuteMatch(Evidence calldata evidence) external returns (Finding finding) {
        finding = checkMatch(evidence);
        if (finding == Finding.SOUND || finding == Finding.OTHER_OFFER) revert NothingRefuted(finding);
        bytes32 jobKey = evidence.matched.jobKey;
        uint32 fence = evidence.matched.fence;
        bytes32 lease = keccak256(abi.encode(jobKey, fence));
        if (_refuted[lease] != Finding.SOUND) revert AlreadyRefuted(jobKey, fence);
        _refuted[lease] = finding;
        emit MatchRefuted(jobKey, fence, finding, msg.sender);
    }

    /// @notice What was found of a lease's match; `SOUND` where nothing was refuted.
    function refuted(bytes32 jobKey, uint32 fence) external view returns (Finding) {
        return _refuted[keccak256(abi.encode(jobKey, fence))];
    }

    /// @notice The log whose batches count here.
    function settlementLog() external view returns (SettlementLog) {
        return LOG;
    }

    /// @notice Whether the match stays within the client's order and the provider's offer, and the agreement repeats it.
    function checkMatch(Evidence calldata evidence) public view returns (Finding) {
        _requireIncluded(evidence);
        Match calldata matched = evidence.matched;
        Agreement calldata agreement = evidence.agreement;
        if (agreement.provider != matched.provider || agreement.price != matched.price) return Finding.TERMS_DIFFER;
        _requireGenuine(evidence);
        if (matched.price > evidence.order.maxPrice) return Finding.PRICE_ABOVE_ORDER;
        if (matched.task >= evidence.order.tasks) return Finding.TASK_NOT_ORDERED;
        return matched.price == evidence.offer.price ? Finding.SOUND : Finding.OTHER_OFFER;
    }

    function _requireIncluded(Evidence calldata evidence) private view {
        Agreement calldata agreement = evidence.agreement;
        if (agreement.jobKey != evidence.matched.jobKey || agreement.fence != evidence.matched.fence) {
            revert OtherLease(agreement.jobKey, agreement.fence);
        }
        _requireLeaf(MerkleTree.MATCH, abi.encode(evidence.matched), evidence.matchPlace, evidence.matchProof);
        _requireLeaf(MerkleTree.AGREEMENT, abi.encode(agreement), evidence.agreementPlace, evidence.agreementProof);
    }

    function _requireLeaf(uint8 kind, bytes memory data, Place calldata place, bytes32[] calldata proof) private view {
        if (!LOG.verifyInclusion(place.seq, place.index, kind, data, proof)) {
            revert NotInBatch(kind, place.seq, place.index);
        }
    }

    function _requireGenuine(Evidence calldata evidence) private view {
        Order calldata order = evidence.order;
        Offer calldata offer = evidence.offer;
        if (order.job != evidence.matched.job) revert OtherDocument(evidence.matched.job, order.job);
        if (offer.machine != evidence.matched.machine) revert OtherDocument(evidence.matched.machine, offer.machine);
        _requireSigned(keccak256(abi.encode(ORDER_TYPEHASH, order)), order.client, evidence.orderSignature);
        _requireSigned(keccak256(abi.encode(OFFER_TYPEHASH, offer)), evidence.matched.provider, evidence.offerSignature);
    }

    function _requireSigned(bytes32 structHash, address signer, bytes calldata signature) private view {
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", LOG.domainSeparator(), structHash));
        address recovered = ECDSA.recoverCalldata(digest, signature);
        if (recovered != signer) revert NotSignedBy(signer, recovered);
    }
}
