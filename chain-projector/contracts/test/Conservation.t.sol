// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AthVault} from "../src/AthVault.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Base} from "./Base.sol";
import {Handler} from "./Handler.sol";

/// @title ConservationTest
/// @notice What holds after every step of any history: money is conserved, nobody is paid twice, heads chain.
contract ConservationTest is Base {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private _handler;

    function setUp() external {
        _handler = new Handler();
        _handler.setUp();
    }

    /// @dev Read by forge: the steps it may take.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory steps = new bytes4[](16);
        steps[0] = Handler.deposit.selector;
        steps[1] = Handler.bond.selector;
        steps[2] = Handler.fundReserve.selector;
        steps[3] = Handler.plainTransfer.selector;
        steps[4] = Handler.skim.selector;
        steps[5] = Handler.wait.selector;
        steps[6] = Handler.submitBatch.selector;
        steps[7] = Handler.replayBatch.selector;
        steps[8] = Handler.request.selector;
        steps[9] = Handler.unbond.selector;
        steps[10] = Handler.postRoot.selector;
        steps[11] = Handler.claim.selector;
        steps[12] = Handler.releaseBond.selector;
        steps[13] = Handler.postFalseRelease.selector;
        steps[14] = Handler.intrude.selector;
        steps[15] = Handler.penalty.selector;
        targets = new FuzzSelector[](2);
        targets[0] = FuzzSelector(address(_handler), steps);
        bytes4[] memory rare = new bytes4[](1);
        rare[0] = Handler.disableRoot.selector;
        targets[1] = FuzzSelector(address(_handler), rare);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev One history that must pay and release, so that the random ones are known to be able to.
    function test_theStepsReachPayments() external {
        _handler.bond(50);
        _handler.request(2, 10 ether);
        _handler.unbond(20);
        _handler.postRoot();
        _handler.claim(0, 2);
        assertEq(0, _handler.went());
        _handler.wait(24 hours);
        _handler.claim(0, 2);
        _handler.releaseBond(0);
        _handler.disableRoot(0);
        _handler.submitBatch(keccak256("batch"));
        assertTrue(_handler.went() > 0, "paid");
        assertTrue(_handler.releasedEver() > 0, "released");
        _handler.penalty(5);
        assertTrue(_handler.penaltiesEver() > 0, "taken by proof");
        this.invariant_custodyIsConserved();
        this.invariant_nobodyIsPaidTwice();
        _handler.postFalseRelease(1);
        _handler.wait(24 hours);
        _handler.releaseBond(1);
        for (uint256 i = 0; i < 24; ++i) {
            _handler.intrude(i, i / 3);
        }
        this.invariant_headsChain();
        this.invariant_slashIsNeverAboveTheStake();
        this.invariant_rolesStay();
    }

    function invariant_custodyIsConserved() external view {
        (AthVault vault,) = _handler.contracts();
        assertEq(_handler.came(), vault.totalIn());
        assertEq(_handler.went(), vault.totalOut());
        assertEq(_handler.bondedEver() - _handler.releasedEver(), vault.totalBonded());
        assertEq(vault.totalBonded(), vault.bonded(_handler.pool()));
        assertEq(vault.totalIn() - vault.totalOut() + _handler.surplus(), _handler.balance());
        assertTrue(vault.totalOut() + vault.totalBonded() <= vault.totalIn(), "bonded stake stays");
        assertEq(_handler.transfers(), vault.lastInbound());
    }

    function invariant_nobodyIsPaidTwice() external view {
        uint256 total = 0;
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(_handler.paid(i), _handler.accountBalance(i));
            assertTrue(_handler.paid(i) <= _handler.requested(i), "never more than was asked for");
            total += _handler.paid(i);
        }
        assertEq(_handler.went(), total);
    }

    /// @dev Also where the quorum signs that more was taken.
    function invariant_slashIsNeverAboveTheStake() external view {
        (AthVault vault,) = _handler.contracts();
        bytes32 pool = _handler.pool();
        assertTrue(vault.released(pool) <= _handler.bondedEver(), "no more is taken than was bonded");
        assertEq(_handler.bondedEver() - vault.released(pool), vault.bonded(pool));
    }

    function invariant_rolesStay() external view {
        assertTrue(_handler.rolesAreAsGiven(), "roles stay as they were given");
    }

    function invariant_headsChain() external view {
        (, SettlementLog log) = _handler.contracts();
        (uint64 seq, bytes32 head) = log.last();
        assertEq(_handler.batches(), seq);
        assertEq(_handler.head(), head);
    }
}
