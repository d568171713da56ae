package io.athanor.chain;

import io.athanor.chain.MessageTables.Message;
import io.athanor.chain.MessageTables.State;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.port.Approvals;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.util.List;

/**
 * Collects the checkers' signatures under messages; each signer replays the history up to the message before it signs.
 *
 * <p>Invariant: only signatures that the contract will accept are kept, and none after the quorum is reached. A repeat
 * changes nothing.
 */
final class Cosignatures implements Approvals {
    private static final int WINDOW_MESSAGES = 64;

    private final MessageTables messages;
    private final SignerTables sets;
    private final Lanes lanes;
    private final SigningDomain domain;

    Cosignatures(Tables tables, Lanes lanes, SigningDomain domain) {
        this.messages = tables.messages();
        this.sets = tables.signers();
        this.lanes = lanes;
        this.domain = domain;
    }

    @Override
    public List<CosignDuty> waitingFor(Wallet signer) {
        return messages.open(WINDOW_MESSAGES).stream()
                .filter(message -> message.state() == State.COLLECTING)
                .filter(message -> isSigner(message, signer) && !messages.hasApproved(message, signer))
                .map(message -> lanes.of(message.kind()).duty(message))
                .toList();
    }

    private boolean isSigner(Message message, Wallet wallet) {
        return sets.find(message.setVersion())
                .filter(set -> set.wallets().contains(wallet))
                .isPresent();
    }

    @Override
    public void approve(CosignKind kind, long number, Wallet signer, String signature) {
        Message message = messages.find(kind, number)
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "nothing of kind " + kind + " has number " + number));
        Refused.unless(isSigner(message, signer), Reason.NOT_ALLOWED, signer + " is not in the signer set");
        Hash32 digest = domain.digest(TypedSettlement.of(lanes.of(kind).duty(message)));
        boolean valid =
                Secp256k1.verify(digest, bytes(signature), signer.address()).isEmpty();
        Refused.unless(valid, Reason.SIGNATURE_INVALID, "the signature is not " + signer + "'s over " + message);
        if (!messages.hasApproved(message, signer)) {
            Refused.unless(message.state() == State.COLLECTING, Reason.WRONG_STATE, message + " has its quorum");
            messages.approve(message, signer, signature);
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
