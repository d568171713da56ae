/** Hashes and the encodings that are hashed: Keccak-256, hex, Merkle trees, Solidity ABI words, EIP-712, EIP-55. */
@NullMarked
package io.athanor.domain.hash;

import org.jspecify.annotations.NullMarked;
