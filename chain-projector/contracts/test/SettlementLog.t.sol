// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleTree} from "../src/MerkleTree.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Fixture} from "./Fixture.sol";

/// @title SettlementLogTest
/// @notice The chain of batches, the quorum, inclusion, and the transparency log's anchor.
contract SettlementLogTest is Fixture {
    bytes32 private constant CHECKPOINT_TYPEHASH =
        keccak256("Checkpoint(uint64 size,bytes32 root,uint64 seq,uint32 setVersion)");

    function test_headsChain() external {
        bytes32 head = bytes32(0);
        for (uint64 seq = 1; seq <= 5; ++seq) {
            bytes32 root = keccak256(abi.encode("root", seq));
            send(nextBatch(root, 3));
            head = keccak256(abi.encode(head, seq, root));
            (uint64 last, bytes32 stored) = log.last();
            assertEq(seq, last);
            assertEq(head, stored);
            assertEq(root, log.batchOf(seq).root);
            assertEq(3, log.batchOf(seq).count);
        }
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.UnknownBatch.selector, 6));
        log.batchOf(6);
    }

    function testFuzz_onlyTheNextNumberOnTheHead(uint64 seq, bytes32 previous) external {
        send(nextBatch(keccak256("first"), 1));
        SettlementLog.Batch memory batch = nextBatch(keccak256("second"), 1);
        bytes32 head = batch.previous;
        if (seq != 2) {
            batch.seq = seq;
            refuse(batch, abi.encodeWithSelector(SettlementLog.WrongSequence.selector, 2, seq));
        }
        batch.seq = 2;
        if (previous != head) {
            batch.previous = previous;
            refuse(batch, abi.encodeWithSelector(SettlementLog.WrongPrevious.selector, head, previous));
        }
        batch.previous = head;
        send(batch);
    }

    function test_aBatchIsTakenOnce() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("once"), 1);
        send(batch);
        refuse(batch, abi.encodeWithSelector(SettlementLog.WrongSequence.selector, 2, 1));
    }

    function test_countFitsTheRoot() external {
        refuse(nextBatch(keccak256("x"), 0), abi.encodeWithSelector(SettlementLog.WrongCount.selector, 0));
        refuse(nextBatch(MerkleTree.EMPTY_ROOT, 1), abi.encodeWithSelector(SettlementLog.WrongCount.selector, 1));
        refuse(nextBatch(keccak256("x"), 65_537), abi.encodeWithSelector(SettlementLog.WrongCount.selector, 65_537));
        send(nextBatch(MerkleTree.EMPTY_ROOT, 0));
        send(nextBatch(keccak256("x"), 65_536));
    }

    function test_fewerThanTheQuorumIsRefused() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory four = signed(batchHash(batch), keys, 4);
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.QuorumNotReached.selector, 5, 4));
        log.submit(batch, four);
    }

    function test_oneSignerCountsOnce() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory five = signed(batchHash(batch), keys, 5);
        five[4] = five[3];
        address twice = VM.addr(keys[3]);
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.SignersNotAscending.selector, twice, twice));
        log.submit(batch, five);
    }

    function test_strangersDoNotCount() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory strangers = signed(batchHash(batch), sortedKeys(100, 5), 5);
        address first = VM.addr(sortedKeys(100, 5)[0]);
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.NotASigner.selector, first));
        log.submit(batch, strangers);
    }

    function test_aSignatureIsForOneBatchOnly() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory five = signed(batchHash(batch), keys, 5);
        batch.total += 1;
        VM.prank(submitter);
        (bool done,) = address(log).call(abi.encodeCall(SettlementLog.submit, (batch, five)));
        assertTrue(!done, "another total is another digest");
    }

    function test_malleableAndShortSignaturesAreRefused() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory five = signed(batchHash(batch), keys, 5);
        (bytes32 r, bytes32 s, uint8 v) = parts(five[0]);
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes32 high = bytes32(order - uint256(s));
        five[0] = abi.encodePacked(r, high, v == 27 ? 28 : 27);
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, high));
        log.submit(batch, five);
        five[0] = hex"0102";
        VM.prank(submitter);
        VM.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureLength.selector, 2));
        log.submit(batch, five);
    }

    function test_anotherChainOrLogIsAnotherDomain() external {
        SettlementLog.Batch memory batch = nextBatch(keccak256("x"), 1);
        bytes[] memory five = signed(batchHash(batch), keys, 5);
        VM.chainId(999);
        VM.prank(submitter);
        (bool done,) = address(log).call(abi.encodeCall(SettlementLog.submit, (batch, five)));
        assertTrue(!done, "another chain");
        VM.chainId(31_337);
        send(batch);
    }

    function test_inclusion() external {
        bytes[] memory data = new bytes[](5);
        bytes32[] memory leaves = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) {
            data[i] = abi.encode(bytes32(i), alice, bob, 100 + i, 80 + i, 20, keccak256("result"), uint8(1), uint64(7));
            leaves[i] = MerkleTree.leaf(MerkleTree.JOB_SETTLEMENT, data[i]);
        }
        send(nextBatch(rootOf(leaves), 5));
        for (uint32 i = 0; i < 5; ++i) {
            bytes32[] memory proof = proofOf(leaves, i);
            assertTrue(log.verifyInclusion(1, i, 1, data[i], proof), "included");
            assertTrue(!log.verifyInclusion(1, i, 2, data[i], proof), "of its kind only");
            assertTrue(!log.verifyInclusion(1, (i + 1) % 5, 1, data[i], proof), "at its index only");
            assertTrue(!log.verifyInclusion(1, i, 1, bytes.concat(data[i], hex"00"), proof), "byte for byte");
        }
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.UnknownBatch.selector, 2));
        log.verifyInclusion(2, 0, 1, data[0], proofOf(leaves, 0));
    }

    function test_theLogOnlyGrows() external {
        send(nextBatch(keccak256("x"), 1));
        anchor(SettlementLog.Checkpoint(10, keccak256("ten"), 1, 1), "");
        anchor(
            SettlementLog.Checkpoint(10, keccak256("other ten"), 1, 1),
            abi.encodeWithSelector(SettlementLog.LogNotGrown.selector, 10, 10)
        );
        anchor(
            SettlementLog.Checkpoint(9, keccak256("nine"), 1, 1),
            abi.encodeWithSelector(SettlementLog.LogNotGrown.selector, 10, 9)
        );
        anchor(
            SettlementLog.Checkpoint(11, keccak256("eleven"), 2, 1),
            abi.encodeWithSelector(SettlementLog.UnknownBatch.selector, 2)
        );
        anchor(SettlementLog.Checkpoint(11, keccak256("eleven"), 1, 1), "");
        (uint64 size, bytes32 root) = log.anchored();
        assertEq(11, size);
        assertEq(keccak256("eleven"), root);
    }

    /// @dev Sends a checkpoint; with a reason, it must be refused for it.
    function anchor(SettlementLog.Checkpoint memory checkpoint, bytes memory reason) private {
        bytes[] memory signatures = signed(keccak256(abi.encode(CHECKPOINT_TYPEHASH, checkpoint)), keys, 5);
        VM.prank(submitter);
        if (reason.length > 0) VM.expectRevert(reason);
        log.anchor(checkpoint, signatures);
    }

    function refuse(SettlementLog.Batch memory batch, bytes memory reason) private {
        bytes[] memory signatures = signed(batchHash(batch), keys, 5);
        VM.prank(submitter);
        VM.expectRevert(reason);
        log.submit(batch, signatures);
    }

    function parts(bytes memory signature) private pure returns (bytes32 r, bytes32 s, uint8 v) {
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
            v := byte(0, mload(add(signature, 0x60)))
        }
    }
}
