package io.athanor.domain.account;

import io.athanor.domain.account.AccountCommand.HoldFunds;
import io.athanor.domain.account.AccountCommand.RaiseHold;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.util.List;

/** Setting money aside for a job, and more of it. */
final class HoldDecisions {
    private HoldDecisions() {}

    static List<AccountEvent> hold(Account account, HoldFunds c) {
        c.authorization().requireFor(c.wallet());
        Refused.unless(!c.amount().isZero(), Reason.INVALID_SPEC, "amount must be above zero");
        Ath held = account.holds().get(c.job());
        if (held != null) {
            // A cap that was raised since holds more; whether the order is the same its tasks say, in the same order.
            Refused.unless(held.covers(c.amount()), Reason.ID_TAKEN, "job " + c.job() + " already holds " + held);
            return List.of();
        }
        Refused.unless(
                account.holds().size() < Limits.OPEN_JOBS_PER_ACCOUNT,
                Reason.LIMIT_REACHED,
                "an account has at most " + Limits.OPEN_JOBS_PER_ACCOUNT + " open jobs");
        requireAvailable(account, c.amount());
        account.requireSigner(c.authorization(), Scope.SUBMIT_JOB, c.amount(), c.at());
        return List.of(new FundsHeld(c.wallet(), c.job(), c.amount(), c.authorization(), c.at()));
    }

    private static void requireAvailable(Account account, Ath amount) {
        if (!account.available().covers(amount)) {
            throw new Refused(
                    Reason.INSUFFICIENT_FUNDS,
                    "the job holds " + amount.display() + " but "
                            + account.available().display() + " is available",
                    "Deposit at least " + amount.minus(account.available()).display()
                            + " to the vault for this account, then submit again.");
        }
    }

    static List<AccountEvent> raise(Account account, RaiseHold c) {
        c.authorization().requireFor(c.wallet());
        Ath held = account.holds().getOrDefault(c.job(), Ath.ZERO);
        if (held.equals(c.amount())) {
            return List.of();
        }
        Refused.unless(
                held.equals(c.from())
                        && c.amount().covers(c.from())
                        && !c.from().isZero(),
                Reason.WRONG_STATE,
                "job " + c.job() + " holds " + held + ", and is to hold " + c.amount() + " instead of " + c.from());
        Ath added = c.amount().minus(c.from());
        requireAvailable(account, added);
        account.requireSigner(c.authorization(), Scope.SUBMIT_JOB, added, c.at());
        return List.of(new HoldRaised(c.wallet(), c.job(), c.from(), c.amount(), c.authorization(), c.at()));
    }
}
