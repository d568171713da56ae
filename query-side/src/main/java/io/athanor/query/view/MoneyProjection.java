package io.athanor.query.view;

import io.athanor.codec.EventCatalogue;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.AccountEvent.CanariesCredited;
import io.athanor.domain.account.AccountEvent.CaseBondHeld;
import io.athanor.domain.account.AccountEvent.CaseShareCredited;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.DepositLodged;
import io.athanor.domain.account.AccountEvent.DepositReturned;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.FundsStaked;
import io.athanor.domain.account.AccountEvent.GrantCredited;
import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.ledger.Posting;
import io.athanor.domain.ledger.Postings;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.LedgerBalance;
import io.athanor.domain.view.LedgerLine;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.util.List;

/** Accounts, and the ledger: every posting as a line, and each ledger account's sums. */
public final class MoneyProjection implements Projection {
    private static final Table<AccountView> ACCOUNT = Table.of("account", AccountView.class, "wallet");
    private static final Table<LedgerLine> LINE = Table.of("ledger_line", LedgerLine.class, "index", "line");
    private static final Table<LedgerBalance> BALANCE = Table.of("ledger_balance", LedgerBalance.class, "account");

    @Override
    public String name() {
        return "money";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(ACCOUNT, LINE, BALANCE);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return AccountEvent.class.isAssignableFrom(type)
                || StakePoolEvent.class.isAssignableFrom(type)
                || EpochEvent.class.isAssignableFrom(type)
                || ProposalEvent.class.isAssignableFrom(type)
                || ProtocolEvent.class.isAssignableFrom(type);
    }

    @Override
    public void declare(Event event, Keys keys) {
        if (event instanceof AccountEvent e) {
            keys.add(ACCOUNT, e.wallet());
        }
        for (Posting posting : Postings.of(event)) {
            keys.add(BALANCE, posting.from().toString());
            keys.add(BALANCE, posting.to().toString());
        }
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        Event event = fact.readable();
        if (event instanceof AccountEvent e) {
            AccountView before = rows.find(ACCOUNT, e.wallet());
            rows.put(ACCOUNT, booked(before == null ? empty(e.wallet()) : before, e, fact.index()));
        }
        int line = 0;
        for (Posting posting : Postings.of(event)) {
            post(posting, line++, event, fact.index(), rows);
        }
    }

    private static AccountView empty(Wallet wallet) {
        return new AccountView(wallet, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, 0);
    }

    private static AccountView booked(AccountView a, AccountEvent event, long index) {
        return switch (event) {
            case DepositCredited e ->
                new AccountView(
                        a.wallet(),
                        a.available().plus(e.amount()),
                        a.held(),
                        a.vesting(),
                        a.deposited().plus(e.amount()),
                        a.earned(),
                        a.spent(),
                        a.withdrawn(),
                        index);
            case FundsHeld e -> held(a, e.amount(), index);
            case HoldRaised e -> held(a, e.added(), index);
            case HoldSettled e -> settled(a, e, index);
            case EarningsCredited e -> earned(a, e, index);
            case EarningsVested e -> vested(a, e, index);
            case VestingSlashed e -> vesting(a, a.available(), a.vesting().minus(e.taken()), index);
            case WithdrawalRequested e ->
                new AccountView(
                        a.wallet(),
                        a.available().minus(e.amount()),
                        a.held(),
                        a.vesting(),
                        a.deposited(),
                        a.earned(),
                        a.spent(),
                        a.withdrawn().plus(e.amount()),
                        index);
            case WithdrawalPaid e -> seen(a, index);
            case DepositLodged e -> moved(a, a.available().minus(e.amount()), index);
            case DepositReturned e -> moved(a, a.available().plus(e.amount()), index);
            case CanariesCredited e -> moved(a, a.available().plus(e.amount()), index);
            case GrantCredited e -> moved(a, a.available().plus(e.amount()), index);
            case FundsStaked e -> moved(a, a.available().minus(e.amount()), index);
            case StakeReturned e -> moved(a, a.available().plus(e.amount()), index);
            case CaseBondHeld e -> moved(a, a.available().minus(e.amount()), index);
            case CaseShareCredited e -> moved(a, a.available().plus(e.amount()), index);
            case SessionKeyAuthorised e -> seen(a, index);
            case SessionKeyRevoked e -> seen(a, index);
        };
    }

    private static AccountView held(AccountView a, Ath amount, long index) {
        return new AccountView(
                a.wallet(),
                a.available().minus(amount),
                a.held().plus(amount),
                a.vesting(),
                a.deposited(),
                a.earned(),
                a.spent(),
                a.withdrawn(),
                index);
    }

    private static AccountView settled(AccountView a, HoldSettled e, long index) {
        Ath cost = Ath.sum(e.lines().stream().map(HoldLine::cost).toList());
        Ath release = Ath.sum(e.lines().stream().map(HoldLine::release).toList());
        return new AccountView(
                a.wallet(),
                a.available().plus(release),
                a.held().minus(cost.plus(release)),
                a.vesting(),
                a.deposited(),
                a.earned(),
                a.spent().plus(cost),
                a.withdrawn(),
                index);
    }

    private static AccountView vested(AccountView a, EarningsVested e, long index) {
        return vesting(
                a,
                a.available().minus(e.credited()).plus(e.freed()),
                a.vesting().plus(e.credited()).minus(e.freed()),
                index);
    }

    private static AccountView vesting(AccountView a, Ath available, Ath vesting, long index) {
        return new AccountView(
                a.wallet(), available, a.held(), vesting, a.deposited(), a.earned(), a.spent(), a.withdrawn(), index);
    }

    private static AccountView earned(AccountView a, EarningsCredited e, long index) {
        Ath amount = Ath.sum(e.lines().stream().map(EarningLine::amount).toList());
        return new AccountView(
                a.wallet(),
                a.available().plus(amount),
                a.held(),
                a.vesting(),
                a.deposited(),
                a.earned().plus(amount),
                a.spent(),
                a.withdrawn(),
                index);
    }

    private static AccountView seen(AccountView a, long index) {
        return moved(a, a.available(), index);
    }

    /** Between the account and a stake pool. */
    private static AccountView moved(AccountView a, Ath available, long index) {
        return new AccountView(
                a.wallet(),
                available,
                a.held(),
                a.vesting(),
                a.deposited(),
                a.earned(),
                a.spent(),
                a.withdrawn(),
                index);
    }

    private static void post(Posting posting, int line, Event event, long index, Rows rows) {
        String from = posting.from().toString();
        String to = posting.to().toString();
        String name = EventCatalogue.nameOf(event.getClass());
        rows.add(LINE, new LedgerLine(index, line, name, from, to, posting.amount(), event.at()));
        LedgerBalance sender = balance(from, rows);
        rows.put(
                BALANCE,
                new LedgerBalance(
                        from, sender.received(), sender.sent().plus(posting.amount()), Math.max(sender.asOf(), index)));
        LedgerBalance receiver = balance(to, rows);
        rows.put(
                BALANCE,
                new LedgerBalance(
                        to,
                        receiver.received().plus(posting.amount()),
                        receiver.sent(),
                        Math.max(receiver.asOf(), index)));
    }

    private static LedgerBalance balance(String account, Rows rows) {
        LedgerBalance balance = rows.find(BALANCE, account);
        return balance == null ? new LedgerBalance(account, Ath.ZERO, Ath.ZERO, 0) : balance;
    }
}
