// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {Recorded} from "./Recorded.sol";
import {SettlementLog} from "./SettlementLog.sol";

/**
 * @title AthGovernance
 * @notice Puts into force what stakers voted for, by proof: the only proposer of the timelock that administers the contracts.
 * @dev A proposal's text, its tally and its execution are records that a quorum of Checkers anchored. Whoever has them
 *      queues the proposal, once; after the timelock's delay anybody executes it. Nobody holds a role here, nobody can
 *      cancel, and what the timelock administers obeys nothing else.
 *
 *      A change of parameters writes their version and digest here: the parameters in force are mirrored on chain. An
 *      upgrade executes the calls whose `sha256(abi.encode(calls))` is the artifact that was voted on. A grant is paid
 *      out of the ledger and has nothing to do here.
 */
contract AthGovernance is Recorded {
    /// @notice A record of kind 11: what is proposed.
    struct Proposal {
        bytes32 proposal;
        uint8 measure;
        uint32 version;
        bytes32 digest;
        uint64 effectiveEpoch;
    }

    /// @notice A record of kind 12: how the vote ended, in wei of voting power.
    struct Tally {
        bytes32 proposal;
        uint256 power;
        uint256 yes;
        uint256 no;
        uint256 veto;
        uint256 abstain;
        bool passed;
        uint64 talliedAt;
    }

    /// @notice A record of kind 13: the proposal's own delay is over and the log took it into force.
    struct Execution {
        bytes32 proposal;
        uint64 executedAt;
    }

    /// @notice One call of an upgrade, without coin.
    struct Call {
        address target;
        bytes data;
    }

    /// @notice A proposal that passed, with its proofs.
    struct Passed {
        Proposal proposal;
        Tally tally;
        Execution execution;
        Place proposalPlace;
        Place tallyPlace;
        Place executionPlace;
    }

    /// @notice The parameters in force.
    struct Parameters {
        uint32 version;
        bytes32 digest;
    }

    uint8 private constant PARAMETERS = 1;
    uint8 private constant UPGRADE = 3;

    TimelockController private immutable TIMELOCK;

    Parameters private _parameters;
    mapping(bytes32 proposal => bytes32 operation) private _queued;

    /// @notice A proposal waits in the timelock; `operation` is its id there.
    event ProposalQueued(bytes32 indexed proposal, bytes32 indexed operation, uint8 measure);
    /// @notice These are the parameters in force now.
    event ParametersRecorded(uint32 indexed version, bytes32 digest);

    error ZeroDuration();
    error OtherProposal(bytes32 expected, bytes32 given);
    error NotPassed(bytes32 proposal);
    error AlreadyQueued(bytes32 proposal);
    error NothingToExecute(uint8 measure);
    error OtherCalls(bytes32 expected, bytes32 given);
    error NotTimelock(address sender);
    error VersionNotNewer(uint32 inForce, uint32 given);

    /**
     * @notice A governance with its own timelock, which it alone may propose to, anybody executes, and nobody administers.
     * @param delay seconds between queueing and executing
     */
    constructor(SettlementLog log_, uint256 delay) Recorded(log_) {
        if (delay == 0) revert ZeroDuration();
        address[] memory proposers = new address[](1);
        proposers[0] = address(this);
        TIMELOCK = new TimelockController(delay, proposers, new address[](1), address(0));
    }

    /**
     * @notice Queues a proposal that passed, once. Anybody may send it.
     * @param calls of an upgrade, those that were voted on; none otherwise
     * @return operation the id in the timelock
     */
    function queue(Passed calldata passed, Call[] calldata calls) external returns (bytes32 operation) {
        bytes32 proposal = passed.proposal.proposal;
        if (_queued[proposal] != bytes32(0)) revert AlreadyQueued(proposal);
        _requirePassed(passed);
        (address[] memory targets, bytes[] memory payloads) = _plan(passed.proposal, calls);
        uint256[] memory values = new uint256[](targets.length);
        operation = TIMELOCK.hashOperationBatch(targets, values, payloads, 0, proposal);
        _queued[proposal] = operation;
        emit ProposalQueued(proposal, operation, passed.proposal.measure);
        TIMELOCK.scheduleBatch(targets, values, payloads, 0, proposal, TIMELOCK.getMinDelay());
    }

    /// @notice Executes a queued proposal after the timelock's delay. Anybody may send it.
    function execute(Proposal calldata proposal, Call[] calldata calls) external {
        (address[] memory targets, bytes[] memory payloads) = _plan(proposal, calls);
        TIMELOCK.executeBatch(targets, new uint256[](targets.length), payloads, 0, proposal.proposal);
    }

    /// @notice Writes which parameters are in force; only for the timelock, and only upwards.
    function recordParameters(uint32 version, bytes32 digest) external {
        if (msg.sender != address(TIMELOCK)) revert NotTimelock(msg.sender);
        if (version <= _parameters.version) revert VersionNotNewer(_parameters.version, version);
        _parameters = Parameters(version, digest);
        emit ParametersRecorded(version, digest);
    }

    /// @notice The parameters in force by a vote; version 0 before the first.
    function parameters() external view returns (Parameters memory) {
        return _parameters;
    }

    /// @notice The proposal's operation in the timelock, 0 where it was not queued.
    function operationOf(bytes32 proposal) external view returns (bytes32) {
        return _queued[proposal];
    }

    /// @notice The timelock that administers the contracts.
    function timelock() external view returns (TimelockController) {
        return TIMELOCK;
    }

    /// @dev The three records are anchored, speak of one proposal, and the vote passed.
    function _requirePassed(Passed calldata passed) private view {
        _requireRecord(MerkleTree.PROPOSAL, abi.encode(passed.proposal), passed.proposalPlace);
        _requireRecord(MerkleTree.TALLY, abi.encode(passed.tally), passed.tallyPlace);
        _requireRecord(MerkleTree.EXECUTION, abi.encode(passed.execution), passed.executionPlace);
        bytes32 expected = passed.proposal.proposal;
        if (passed.tally.proposal != expected) revert OtherProposal(expected, passed.tally.proposal);
        if (passed.execution.proposal != expected) revert OtherProposal(expected, passed.execution.proposal);
        if (!passed.tally.passed) revert NotPassed(expected);
    }

    /// @dev What the timelock does for a proposal; the same from `queue` and from `execute`.
    function _plan(Proposal calldata proposal, Call[] calldata calls)
        private
        view
        returns (address[] memory targets, bytes[] memory payloads)
    {
        if (proposal.measure == PARAMETERS) {
            targets = new address[](1);
            payloads = new bytes[](1);
            targets[0] = address(this);
            payloads[0] = abi.encodeCall(this.recordParameters, (proposal.version, proposal.digest));
            return (targets, payloads);
        }
        if (proposal.measure != UPGRADE || calls.length == 0) revert NothingToExecute(proposal.measure);
        bytes32 given = sha256(abi.encode(calls));
        if (given != proposal.digest) revert OtherCalls(proposal.digest, given);
        targets = new address[](calls.length);
        payloads = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            targets[i] = calls[i].target;
            payloads[i] = calls[i].data;
        }
    }
}
