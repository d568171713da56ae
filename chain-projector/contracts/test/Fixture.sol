// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AthToken} from "../src/AthToken.sol";
import {AthVault} from "../src/AthVault.sol";
import {PenaltyBook} from "../src/PenaltyBook.sol";
import {MerkleTree} from "../src/MerkleTree.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Base} from "./Base.sol";

/// @title Fixture
/// @notice Token, log and vault as they are deployed, a set of 7 signers of which 5 must sign, and a tree builder.
abstract contract Fixture is Base {
    uint64 internal constant ACTIVATION = 1 days;
    uint64 internal constant LATE = 7 days;
    uint64 internal constant SILENCE = 3 days;
    uint64 internal constant PAUSE = 72 hours;
    uint256 internal constant DAILY_LIMIT = 1000 ether;
    uint64 internal constant START = 1_800_000_000;

    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "Batch(uint64 seq,bytes32 previous,bytes32 root,uint32 count,uint256 total,uint64 epoch,uint32 setVersion)"
    );
    bytes32 private constant CHECKPOINT_TYPEHASH =
        keccak256("Checkpoint(uint64 size,bytes32 root,uint64 seq,uint32 setVersion)");
    bytes32 private constant WITHDRAWAL_ROOT_TYPEHASH = keccak256(
        "WithdrawalRoot(address vault,uint64 number,bytes32 root,uint32 count,uint256 total,"
        "uint64 seq,uint64 epoch,uint32 setVersion)"
    );

    address internal admin = address(0xAD);
    address internal guardian = address(0x6A);
    address internal submitter = address(0x5B);
    address internal treasury = address(0x7E);
    address internal alice = address(0xA11CE);
    address internal bob = address(0xB0B);

    AthToken internal token;
    SettlementLog internal log;
    AthVault internal vault;
    PenaltyBook internal penalties;
    uint256[] internal keys;

    function setUp() public virtual {
        VM.warp(START);
        token = new AthToken(treasury);
        log = new SettlementLog(admin, guardian, admin, submitter, SILENCE, PAUSE);
        address next = VM.computeCreateAddress(address(this), VM.getNonce(address(this)) + 1);
        vault = new AthVault(token, log, admin, guardian, termsFor(next));
        penalties = new PenaltyBook(log, vault);
        keys = sortedKeys(1, 7);
        VM.prank(admin);
        log.installSetByAdmin(1, addresses(keys), 5);
        VM.prank(treasury);
        token.approve(address(vault), type(uint256).max);
    }

    function termsFor(address book) internal pure returns (AthVault.Terms memory) {
        return AthVault.Terms(ACTIVATION, LATE, 1 days, PAUSE, DAILY_LIMIT, book);
    }

    /// @dev `count` keys from `first` on, in the order of their addresses.
    function sortedKeys(uint256 first, uint256 count) internal pure returns (uint256[] memory sorted) {
        sorted = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 key = first + i;
            uint256 place = i;
            while (place > 0 && VM.addr(sorted[place - 1]) > VM.addr(key)) {
                sorted[place] = sorted[place - 1];
                --place;
            }
            sorted[place] = key;
        }
    }

    function addresses(uint256[] memory some) internal pure returns (address[] memory result) {
        result = new address[](some.length);
        for (uint256 i = 0; i < some.length; ++i) {
            result[i] = VM.addr(some[i]);
        }
    }

    /// @dev Signatures of the first `count` keys over the struct in the log's domain.
    function signed(bytes32 structHash, uint256[] memory by, uint256 count) internal view returns (bytes[] memory all) {
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", log.domainSeparator(), structHash));
        all = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = VM.sign(by[i], digest);
            all[i] = abi.encodePacked(r, s, v);
        }
    }

    function batchHash(SettlementLog.Batch memory batch) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TYPEHASH, batch));
    }

    /// @dev The next batch with this root, not yet sent.
    function nextBatch(bytes32 root, uint32 count) internal view returns (SettlementLog.Batch memory) {
        (uint64 seq, bytes32 head) = log.last();
        (uint32 version,,,) = log.signerSet();
        return SettlementLog.Batch(seq + 1, head, root, count, 5 ether, seq + 1, version);
    }

    function send(SettlementLog.Batch memory batch) internal {
        bytes[] memory signatures = signed(batchHash(batch), keys, 5);
        VM.prank(submitter);
        log.submit(batch, signatures);
    }

    /// @dev Anchors the log of records as it stands with these leaves.
    function anchor(bytes32[] memory leaves) internal {
        (uint64 seq,) = log.last();
        SettlementLog.Checkpoint memory checkpoint =
            SettlementLog.Checkpoint(uint64(leaves.length), rootOf(leaves), seq, 1);
        bytes[] memory signatures = signed(keccak256(abi.encode(CHECKPOINT_TYPEHASH, checkpoint)), keys, 5);
        VM.prank(submitter);
        log.anchor(checkpoint, signatures);
    }

    function postingHash(AthVault.WithdrawalRoot memory next) internal view returns (bytes32) {
        return keccak256(abi.encode(WITHDRAWAL_ROOT_TYPEHASH, address(vault), next));
    }

    function posting(bytes32 root, uint32 count, uint256 total)
        internal
        view
        returns (AthVault.WithdrawalRoot memory)
    {
        (uint64 seq,) = log.last();
        return AthVault.WithdrawalRoot(vault.lastRoot() + 1, root, count, total, seq, 95, 1);
    }

    /// @dev Posts the next withdrawal root and returns its number.
    function post(bytes32[] memory leaves, uint256 total) internal returns (uint64) {
        AthVault.WithdrawalRoot memory next = posting(rootOf(leaves), uint32(leaves.length), total);
        bytes[] memory signatures = signed(postingHash(next), keys, 5);
        VM.prank(submitter);
        vault.postWithdrawalRoot(next, signatures);
        return next.number;
    }

    function withdrawalLeaf(address account, uint256 cumulative) internal pure returns (bytes32) {
        return MerkleTree.leaf(MerkleTree.WITHDRAWAL, abi.encode(account, cumulative));
    }

    function releaseLeaf(bytes32 pool, uint256 cumulative) internal pure returns (bytes32) {
        return MerkleTree.leaf(MerkleTree.BOND_RELEASE, abi.encode(pool, cumulative));
    }

    function poolOf(uint8 kind, address operator) internal pure returns (bytes32) {
        return bytes32(uint256(kind) << 160 | uint160(operator));
    }

    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        if (leaves.length == 0) return keccak256("");
        return range(leaves, 0, leaves.length);
    }

    /// @dev The recursive definition of RFC 6962, so that the library is checked against another algorithm.
    function range(bytes32[] memory leaves, uint256 from, uint256 to) internal pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 middle = from + split(to - from);
        return keccak256(abi.encodePacked(bytes1(0x01), range(leaves, from, middle), range(leaves, middle, to)));
    }

    function split(uint256 size) internal pure returns (uint256 half) {
        half = 1;
        while (half * 2 < size) half *= 2;
    }

    function proofOf(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory proof) {
        bytes32[] memory down = new bytes32[](64);
        uint256 depth = 0;
        uint256 from = 0;
        uint256 to = leaves.length;
        while (to - from > 1) {
            uint256 middle = from + split(to - from);
            bool left = index < middle;
            down[depth++] = left ? range(leaves, middle, to) : range(leaves, from, middle);
            (from, to) = left ? (from, middle) : (middle, to);
        }
        proof = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            proof[i] = down[depth - 1 - i];
        }
    }
}
