package io.athanor.audit;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.BondReleases;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.epoch.Payout;
import io.athanor.domain.epoch.PayoutTree;
import io.athanor.domain.epoch.SettlementDay;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes every root of withdrawals again from the accounts and pools as they stood when its epoch closed, and holds what the vault
 * paid against the newest root: nobody was paid more than they asked for, and nobody was left out of a root.
 */
final class PayoutCheck implements Check {
    private final TreeMap<Long, Due> due = new TreeMap<>();
    private final BondReleases releases = new BondReleases();
    private long lastNumber;
    private long lastEpoch = -1;
    private Map<Wallet, Ath> allowed = Map.of();

    /** What an epoch's root has to be. */
    private record Due(Payout payout, Map<Wallet, Ath> requested) {}

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        releases.apply(event);
        switch (event) {
            case EpochClosed e -> closed(before, e);
            case WithdrawalsRooted e -> rooted(e, problem);
            case WithdrawalPaid e -> paid(before.account(e.wallet()), e, problem);
            default -> {
                // No payout.
            }
        }
    }

    private void closed(World before, EpochClosed e) {
        int epochsPerDay = before.protocol.current().parameters().timing().epochsPerDay();
        if (!SettlementDay.begins(e.epoch(), lastEpoch, epochsPerDay)) {
            return;
        }
        Map<Wallet, Ath> requested = new TreeMap<>();
        Ath paid = Ath.ZERO;
        for (Map.Entry<Wallet, Account> account : before.accounts.entrySet()) {
            requested.put(account.getKey(), account.getValue().withdrawn());
            paid = paid.plus(account.getValue().paid());
        }
        if (!paid.equals(Ath.sum(requested.values()))) {
            lastNumber++;
            lastEpoch = e.epoch();
            Payout payout = PayoutTree.of(requested, releases.released())
                    .payout(lastNumber, e.head().seq());
            due.put(e.epoch(), new Due(payout, requested));
        }
    }

    private void rooted(WithdrawalsRooted e, Consumer<String> problem) {
        due.headMap(e.epoch())
                .forEach((epoch, left) -> problem.accept("epoch " + epoch + " was left without its root"));
        due.headMap(e.epoch()).clear();
        Due expected = due.remove(e.epoch());
        if (expected == null) {
            problem.accept("no root of withdrawals was due when the epoch closed");
        } else if (!expected.payout().equals(e.payout())) {
            problem.accept("the accounts give " + expected.payout());
        } else {
            allowed = expected.requested();
        }
    }

    private void paid(Account before, WithdrawalPaid e, Consumer<String> problem) {
        if (!before.paid().plus(e.amount()).equals(e.paid())) {
            problem.accept("the account was paid " + before.paid() + " before");
        }
        if (!allowed.getOrDefault(e.wallet(), Ath.ZERO).covers(e.paid())) {
            problem.accept("the newest root allows the account " + allowed.getOrDefault(e.wallet(), Ath.ZERO));
        }
    }
}
