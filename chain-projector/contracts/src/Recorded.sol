// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SettlementLog} from "./SettlementLog.sol";

/**
 * @title Recorded
 * @notice What the contracts share that act on records: the log they believe, and the proof that a record is in it.
 */
abstract contract Recorded {
    /// @notice A record's position in the anchored log, from 0, and its siblings upwards.
    struct Place {
        uint64 index;
        bytes32[] proof;
    }

    SettlementLog private immutable LOG;

    error ZeroAddress();
    error NotRecorded(uint8 kind, uint64 index);

    constructor(SettlementLog log_) {
        if (address(log_) == address(0)) revert ZeroAddress();
        LOG = log_;
    }

    /// @notice The log whose records count here, for ever.
    function settlementLog() public view returns (SettlementLog) {
        return LOG;
    }

    /// @dev Reverts unless this record is at this place of the anchored log.
    function _requireRecord(uint8 kind, bytes memory data, Place calldata place) internal view {
        if (!LOG.verifyRecord(place.index, kind, data, place.proof)) revert NotRecorded(kind, place.index);
    }
}
