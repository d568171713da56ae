// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {AthVault} from "./AthVault.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {Recorded} from "./Recorded.sol";
import {SettlementLog} from "./SettlementLog.sol";

/**
 * @title PenaltyBook
 * @notice Takes a penalty from a pool's bond, by the signed reports of the committee that judged; for two reports of one
 *         Checker for one round, by these two alone.
 * @dev A case, its stay, its committee and its penalty are records that a quorum of Checkers anchored, the committee at an
 *      earlier place than the penalty. They alone take nothing: the members' own signatures over what they found are needed
 *      as well, with a quorum of the committee's seats. So neither the settlement log's signers nor a committee can take
 *      anything alone. Nobody has a role here and nothing can be changed.
 *
 *      Invariants: a case takes once; never before its stay is over; never more than the offence's base; and where no large
 *      committee judged, a pool loses at most `LIMIT_BPS` of its bond within `WINDOW` seconds.
 */
contract PenaltyBook is Recorded {
    /// @notice A record of kind 6. `until` is when the last report could be revealed.
    struct Committee {
        bytes32 round;
        bytes32 members;
        uint32 count;
        uint32 seats;
        uint32 quorum;
        uint64 until;
    }

    /// @notice A record of kind 8: what a pool answers for, and the most that it can lose.
    struct Case {
        bytes32 penaltyCase;
        bytes32 pool;
        bytes32 subject;
        bytes32 fact;
        uint256 most;
        uint64 since;
    }

    /// @notice A record of kind 9.
    struct Stay {
        bytes32 penaltyCase;
        uint64 until;
    }

    /// @notice A record of kind 10.
    struct Penalty {
        bytes32 penaltyCase;
        uint256 taken;
        uint64 executedAt;
    }

    /**
     * @notice One member's signed report, as far as it concerns the subject.
     * @dev `findings` are the struct hashes of all findings of the report, of which number `place` is about the subject.
     */
    struct Testimony {
        uint32 position;
        address checker;
        address attester;
        uint32 seats;
        bytes32[] memberProof;
        bytes32[] findings;
        uint32 place;
        bytes32 digest;
        uint64 measure;
        uint64 rttMicros;
        bytes32 evidence;
        bytes signature;
    }

    /// @notice All that a penalty rests on. The stay is empty where an appeal's committee upheld the case.
    struct Evidence {
        Committee committee;
        Case accusation;
        Stay stay;
        Penalty penalty;
        Place committeePlace;
        Place casePlace;
        Place stayPlace;
        Place penaltyPlace;
        Testimony[] reports;
    }

    /// @notice A report without its round and checker: the struct hashes of its findings, its evidence, its signature.
    struct Statement {
        bytes32[] findings;
        bytes32 evidence;
        bytes signature;
    }

    /// @notice Two reports of one member for one round, which is proof enough of equivocation.
    struct Contradiction {
        Committee committee;
        Case accusation;
        Penalty penalty;
        Place committeePlace;
        Place casePlace;
        Place penaltyPlace;
        uint32 position;
        address checker;
        address attester;
        uint32 seats;
        bytes32[] memberProof;
        Statement one;
        Statement other;
    }

    /// @notice What a pool lost since `since` without a large committee, and its bond then; one word and a half.
    struct Counter {
        uint128 taken;
        uint128 bond;
        uint64 since;
    }

    /// @notice Seconds in which the small committees' limit counts.
    uint64 public constant WINDOW = 30 days;
    /// @notice The part of a bond, in bps, that small committees may take within the window.
    uint256 public constant LIMIT_BPS = 1000;
    /// @notice From so many seats on a committee is large.
    uint32 public constant LARGE_SEATS = 21;

    uint256 private constant BPS = 10_000;
    uint256 private constant MILLIS = 1000;
    bytes32 private constant UPHELD = keccak256("UPHELD");
    bytes32 private constant EQUIVOCATION = keccak256("EQUIVOCATION");
    bytes32 private constant FINDING_TYPEHASH =
        keccak256("Finding(string subject,string fact,bytes32 digest,uint64 measure,uint64 rttMicros)");
    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "Report(string round,address checker,Finding[] findings,bytes32 evidence)"
        "Finding(string subject,string fact,bytes32 digest,uint64 measure,uint64 rttMicros)"
    );

    AthVault private immutable VAULT;

    mapping(bytes32 penaltyCase => bool done) private _applied;
    mapping(bytes32 pool => Counter counter) private _counters;

    /// @notice A case took `amount` of a pool's bond; `seats` of its committee had signed, 0 where two reports were enough.
    event PenaltyApplied(
        bytes32 indexed penaltyCase, bytes32 indexed pool, uint256 amount, bytes32 round, uint256 seats, address sender
    );

    error CommitteeTooLate(uint64 committee, uint64 penalty);
    error OtherCase(bytes32 expected, bytes32 given);
    error AlreadyApplied(bytes32 penaltyCase);
    error StayNotOver(uint64 until);
    error AboveBand(uint256 most, uint256 taken);
    error AboveLimit(uint256 most, uint256 taken);
    error RoundTooOld(uint64 since, uint64 until);
    error WrongQuorum(uint32 seats, uint32 quorum);
    error QuorumNotReached(uint256 needed, uint256 given);
    error NotAMember(address attester);
    error MembersNotAscending(address previous, address next);
    error OtherFinding(bytes32 expected);
    error NotSignedBy(address expected, address recovered);
    error OtherPool(bytes32 expected, bytes32 given);
    error NoContradiction();

    /// @notice A book over this log and this vault, for ever.
    constructor(SettlementLog log_, AthVault vault_) Recorded(log_) {
        if (address(vault_) == address(0)) revert ZeroAddress();
        VAULT = vault_;
    }

    /**
     * @notice Takes a case's penalty from its pool's bond, once. Anybody may send it.
     * @return amount wei taken: the penalty, or all that is bonded where that is less
     */
    function applyPenalty(Evidence calldata evidence) external returns (uint256 amount) {
        _requireRecorded(
            evidence.committee,
            evidence.accusation,
            evidence.penalty,
            evidence.committeePlace,
            evidence.casePlace,
            evidence.penaltyPlace
        );
        bool upheld = _requireStayOver(evidence);
        uint256 seats = _requireQuorum(evidence, upheld);
        if (evidence.committee.seats < LARGE_SEATS) _count(evidence.accusation.pool, evidence.penalty.taken);
        return _take(evidence.accusation, evidence.penalty, evidence.committee.round, seats);
    }

    /**
     * @notice Takes the penalty of a Checker that signed two reports for one round, once. Anybody may send it; no committee
     *         has to find what its own two signatures say.
     * @return amount wei taken: the penalty, or all that is bonded where that is less
     */
    function applyEquivocation(Contradiction calldata proof) external returns (uint256 amount) {
        _requireRecorded(
            proof.committee,
            proof.accusation,
            proof.penalty,
            proof.committeePlace,
            proof.casePlace,
            proof.penaltyPlace
        );
        _requireContradiction(proof);
        return _take(proof.accusation, proof.penalty, proof.committee.round, 0);
    }

    /// @notice Whether the case took its penalty.
    function applied(bytes32 penaltyCase) external view returns (bool) {
        return _applied[penaltyCase];
    }

    /// @notice What small committees took of the pool within its running window.
    function counterOf(bytes32 pool) external view returns (Counter memory) {
        return _counters[pool];
    }

    /// @notice The vault whose bonds are reduced.
    function vault() external view returns (AthVault) {
        return VAULT;
    }

    /// @dev Each way here has shown that the penalty is due.
    function _take(Case calldata accusation, Penalty calldata penalty, bytes32 round, uint256 seats)
        private
        returns (uint256 amount)
    {
        bytes32 penaltyCase = penalty.penaltyCase;
        if (penalty.taken > accusation.most) revert AboveBand(accusation.most, penalty.taken);
        _applied[penaltyCase] = true;
        amount = VAULT.takePenalty(accusation.pool, penalty.taken);
        emit PenaltyApplied(penaltyCase, accusation.pool, amount, round, seats, msg.sender);
    }

    /// @dev The case was not taken yet; all records are in the anchored log and speak of it, the committee's before the
    ///      penalty's.
    function _requireRecorded(
        Committee calldata committee,
        Case calldata accusation,
        Penalty calldata penalty,
        Place calldata committeePlace,
        Place calldata casePlace,
        Place calldata penaltyPlace
    )
        private
        view
    {
        bytes32 expected = penalty.penaltyCase;
        if (_applied[expected]) revert AlreadyApplied(expected);
        _requireRecord(MerkleTree.COMMITTEE, abi.encode(committee), committeePlace);
        _requireRecord(MerkleTree.CASE, abi.encode(accusation), casePlace);
        _requireRecord(MerkleTree.PENALTY, abi.encode(penalty), penaltyPlace);
        if (committeePlace.index >= penaltyPlace.index) {
            revert CommitteeTooLate(committeePlace.index, penaltyPlace.index);
        }
        if (accusation.penaltyCase != expected) revert OtherCase(expected, accusation.penaltyCase);
    }

    /// @dev Two different reports of one member of the recorded committee, for its round, and a case against that member.
    function _requireContradiction(Contradiction calldata proof) private view {
        Case calldata accusation = proof.accusation;
        bytes32 round = proof.committee.round;
        if (accusation.fact != EQUIVOCATION || accusation.subject != round) revert OtherFinding(round);
        bytes32 pool = bytes32(uint256(VAULT.POOL_CHECKER()) << 160 | uint160(proof.checker));
        if (accusation.pool != pool) revert OtherPool(pool, accusation.pool);
        _requireMember(proof.committee, proof.position, proof.checker, proof.attester, proof.seats, proof.memberProof);
        bytes32 one = _reportHash(round, proof.checker, proof.one.findings, proof.one.evidence);
        bytes32 other = _reportHash(round, proof.checker, proof.other.findings, proof.other.evidence);
        if (one == other) revert NoContradiction();
        _requireSignature(one, proof.attester, proof.one.signature);
        _requireSignature(other, proof.attester, proof.other.signature);
    }

    /// @notice A stay that is recorded and over, or an appeal's committee that upheld the case.
    /// @return upheld whether the reports must be an appeal's
    function _requireStayOver(Evidence calldata evidence) private view returns (bool upheld) {
        upheld = evidence.stay.penaltyCase == bytes32(0);
        if (upheld) return true;
        bytes32 expected = evidence.penalty.penaltyCase;
        if (evidence.stay.penaltyCase != expected) revert OtherCase(expected, evidence.stay.penaltyCase);
        _requireRecord(MerkleTree.STAY, abi.encode(evidence.stay), evidence.stayPlace);
        uint64 until = evidence.stay.until;
        if (evidence.penalty.executedAt < until || block.timestamp * MILLIS < until) revert StayNotOver(until);
    }

    /// @dev Signed reports of members who hold a quorum of the committee's seats, all with the finding that bears the case.
    function _requireQuorum(Evidence calldata evidence, bool upheld) private view returns (uint256 seats) {
        Committee calldata committee = evidence.committee;
        Case calldata accusation = evidence.accusation;
        if (committee.until < accusation.since) revert RoundTooOld(accusation.since, committee.until);
        if (committee.quorum > committee.seats || uint256(committee.quorum) * 2 <= committee.seats) {
            revert WrongQuorum(committee.seats, committee.quorum);
        }
        bytes32 subject = upheld ? accusation.penaltyCase : accusation.subject;
        bytes32 fact = upheld ? UPHELD : accusation.fact;
        address previous = address(0);
        for (uint256 i = 0; i < evidence.reports.length; ++i) {
            Testimony calldata report = evidence.reports[i];
            if (report.attester <= previous) revert MembersNotAscending(previous, report.attester);
            previous = report.attester;
            _requireMember(
                committee, report.position, report.checker, report.attester, report.seats, report.memberProof
            );
            _requireSigned(committee.round, subject, fact, report);
            seats += report.seats;
        }
        if (seats < committee.quorum) revert QuorumNotReached(committee.quorum, seats);
    }

    function _requireMember(
        Committee calldata committee,
        uint32 position,
        address checker,
        address attester,
        uint32 seats,
        bytes32[] calldata proof
    )
        private
        pure
    {
        bytes32 leaf = MerkleTree.leaf(MerkleTree.MEMBER, abi.encode(checker, attester, seats));
        if (!MerkleTree.verify(committee.members, committee.count, position, leaf, proof)) revert NotAMember(attester);
    }

    function _requireSigned(bytes32 round, bytes32 subject, bytes32 fact, Testimony calldata report) private view {
        bytes32 finding = keccak256(
            abi.encode(FINDING_TYPEHASH, subject, fact, report.digest, report.measure, report.rttMicros)
        );
        if (report.place >= report.findings.length || report.findings[report.place] != finding) revert OtherFinding(finding);
        bytes32 structHash = _reportHash(round, report.checker, report.findings, report.evidence);
        _requireSignature(structHash, report.attester, report.signature);
    }

    function _reportHash(bytes32 round, address checker, bytes32[] calldata findings, bytes32 evidence)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(REPORT_TYPEHASH, round, checker, keccak256(abi.encodePacked(findings)), evidence));
    }

    function _requireSignature(bytes32 structHash, address attester, bytes calldata signature) private view {
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", settlementLog().domainSeparator(), structHash));
        address recovered = ECDSA.recoverCalldata(digest, signature);
        if (recovered != attester) revert NotSignedBy(attester, recovered);
    }

    /// @dev Adds to what small committees took of the pool; a window begins with the first penalty after the last one.
    function _count(bytes32 pool, uint256 taken) private {
        Counter memory counter = _counters[pool];
        if (counter.since == 0 || block.timestamp >= counter.since + WINDOW) {
            counter = Counter(0, uint128(VAULT.bonded(pool)), uint64(block.timestamp));
        }
        uint256 most = uint256(counter.bond) * LIMIT_BPS / BPS - counter.taken;
        if (taken > most) revert AboveLimit(most, taken);
        counter.taken += uint128(taken);
        _counters[pool] = counter;
    }
}
