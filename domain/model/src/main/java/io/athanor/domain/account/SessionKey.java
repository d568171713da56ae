package io.athanor.domain.account;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.Set;

/**
 * A key that may sign for a wallet within a limit.
 *
 * @param limit the most it may hold for jobs in all, in wei
 */
public record SessionKey(Wallet key, Ath limit, Set<Scope> scopes, Instant expiresAt) {
    public SessionKey {
        scopes = Set.copyOf(scopes);
    }

    /** What a session key may sign. Never withdrawals, stake or other keys. */
    public enum Scope {
        SUBMIT_JOB,
        CANCEL_JOB
    }
}
