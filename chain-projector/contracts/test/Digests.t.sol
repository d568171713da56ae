// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AthVault} from "../src/AthVault.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Fixture} from "./Fixture.sol";

/// @title DigestsTest
/// @notice Signatures over the digests of the vectors are what the contracts accept, at the vectors' addresses.
contract DigestsTest is Fixture {
    string private _json;

    function setUp() public override {
        _json = VM.readFile("vectors/settlement.json");
        super.setUp();
        VM.chainId(31_337);
        bytes memory arguments = abi.encode(admin, guardian, admin, submitter, SILENCE, PAUSE);
        log = SettlementLog(place(logAddress(), abi.encodePacked(type(SettlementLog).creationCode, arguments)));
        AthVault.Terms memory terms = termsFor(address(penalties));
        arguments = abi.encode(token, log, admin, guardian, terms);
        vault = AthVault(place(vaultAddress(), abi.encodePacked(type(AthVault).creationCode, arguments)));
        VM.prank(admin);
        log.installSetByAdmin(1, addresses(sortedKeys(1, 1)), 1);
    }

    function test_domain() external view {
        assertEq(VM.parseJsonBytes32(_json, ".domain.separator"), log.domainSeparator());
    }

    function test_heads() external view {
        bytes32 head = bytes32(0);
        for (uint256 i = 0; i < 3; ++i) {
            string memory path = string.concat(".heads[", VM.toString(i), "].");
            bytes32 root = VM.parseJsonBytes32(_json, string.concat(path, "root"));
            head = keccak256(abi.encode(head, uint64(i + 1), root));
            assertEq(VM.parseJsonBytes32(_json, string.concat(path, "head")), head);
        }
    }

    function test_batchAndCheckpoint() external {
        bytes32 root = VM.parseJsonBytes32(_json, ".heads[0].root");
        bytes[] memory signatures = signatureOfMessage(0);
        VM.prank(submitter);
        log.submit(SettlementLog.Batch(1, bytes32(0), root, 1, 1.25 ether, 42, 1), signatures);
        (, bytes32 head) = log.last();
        assertEq(VM.parseJsonBytes32(_json, ".heads[0].head"), head);

        signatures = signatureOfMessage(1);
        bytes32 logRoot = VM.parseJsonBytes32(_json, ".messages[1].fields.root");
        VM.prank(submitter);
        log.anchor(SettlementLog.Checkpoint(1000, logRoot, 1, 1), signatures);
    }

    function test_signerSet() external {
        address[] memory signers = VM.parseJsonAddressArray(_json, ".messages[2].fields.signers");
        bytes[] memory signatures = signatureOfMessage(2);
        VM.prank(submitter);
        log.installSet(2, signers, 2, signatures);
    }

    function test_withdrawalRoot() external {
        VM.prank(treasury);
        token.approve(address(vault), 3003);
        VM.prank(treasury);
        vault.deposit(alice, 3003);
        bytes[] memory signatures = signatureOfMessage(3);
        bytes32 root = VM.parseJsonBytes32(_json, ".messages[3].fields.root");
        VM.prank(submitter);
        vault.postWithdrawalRoot(AthVault.WithdrawalRoot(1, root, 3, 3003, 0, 95, 1), signatures);
    }

    function test_pools() external view {
        for (uint8 i = 0; i < 2; ++i) {
            string memory path = string.concat(".pools[", VM.toString(i), "].");
            address operator = VM.parseJsonAddress(_json, string.concat(path, "operator"));
            assertEq(VM.parseJsonBytes32(_json, string.concat(path, "pool")), poolOf(i + 1, operator));
        }
    }

    function logAddress() private view returns (address) {
        return VM.parseJsonAddress(_json, ".domain.verifyingContract");
    }

    function vaultAddress() private view returns (address) {
        return VM.parseJsonAddress(_json, ".messages[3].fields.vault");
    }

    function signatureOfMessage(uint256 index) private view returns (bytes[] memory all) {
        string memory key = string.concat(".messages[", VM.toString(index), "].digest");
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(1, VM.parseJsonBytes32(_json, key));
        all = new bytes[](1);
        all[0] = abi.encodePacked(r, s, v);
    }

    /// @dev Runs a constructor at a chosen address.
    function place(address where, bytes memory creation) private returns (address) {
        VM.etch(where, creation);
        (bool done, bytes memory code) = where.call("");
        assertTrue(done, "constructed");
        VM.etch(where, code);
        return where;
    }
}
