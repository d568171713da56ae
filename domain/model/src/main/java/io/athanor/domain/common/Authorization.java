package io.athanor.domain.common;

import java.time.Instant;

/**
 * A signature under one command: who owns it, who signed, until when it may be received.
 *
 * <p>Invariant: {@code signer} is the wallet itself or a session key of it; the digest is not stored, since it
 * follows from the command's content (package {@code signing}). The edge verifies it, the event keeps it, the
 * audit verifies it again.
 *
 * @param commandId unique for ever, so that a signature counts once
 * @param signature 65 bytes {@code r || s || v} as 0x hex
 */
public record Authorization(CommandId commandId, Wallet wallet, Wallet signer, Instant expiresAt, String signature) {
    public boolean bySessionKey() {
        return !signer.equals(wallet);
    }

    /** For what the owner or a session key of it may sign. Error: {@link Refused} NOT_ALLOWED. */
    public void requireFor(Wallet owner) {
        Refused.unless(wallet.equals(owner), Reason.NOT_ALLOWED, "signed for " + wallet + ", not for " + owner);
    }

    /** For what only the owner's own key may sign. Error: {@link Refused} NOT_ALLOWED. */
    public void requireBy(Wallet owner) {
        requireFor(owner);
        Refused.unless(!bySessionKey(), Reason.NOT_ALLOWED, "only the wallet itself signs this, not a session key");
    }
}
