package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import java.time.Instant;

/** One posting as stored: an amount in wei moves from one ledger account to another by one event. */
public record LedgerLine(long index, int line, String event, String from, String to, Ath amount, Instant at) {}
