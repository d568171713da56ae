package io.athanor.domain.port;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.util.List;

/** Checkers' signatures under batches, roots of withdrawals and signer sets, kept by the chain projector. */
public interface Approvals {
    /** What this signer has not signed yet. */
    List<CosignDuty> waitingFor(Wallet signer);

    /** Takes a signature. Error: {@link io.athanor.domain.common.Refused} where it is not of the signer set. */
    void approve(CosignKind kind, long number, Wallet signer, String signature);
}
