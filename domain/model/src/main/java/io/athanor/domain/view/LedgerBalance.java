package io.athanor.domain.view;

import io.athanor.domain.common.Ath;

/**
 * The sums of one ledger account's postings, in wei.
 *
 * <p>Invariant: over all accounts the sums of {@code received} and of {@code sent} are equal. A balance is
 * {@code received - sent}; only the outside world's may be negative.
 */
public record LedgerBalance(String account, Ath received, Ath sent, long asOf) {}
