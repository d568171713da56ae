package io.athanor.domain.view;

import io.athanor.domain.account.SessionKey;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A key that a wallet once let sign for it. Amounts in wei.
 *
 * @param scopes what it may sign
 * @param spendLimit the most it may hold for jobs in all; {@code spent} what it has held so far, under every authorisation
 * @param expiresAt from then on it signs nothing
 * @param revokedAt when the wallet ended it, null while it has not
 */
public record SessionKeyView(
        Wallet wallet,
        Wallet key,
        Set<SessionKey.Scope> scopes,
        Ath spendLimit,
        Ath spent,
        Instant authorisedAt,
        Instant expiresAt,
        @Nullable Instant revokedAt,
        long asOf) {
    public SessionKeyView {
        // The same order in every process, so that a rebuilt row is the same to the byte.
        scopes = Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
    }
}
