package io.athanor.agent.checker;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.signing.SigningDomain;

/** What {@code GET /v1/parameters} says, as far as a checker needs it; more fields may come. */
record NetworkTerms(long chainId, Wallet settlementLog, ProtocolParameters parameters) {
    SigningDomain domain() {
        return new SigningDomain(chainId, settlementLog);
    }
}
