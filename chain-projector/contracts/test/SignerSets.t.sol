// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Guarded} from "../src/Guarded.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Fixture} from "./Fixture.sol";

/// @title SignerSetsTest
/// @notice Who may sign, who may change it, and the roles around the log.
contract SignerSetsTest is Fixture {
    bytes32 private constant SIGNER_SET_TYPEHASH = keccak256("SignerSet(uint32 version,address[] signers,uint32 quorum)");

    function test_theOutgoingQuorumInstallsTheNext() external {
        uint256[] memory next = sortedKeys(50, 3);
        install(2, next, 2, keys, 5, "");
        (uint32 version, uint32 oldest, uint32 size, uint32 quorum) = log.signerSet();
        assertEq(2, version);
        assertEq(1, oldest);
        assertEq(3, size);
        assertEq(2, quorum);
        assertTrue(log.isSigner(2, VM.addr(next[0])), "new");
        assertTrue(!log.isSigner(2, VM.addr(keys[0])), "old");
    }

    function test_theSetBeforeIsStillAcceptedAndTheOneBeforeThatNot() external {
        uint256[] memory second = sortedKeys(50, 3);
        uint256[] memory third = sortedKeys(60, 3);
        SettlementLog.Batch memory batch = nextBatch(keccak256("signed by set 1"), 1);
        install(2, second, 2, keys, 5, "");
        send(batch);
        batch = nextBatch(keccak256("too late"), 1);
        batch.setVersion = 1;
        install(3, third, 2, second, 2, "");
        bytes[] memory signatures = signed(batchHash(batch), keys, 5);
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.SetNotAccepted.selector, 1));
        log.submit(batch, signatures);
        batch.setVersion = 4;
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.SetNotAccepted.selector, 4));
        log.submit(batch, signatures);
    }

    function test_aSetNeedsTheQuorumOfTheOneInForce() external {
        uint256[] memory next = sortedKeys(50, 3);
        install(2, next, 2, keys, 4, abi.encodeWithSelector(SettlementLog.QuorumNotReached.selector, 5, 4));
        install(3, next, 2, keys, 5, abi.encodeWithSelector(SettlementLog.WrongSetVersion.selector, 2, 3));
        install(2, next, 2, keys, 5, "");
        address stranger = VM.addr(keys[0]);
        install(3, keys, 5, keys, 5, abi.encodeWithSelector(SettlementLog.NotASigner.selector, stranger));
        install(3, keys, 5, next, 2, "");
    }

    function test_shapesOfASet() external {
        uint256[] memory three = sortedKeys(50, 3);
        install(2, three, 1, keys, 5, abi.encodeWithSelector(SettlementLog.WrongSigners.selector, 3, 1));
        install(2, three, 4, keys, 5, abi.encodeWithSelector(SettlementLog.WrongSigners.selector, 3, 4));
        uint256[] memory none = new uint256[](0);
        install(2, none, 0, keys, 5, abi.encodeWithSelector(SettlementLog.WrongSigners.selector, 0, 0));
        uint256[] memory many = sortedKeys(50, 22);
        install(2, many, 15, keys, 5, abi.encodeWithSelector(SettlementLog.WrongSigners.selector, 22, 15));
        (three[0], three[1]) = (three[1], three[0]);
        bytes memory reason = abi.encodeWithSelector(
            SettlementLog.SignersNotAscending.selector, VM.addr(three[0]), VM.addr(three[1])
        );
        install(2, three, 2, keys, 5, reason);
        install(2, sortedKeys(50, 21), 15, keys, 5, "");
    }

    function test_adminInstallsTheFirstSetOnce() external {
        SettlementLog fresh = new SettlementLog(admin, guardian, admin, submitter, SILENCE, PAUSE);
        (uint32 none,,,) = fresh.signerSet();
        assertEq(0, none);
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        batch.setVersion = 0;
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.SetNotAccepted.selector, 0));
        fresh.submit(batch, new bytes[](0));
        VM.prank(admin);
        fresh.installSetByAdmin(1, addresses(keys), 5);
        VM.prank(admin);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.NotSilent.selector, START + SILENCE));
        fresh.installSetByAdmin(2, addresses(keys), 5);
    }

    function test_afterTheSilenceTheTimelockInstallsAndOldSetsEnd() external {
        send(nextBatch(keccak256("x"), 1));
        VM.warp(START + SILENCE);
        VM.prank(admin);
        log.installSetByAdmin(2, addresses(sortedKeys(50, 3)), 2);
        SettlementLog.Batch memory batch = nextBatch(keccak256("y"), 1);
        batch.setVersion = 1;
        bytes[] memory signatures = signed(batchHash(batch), keys, 5);
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.SetNotAccepted.selector, 1));
        log.submit(batch, signatures);
        batch.setVersion = 2;
        signatures = signed(batchHash(batch), sortedKeys(50, 3), 2);
        VM.prank(submitter);
        log.submit(batch, signatures);
    }

    function test_everyBatchEndsTheSilence() external {
        VM.warp(START + SILENCE - 1);
        send(nextBatch(keccak256("x"), 1));
        VM.warp(START + SILENCE + 1);
        VM.prank(admin);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.NotSilent.selector, START + 2 * SILENCE - 1));
        log.installSetByAdmin(2, addresses(keys), 5);
    }

    function test_onlyTheSubmitterUntilTheSilenceThenAnybody() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory signatures = signed(batchHash(batch), keys, 5);
        VM.prank(alice);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.NotSubmitter.selector, alice));
        log.submit(batch, signatures);
        VM.warp(START + SILENCE);
        VM.prank(alice);
        log.submit(batch, signatures);
    }

    function test_onlyTheInstallerGoesWithoutAQuorum() external {
        VM.warp(START + SILENCE);
        bytes32 role = log.INSTALLER_ROLE();
        address[3] memory others = [guardian, submitter, alice];
        for (uint256 i = 0; i < others.length; ++i) {
            VM.prank(others[i]);
            VM.expectRevert(unauthorised(others[i], role));
            log.installSetByAdmin(2, addresses(keys), 5);
        }
    }

    function test_theGuardianPausesOnceAndTheAdminRearms() external {
        bytes memory denied = unauthorised(alice, log.GUARDIAN_ROLE());
        VM.prank(alice);
        VM.expectRevert(denied);
        log.pause();
        VM.prank(guardian);
        log.pause();
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory signatures = signed(batchHash(batch), keys, 5);
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(Guarded.ContractPaused.selector, START + PAUSE));
        log.submit(batch, signatures);
        VM.prank(guardian);
        VM.expectRevert(unauthorised(guardian, bytes32(0)));
        log.unpause();

        VM.warp(START + PAUSE);
        VM.prank(submitter);
        log.submit(batch, signatures);
        VM.prank(guardian);
        VM.expectRevert(abi.encodeWithSelector(Guarded.PauseAlreadyUsed.selector, START + PAUSE));
        log.pause();
        VM.prank(admin);
        log.unpause();
        VM.prank(guardian);
        log.pause();
        assertTrue(log.paused(), "armed again");
    }

    function test_adminHandsOverToATimelock() external {
        VM.prank(admin);
        log.grantRole(bytes32(0), alice);
        VM.prank(admin);
        log.renounceRole(bytes32(0), admin);
        VM.prank(admin);
        VM.expectRevert(unauthorised(admin, bytes32(0)));
        log.unpause();
        VM.prank(alice);
        log.unpause();
    }

    function test_constructorRefusesNobodyAndNoTime() external {
        VM.expectRevert(Guarded.ZeroAddress.selector);
        new SettlementLog(address(0), guardian, admin, submitter, SILENCE, PAUSE);
        VM.expectRevert(Guarded.ZeroAddress.selector);
        new SettlementLog(admin, guardian, admin, address(0), SILENCE, PAUSE);
        VM.expectRevert(Guarded.ZeroDuration.selector);
        new SettlementLog(admin, guardian, admin, submitter, 0, PAUSE);
        VM.expectRevert(Guarded.ZeroDuration.selector);
        new SettlementLog(admin, guardian, admin, submitter, SILENCE, 0);
    }

    function install(
        uint32 version,
        uint256[] memory next,
        uint32 quorum,
        uint256[] memory by,
        uint256 count,
        bytes memory reason
    ) private {
        address[] memory signers = addresses(next);
        bytes32 structHash = keccak256(
            abi.encode(SIGNER_SET_TYPEHASH, version, keccak256(abi.encodePacked(signers)), quorum)
        );
        bytes[] memory signatures = signed(structHash, by, count);
        VM.prank(submitter);
        if (reason.length > 0) VM.expectRevert(reason);
        log.installSet(version, signers, quorum, signatures);
    }

    function unauthorised(address account, bytes32 role) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, account, role);
    }
}
