package io.athanor.domain.port;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.wire.CheckerProtocol.BatchDuty;
import java.util.List;

/** Checkers' signatures under settlement batches, kept by the chain projector. */
public interface Approvals {
    /** Batches that this signer has not approved yet. */
    List<BatchDuty> waitingFor(Wallet signer);

    /** Takes a signature. Error: {@link io.athanor.domain.common.Refused} where it is not of the signer set. */
    void approve(long seq, Wallet signer, String signature);
}
