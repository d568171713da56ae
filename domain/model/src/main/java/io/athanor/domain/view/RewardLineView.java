package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import java.time.Instant;

/**
 * One line of a wallet's statement, in wei.
 *
 * @param kind an {@code EarningLine.Kind} for what was credited; {@code TO_DELEGATORS} for what of the epoch's emission
 *     its pools took, which is credited there; {@code LOCKED} and {@code FREED} for what vests, {@code SLASHED} for what a
 *     penalty took of it; {@code CLAIMED} for what a delegator took out of a pool
 * @param epoch -1 for what was {@code CLAIMED} or {@code SLASHED}, which may have come in many epochs
 * @param source a task, a machine, rounds, a pool or a case
 */
public record RewardLineView(
        long index, int line, Wallet wallet, long epoch, String kind, String source, Ath amount, Instant at) {}
