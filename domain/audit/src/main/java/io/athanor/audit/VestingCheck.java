package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.stake.StakeRules;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds what is locked of an epoch's emission against what was credited of it, and the day on which something is freed
 * against the clock of the history. How much is free on that day is decided again with everything else.
 */
final class VestingCheck implements Check {
    private final Map<Wallet, Due> due = new HashMap<>();

    /** Emission that the account has and must lock by the epoch's end. */
    private record Due(long epoch, Ath amount, int days) {}

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case EarningsCredited e -> credited(before, e);
            case EarningsVested e -> vested(before, e, problem);
            case VestingSlashed e -> today(before, e.day(), e.at(), problem);
            case EpochClosed e -> closed(e, problem);
            default -> {
                // Nothing earned.
            }
        }
    }

    private void credited(World before, EarningsCredited e) {
        Earnings rules = before.parametersOf(e.epoch()).economics().earnings();
        Ath emission = new AccountLines(e.wallet(), List.of(), e.lines()).emission();
        if (rules != null && rules.vestingDays() > 0 && !emission.isZero()) {
            due.put(e.wallet(), new Due(e.epoch(), emission, rules.vestingDays()));
        }
    }

    private static void today(World before, long day, Instant at, Consumer<String> problem) {
        NetworkBegun network = before.protocol.network();
        long today = network == null
                ? 0
                : StakeRules.day(
                        at,
                        network.genesis(),
                        before.protocol.current().parameters().timing());
        if (day != today) {
            problem.accept("it is settlement day " + today + ", not " + day);
        }
    }

    private void vested(World before, EarningsVested e, Consumer<String> problem) {
        today(before, e.day(), e.at(), problem);
        if (!e.credited().isZero()) {
            Due open = due.remove(e.wallet());
            Due locked = new Due(e.epoch(), e.credited(), e.days());
            if (!locked.equals(open)) {
                problem.accept("locks " + locked + " where the books say " + open);
            }
        }
    }

    private void closed(EpochClosed e, Consumer<String> problem) {
        due.forEach((wallet, open) -> {
            if (open.epoch() <= e.epoch()) {
                problem.accept(wallet + " has not locked " + open.amount() + " that vest");
            }
        });
        due.values().removeIf(open -> open.epoch() <= e.epoch());
    }
}
