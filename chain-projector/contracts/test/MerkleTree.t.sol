// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleTree} from "../src/MerkleTree.sol";
import {Fixture} from "./Fixture.sol";

/// @title MerkleTreeTest
/// @notice The tree against the vectors that Java is checked with too, and against its recursive definition.
contract MerkleTreeTest is Fixture {
    string private _json;

    function setUp() public override {
        _json = VM.readFile("vectors/settlement.json");
    }

    function verify(bytes32 root, uint256 size, uint256 index, bytes32 hash, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        return MerkleTree.verify(root, size, index, hash, proof);
    }

    function test_leavesAreTheVectors() external view {
        for (uint256 i = 0; i < 14; ++i) {
            string memory path = string.concat(".samples[", VM.toString(i), "]");
            uint8 kind = uint8(VM.parseJsonUint(_json, string.concat(path, ".kind")));
            bytes memory data = VM.parseJsonBytes(_json, string.concat(path, ".data"));
            assertEq(VM.parseJsonBytes32(_json, string.concat(path, ".leaf")), MerkleTree.leaf(kind, data));
        }
    }

    function test_jobSettlementDataIsItsAbiEncoding() external view {
        string memory path = ".samples[0].fields.";
        bytes memory data = abi.encode(
            VM.parseJsonBytes32(_json, string.concat(path, "jobKey")),
            VM.parseJsonAddress(_json, string.concat(path, "client")),
            VM.parseJsonAddress(_json, string.concat(path, "provider")),
            VM.parseJsonUint(_json, string.concat(path, "cost")),
            VM.parseJsonUint(_json, string.concat(path, "providerAmount")),
            VM.parseJsonUint(_json, string.concat(path, "fee")),
            VM.parseJsonBytes32(_json, string.concat(path, "resultDigest")),
            uint8(VM.parseJsonUint(_json, string.concat(path, "verdict"))),
            uint64(VM.parseJsonUint(_json, string.concat(path, "epoch")))
        );
        assertEq(keccak256(VM.parseJsonBytes(_json, ".samples[0].data")), keccak256(data));
    }

    function test_treesAndProofsAreTheVectors() external view {
        for (uint256 i = 0; i < 14; ++i) {
            string memory path = string.concat(".trees[", VM.toString(i), "]");
            uint256 size = VM.parseJsonUint(_json, string.concat(path, ".size"));
            bytes32 root = VM.parseJsonBytes32(_json, string.concat(path, ".root"));
            bytes32[] memory leaves = numbered(size);
            assertEq(root, rootOf(leaves));
            for (uint256 j = 0; j < size; ++j) {
                bytes32[] memory proof =
                    VM.parseJsonBytes32Array(_json, string.concat(path, ".proofs[", VM.toString(j), "]"));
                assertTrue(this.verify(root, size, j, leaves[j], proof), "the vector's proof holds");
                assertTrue(!this.verify(root, size, (j + 1) % (size + 1), leaves[j], proof), "at its index only");
            }
        }
    }

    function testFuzz_everyLeafIsProvable(uint256 seed, uint8 rawSize, uint8 rawIndex) external view {
        uint256 size = bound(rawSize, 1, 70);
        uint256 index = bound(rawIndex, 0, size - 1);
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
        assertTrue(this.verify(rootOf(leaves), size, index, leaves[index], proofOf(leaves, index)), "inclusion");
    }

    function testFuzz_nothingElseIsProvable(uint256 seed, uint8 rawSize, uint8 rawIndex, uint8 flip) external view {
        uint256 size = bound(rawSize, 2, 70);
        uint256 index = bound(rawIndex, 0, size - 1);
        bytes32[] memory leaves = numbered(size);
        bytes32 root = rootOf(leaves);
        bytes32[] memory proof = proofOf(leaves, index);
        assertTrue(!this.verify(root, size, index, keccak256(abi.encode(seed)), proof), "another leaf");
        assertTrue(!this.verify(root, size, size + flip, leaves[index], proof), "an index outside");
        proof[flip % proof.length] ^= bytes32(uint256(1) << flip);
        assertTrue(!this.verify(root, size, index, leaves[index], proof), "a flipped bit");
    }

    function testFuzz_anInnerNodeIsNoLeaf(uint8 rawSize) external view {
        uint256 size = bound(rawSize, 4, 70);
        bytes32[] memory leaves = numbered(size);
        bytes32 inner = keccak256(abi.encodePacked(bytes1(0x01), leaves[0], leaves[1]));
        bytes32[] memory proof = proofOf(leaves, 0);
        bytes32[] memory shorter = new bytes32[](proof.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = proof[i + 1];
        }
        assertTrue(!this.verify(rootOf(leaves), size, 0, inner, shorter), "too short");
    }

    /// @dev As in the vectors: leaf i is (account i + 1, 1000 + i).
    function numbered(uint256 size) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = withdrawalLeaf(address(uint160(i + 1)), 1000 + i);
        }
    }
}
