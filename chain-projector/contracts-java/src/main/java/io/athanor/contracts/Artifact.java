package io.athanor.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import java.util.Arrays;
import java.util.List;

/**
 * A compiled contract, as committed and checked byte for byte against its source.
 *
 * @param contractName as in Solidity
 * @param abi the JSON ABI
 * @param bytecode creation code without constructor arguments, 0x hex
 * @param deployedBytecode code on chain with zeros where immutables go, 0x hex
 * @param immutables places of immutables in the deployed code: [offset, length] in bytes
 */
public record Artifact(
        String contractName, JsonNode abi, String bytecode, String deployedBytecode, List<List<Integer>> immutables) {

    /** Whether this code on chain is this contract, whatever its immutables were set to. */
    public boolean isCodeOf(byte[] code) {
        byte[] masked = code.clone();
        for (List<Integer> place : immutables) {
            int end = place.get(0) + place.get(1);
            if (end > masked.length) {
                return false;
            }
            Arrays.fill(masked, place.get(0), end, (byte) 0);
        }
        return Arrays.equals(masked, Hex.decode(deployedBytecode));
    }

    /** Keccak of the code on chain, immutables included: what a deployment remembers of a contract. */
    public static Hash32 codeHash(byte[] code) {
        return Hash32.keccak(code);
    }
}
