package io.athanor.domain.epoch;

import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.util.List;

/**
 * All money of one epoch, as {@code RewardFormula} computes it. Amounts in wei.
 *
 * <p>Invariant: what clients pay plus what the reserves emit equals what accounts earn plus the protocol fee.
 *
 * @param accounts in wallet order, each once
 * @param root digest of {@code accounts}, stored in the event in place of the list
 */
public record RewardStatement(
        int formulaVersion,
        Ath clientCost,
        Ath providerEmission,
        Ath checkerEmission,
        Ath protocolFee,
        List<AccountLines> accounts,
        Hash32 root) {
    public RewardStatement {
        accounts = List.copyOf(accounts);
    }

    /** One account's part. */
    public record AccountLines(Wallet wallet, List<HoldLine> holds, List<EarningLine> earnings) {
        public AccountLines {
            holds = List.copyOf(holds);
            earnings = List.copyOf(earnings);
        }
    }
}
