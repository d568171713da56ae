package io.athanor.domain.attestation;

import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import io.athanor.domain.signing.TypedCommands;
import java.nio.charset.StandardCharsets;

/**
 * What a checker commits to before anyone reveals: {@code keccak(tag, chainId, round, checker, reportDigest, salt)}.
 * Bound to the checker, so a copied commitment cannot be revealed by the copier.
 */
public final class Commitment {
    private static final byte[] TAG = Keccak256.hash("athanor.commitment.v1".getBytes(StandardCharsets.UTF_8));
    private static final Abi.Layout LAYOUT = Abi.Layout.of(
            "bytes32 tag", "uint256 chainId", "bytes32 round", "address checker", "bytes32 report", "bytes32 salt");

    private Commitment() {}

    public static Hash32 of(long chainId, Report report, Hash32 salt) {
        byte[] round = Keccak256.hash(report.round().toString().getBytes(StandardCharsets.UTF_8));
        return Hash32.keccak(LAYOUT.encode(
                Hash32.of(TAG),
                chainId,
                Hash32.of(round),
                report.checker().address(),
                TypedCommands.reportStruct(report),
                salt));
    }
}
