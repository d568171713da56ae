// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleTree} from "../src/MerkleTree.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {AthVault} from "../src/AthVault.sol";
import {Permits} from "./Permits.sol";

/// @title GasTest
/// @notice Gas of whole transactions, call data and base fee included; npm run gas writes them to gas/Contracts.json.
contract GasTest is Permits {
    uint32 private constant SIZE = 16_384;

    function test_inbound() external {
        VM.prank(treasury);
        vault.deposit(alice, 1 ether);
        VM.prank(treasury);
        vault.deposit(alice, 1 ether);
        record("deposit");
        VM.prank(treasury);
        token.transfer(owner(), 2 ether);
        Permit memory permit = permitFor(address(vault), 1 ether, START + 60);
        VM.prank(owner());
        vault.depositWithPermit(owner(), 1 ether, permit.deadline, permit.v, permit.r, permit.s);
        record("depositWithPermit");
        VM.prank(treasury);
        vault.bond(poolOf(2, bob), 1 ether);
        record("bond, a pool's first");
        VM.prank(treasury);
        vault.bond(poolOf(2, bob), 1 ether);
        record("bond");
        VM.prank(treasury);
        vault.fundReserve(1, 1 ether);
        record("fundReserve");
    }

    function test_batches() external {
        send(nextBatch(keccak256("first"), 1000));
        send(nextBatch(keccak256("second"), 10_000));
        record("submit, 5 of 7 signers");
        measureNine();
        uint256[] memory many = sortedKeys(50, 21);
        bytes32 typeHash = keccak256("SignerSet(uint32 version,address[] signers,uint32 quorum)");
        bytes32 structHash =
            keccak256(abi.encode(typeHash, 3, keccak256(abi.encodePacked(addresses(many))), 15));
        bytes[] memory signatures = signed(structHash, sortedKeys(30, 9), 7);
        VM.prank(submitter);
        log.installSet(3, addresses(many), 15, signatures);
        record("installSet, 21 seats");
        SettlementLog.Batch memory batch = nextBatch(keccak256("fourth"), 10_000);
        signatures = signed(batchHash(batch), many, 15);
        VM.prank(submitter);
        log.submit(batch, signatures);
        record("submit, 15 of 21 signers");
        SettlementLog.Checkpoint memory checkpoint = SettlementLog.Checkpoint(9, keccak256("log"), 4, 3);
        typeHash = keccak256("Checkpoint(uint64 size,bytes32 root,uint64 seq,uint32 setVersion)");
        signatures = signed(keccak256(abi.encode(typeHash, checkpoint)), many, 15);
        VM.prank(submitter);
        log.anchor(checkpoint, signatures);
        record("anchor, 15 of 21 signers");
    }

    function test_inclusion() external {
        bytes memory data =
            abi.encode(bytes32("job"), alice, bob, 5 ether, 4 ether, 1 ether, bytes32("result"), uint8(1), uint64(7));
        (bytes32 root, bytes32[] memory proof) = path(MerkleTree.leaf(1, data), 0);
        send(nextBatch(root, SIZE));
        assertTrue(log.verifyInclusion(1, 0, 1, data, proof), "included");
        record("verifyInclusion in 16,384 leaves");
    }

    function test_withdrawals() external {
        VM.prank(treasury);
        vault.deposit(alice, 1000 ether);
        // Without any bond the first claim of all would also create the word of the sums, once in the vault's life.
        VM.prank(treasury);
        vault.bond(poolOf(1, bob), 1 ether);
        (uint64 number, bytes32[] memory proof) = postPath(alice, 1 ether);
        record("postWithdrawalRoot, 5 of 7 signers");
        VM.warp(START + ACTIVATION);
        VM.prank(alice);
        vault.claim(number, 0, alice, 1 ether, proof);
        record("claim in 16,384 leaves, the first of an account without ATH");
        (number, proof) = postPath(alice, 2 ether);
        VM.warp(START + ACTIVATION + LATE);
        VM.prank(alice);
        vault.claim(number, 0, alice, 2 ether, proof);
        record("claim in 16,384 leaves");
        VM.prank(treasury);
        token.transfer(bob, 1 ether);
        (number, proof) = postPath(bob, 1 ether);
        VM.warp(START + 2 * (ACTIVATION + LATE));
        VM.prank(bob);
        vault.claim(number, 0, bob, 1 ether, proof);
        record("claim in 16,384 leaves, an account's first");
    }

    /// @dev Nine seats of which seven sign.
    function measureNine() private {
        uint256[] memory nine = sortedKeys(30, 9);
        bytes32 typeHash = keccak256("SignerSet(uint32 version,address[] signers,uint32 quorum)");
        bytes32 structHash = keccak256(abi.encode(typeHash, 2, keccak256(abi.encodePacked(addresses(nine))), 7));
        bytes[] memory signatures = signed(structHash, keys, 5);
        VM.prank(submitter);
        log.installSet(2, addresses(nine), 7, signatures);
        SettlementLog.Batch memory batch = nextBatch(keccak256("third"), 10_000);
        signatures = signed(batchHash(batch), nine, 7);
        VM.prank(submitter);
        log.submit(batch, signatures);
        record("submit, 7 of 9 signers");
    }

    function record(string memory name) private {
        VM.snapshotGasLastCall("Contracts", name);
    }

    function postPath(address account, uint256 cumulative) private returns (uint64 number, bytes32[] memory proof) {
        bytes32 root;
        (root, proof) = path(withdrawalLeaf(account, cumulative), 0);
        AthVault.WithdrawalRoot memory next = posting(root, SIZE, 1000 ether);
        bytes[] memory signatures = signed(postingHash(next), keys, 5);
        VM.prank(submitter);
        vault.postWithdrawalRoot(next, signatures);
        number = next.number;
    }

    /// @dev A tree of 16,384 leaves, known only along the path of its first leaf.
    function path(bytes32 leaf, uint256 salt) private pure returns (bytes32 root, bytes32[] memory proof) {
        proof = new bytes32[](14);
        root = leaf;
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = keccak256(abi.encode(salt, i));
            root = keccak256(abi.encodePacked(bytes1(0x01), root, proof[i]));
        }
    }
}
