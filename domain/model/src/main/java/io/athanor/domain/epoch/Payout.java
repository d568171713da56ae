package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.hash.Hash32;

/**
 * The root of all cumulative withdrawals that the vault takes once a settlement day.
 *
 * @param number 1, 2, 3, … over all epochs
 * @param root of {@link PayoutTree}
 * @param count its leaves, at least 1
 * @param total sum of the accounts' cumulative requested withdrawals, in wei
 * @param seq the newest batch when its epoch closed, 0 before the first
 */
public record Payout(long number, Hash32 root, int count, Ath total, long seq) {}
