package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an account asked the vault for, and what it may claim there. Amounts in wei, cumulative over all time.
 *
 * @param requested everything it ever asked to withdraw
 * @param paid everything the vault has paid it, as of the last final block
 * @param relayed whether the account asked to have its claims sent for it
 * @param claim its leaf in the newest root that pays it now, else in the newest; null where it is in none
 */
public record WithdrawalView(
        Wallet wallet,
        Ath requested,
        Ath paid,
        boolean relayed,
        @Nullable Claim claim) {
    /**
     * The arguments of the vault's {@code claim(number, index, account, cumulative, proof)}, which anybody may send.
     *
     * @param state COLLECTING signatures, POSTED on chain, FINAL, or DISABLED by a guardian
     * @param activeAt when the vault begins to pay it, null before it is final on chain
     * @param lateAt from when the daily limit no longer counts, likewise
     */
    public record Claim(
            Wallet vault,
            long number,
            int index,
            int size,
            Hash32 root,
            Ath cumulative,
            List<Hash32> proof,
            String state,
            @Nullable Instant activeAt,
            @Nullable Instant lateAt) {
        public Claim {
            proof = List.copyOf(proof);
        }
    }
}
