package io.athanor.domain.view;

import io.athanor.domain.account.Basis;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a wallet's statement, in wei.
 *
 * @param kind an {@code EarningLine.Kind} for what was credited; {@code TO_DELEGATORS} for what of the epoch's emission
 *     its pools took, which is credited there; {@code LOCKED} and {@code FREED} for what vests, {@code SLASHED} for what a
 *     penalty took of it; {@code CLAIMED} for what a delegator took out of a pool
 * @param epoch -1 for what was {@code CLAIMED} or {@code SLASHED}, which may have come in many epochs
 * @param source a task, a machine, rounds, a pool or a case
 * @param basis what a term of emission is a part of; null for what is none, and in networks whose formula does not state it
 * @param toDelegators what of the term the wallet's pool took: {@code basis.amount() − amount}; null without a basis
 */
public record RewardLineView(
        long index,
        int line,
        Wallet wallet,
        long epoch,
        String kind,
        String source,
        Ath amount,
        @Nullable Basis basis,
        @Nullable Ath toDelegators,
        Instant at) {}
