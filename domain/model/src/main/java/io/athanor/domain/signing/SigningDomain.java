package io.athanor.domain.signing;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Eip712;
import io.athanor.domain.hash.Hash32;

/**
 * The EIP-712 domain of one network: name "Athanor", version "1", the chain id and the settlement log's address. A
 * signature for another chain or another deployment never verifies here.
 */
public record SigningDomain(long chainId, Wallet settlementLog) {
    /** What the wallet signs for a struct hash of {@link TypedCommands}. */
    public Hash32 digest(Hash32 structHash) {
        return Eip712.digest(Eip712.Domain.of("Athanor", "1", chainId, settlementLog.address()), structHash);
    }
}
