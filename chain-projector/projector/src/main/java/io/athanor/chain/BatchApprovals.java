package io.athanor.chain;

import io.athanor.chain.BatchTables.BatchRow;
import io.athanor.chain.BatchTables.State;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.port.Approvals;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.wire.CheckerProtocol.BatchDuty;
import java.util.List;

/**
 * Collects the checkers' signatures under batches; each signer replays the history up to the batch before it signs.
 *
 * <p>Invariant: only signatures that the contract will accept are kept, and none after the quorum is reached. A repeat
 * changes nothing.
 */
final class BatchApprovals implements Approvals {
    private static final int WINDOW_BATCHES = 64;

    private final BatchTables batches;
    private final SigningDomain domain;

    BatchApprovals(BatchTables batches, SigningDomain domain) {
        this.batches = batches;
        this.domain = domain;
    }

    @Override
    public List<BatchDuty> waitingFor(Wallet signer) {
        return batches.open(WINDOW_BATCHES).stream()
                .filter(row -> row.state() == State.COLLECTING)
                .filter(row -> isSigner(row.setVersion(), signer) && !batches.hasApproved(row.seq(), signer))
                .map(row -> new BatchDuty(row.batch(), row.epoch(), row.setVersion(), row.eventIndex()))
                .toList();
    }

    private boolean isSigner(int version, Wallet wallet) {
        return batches.signers(version)
                .filter(set -> set.wallets().contains(wallet))
                .isPresent();
    }

    @Override
    public void approve(long seq, Wallet signer, String signature) {
        BatchRow row = batches.batch(seq).orElseThrow(() -> new Refused(Reason.NOT_FOUND, "there is no batch " + seq));
        Refused.unless(isSigner(row.setVersion(), signer), Reason.NOT_ALLOWED, signer + " is not in the signer set");
        Hash32 digest = domain.digest(TypedSettlement.batch(row.batch(), row.epoch(), row.setVersion()));
        boolean valid =
                Secp256k1.verify(digest, bytes(signature), signer.address()).isEmpty();
        Refused.unless(valid, Reason.SIGNATURE_INVALID, "the signature is not " + signer + "'s over batch " + seq);
        if (!batches.hasApproved(seq, signer)) {
            Refused.unless(row.state() == State.COLLECTING, Reason.WRONG_STATE, "batch " + seq + " has its quorum");
            batches.approve(seq, signer, signature);
        }
    }

    private static byte[] bytes(String signature) {
        try {
            return Hex.decode(signature);
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, "signature: " + e.getMessage());
        }
    }
}
