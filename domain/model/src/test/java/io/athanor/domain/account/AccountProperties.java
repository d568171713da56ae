package io.athanor.domain.account;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.HoldFunds;
import io.athanor.domain.account.AccountCommand.RequestWithdrawal;
import io.athanor.domain.account.AccountCommand.SettleAccount;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountProperties {
    private static final int HISTORIES = 10_000;
    private static final int STEPS = 12;
    private static final Wallet WALLET = new Samples(0).wallet();
    private static final Authorization SIGNED = new Samples(0).authorization(WALLET);

    /** What the account should own: in by deposits and earnings, out by costs and withdrawals. */
    @Test
    void moneyIsConservedAndNeverNegative() {
        Cases.forAll(HISTORIES, samples -> {
            List<JobId> jobs = List.of(samples.job(), samples.job());
            Account account = Account.EMPTY;
            BigInteger owns = BigInteger.ZERO;
            for (int step = 0; step < STEPS; step++) {
                for (AccountEvent event : decide(account, command(samples, account, jobs, step))) {
                    account = account.evolve(event);
                    owns = owns.add(movement(event));
                }
                assertThat(account.total().wei()).isEqualTo(owns);
                assertThat(account.holds().values()).noneMatch(Ath::isZero);
            }
        });
    }

    private static List<AccountEvent> decide(Account account, AccountCommand command) {
        try {
            List<AccountEvent> events = account.decide(command);
            Account after = account;
            for (AccountEvent event : events) {
                after = after.evolve(event);
            }
            assertThat(after.decide(command).stream().filter(e -> !(command instanceof RequestWithdrawal)))
                    .as("a repeat gives no event")
                    .isEmpty();
            return events;
        } catch (Refused refused) {
            return List.of();
        }
    }

    private static AccountCommand command(Samples samples, Account account, List<JobId> jobs, int step) {
        Ath some = Ath.ofWei(samples.between(0, 1_000));
        return switch (samples.between(0, 4)) {
            case 0 -> new CreditDeposit(WALLET, samples.between(1, STEPS), some, Hash32.ZERO, step, at(step));
            case 1 -> new HoldFunds(WALLET, samples.oneOf(jobs), some, SIGNED, at(step));
            case 2, 3 -> settle(samples, account, step);
            default -> new RequestWithdrawal(WALLET, some, SIGNED, at(step));
        };
    }

    private static SettleAccount settle(Samples samples, Account account, int step) {
        List<HoldLine> lines = new ArrayList<>();
        account.holds().forEach((job, held) -> {
            // Now and then more than is held, which must be refused as a whole.
            Ath part = samples.chance(10) ? held.plus(Ath.ofWei(1)) : samples.upTo(held);
            Ath cost = samples.upTo(part);
            lines.add(new HoldLine(job.task(0), cost, part.minus(cost)));
        });
        List<EarningLine> earnings =
                List.of(new EarningLine(EarningLine.Kind.HOST_FEE, "x", Ath.ofWei(samples.between(1, 100))));
        return new SettleAccount(WALLET, samples.between(0, STEPS), lines, earnings, at(step));
    }

    private static BigInteger movement(AccountEvent event) {
        return switch (event) {
            case AccountEvent.DepositCredited e -> e.amount().wei();
            case AccountEvent.EarningsCredited e ->
                Ath.sum(e.lines().stream().map(EarningLine::amount).toList()).wei();
            case AccountEvent.EarningsVested e -> BigInteger.ZERO;
            case AccountEvent.VestingSlashed e -> e.taken().wei().negate();
            case AccountEvent.HoldSettled e ->
                Ath.sum(e.lines().stream().map(HoldLine::cost).toList()).wei().negate();
            case AccountEvent.WithdrawalRequested e -> e.amount().wei().negate();
            case AccountEvent.WithdrawalPaid e -> BigInteger.ZERO;
            case AccountEvent.DepositLodged e -> e.amount().wei().negate();
            case AccountEvent.DepositReturned e -> e.amount().wei();
            case AccountEvent.CanariesCredited e -> e.amount().wei();
            case AccountEvent.GrantCredited e -> e.amount().wei();
            case AccountEvent.FundsStaked e -> e.amount().wei().negate();
            case AccountEvent.StakeReturned e -> e.amount().wei();
            case AccountEvent.CaseBondHeld e -> e.amount().wei().negate();
            case AccountEvent.CaseShareCredited e -> e.amount().wei();
            case AccountEvent.FundsHeld e -> BigInteger.ZERO;
            case AccountEvent.HoldRaised e -> BigInteger.ZERO;
            case AccountEvent.SessionKeyAuthorised e -> BigInteger.ZERO;
            case AccountEvent.SessionKeyRevoked e -> BigInteger.ZERO;
        };
    }
}
