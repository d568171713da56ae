package io.athanor.domain.account;

import io.athanor.domain.account.AccountCommand.AuthorizeSessionKey;
import io.athanor.domain.account.AccountCommand.CheckSigner;
import io.athanor.domain.account.AccountCommand.CreditCanaries;
import io.athanor.domain.account.AccountCommand.CreditCaseShare;
import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.CreditGrant;
import io.athanor.domain.account.AccountCommand.CreditStake;
import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.account.AccountCommand.HoldFunds;
import io.athanor.domain.account.AccountCommand.LodgeDeposit;
import io.athanor.domain.account.AccountCommand.RaiseHold;
import io.athanor.domain.account.AccountCommand.RecordPayout;
import io.athanor.domain.account.AccountCommand.ReleaseEarnings;
import io.athanor.domain.account.AccountCommand.RequestWithdrawal;
import io.athanor.domain.account.AccountCommand.ReturnDeposit;
import io.athanor.domain.account.AccountCommand.RevokeSessionKey;
import io.athanor.domain.account.AccountCommand.SettleAccount;
import io.athanor.domain.account.AccountCommand.SlashVesting;
import io.athanor.domain.account.AccountCommand.StakeFunds;
import io.athanor.domain.account.AccountCommand.VestEarnings;
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
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A wallet's money inside Athanor: nobody spends what they do not have.
 *
 * <p>Invariant: {@code available} and every hold are never negative (an {@link Ath} cannot be), a hold leaves only
 * by settlement, and an epoch is settled at most once. Amounts in wei.
 *
 * @param holds what is set aside, by job; empty holds are removed; a change shares all but a few of them
 * @param spentByKey what each session key has held so far
 * @param withdrawn cumulative requested withdrawals
 * @param paid of them what the vault has paid out, never more
 * @param lastDeposit the number of the newest deposit of the vault that was credited here
 * @param lastEpoch the newest settled epoch, -1 before the first
 * @param vesting emission that is not available yet
 */
public record Account(
        Ath available,
        Map<JobId, Ath> holds,
        Map<Wallet, SessionKey> keys,
        Map<Wallet, Ath> spentByKey,
        Ath withdrawn,
        Ath paid,
        long lastDeposit,
        long lastEpoch,
        Vesting vesting)
        implements State<Account, AccountCommand, AccountEvent> {
    public static final Account EMPTY =
            new Account(Ath.ZERO, Map.of(), Map.of(), Map.of(), Ath.ZERO, Ath.ZERO, 0, -1, Vesting.NONE);

    public Account {
        holds = PersistentMap.copyOf(holds);
        keys = Map.copyOf(keys);
        spentByKey = Map.copyOf(spentByKey);
    }

    /** Everything the account owns: available, held and vesting. */
    public Ath total() {
        return available.plus(Ath.sum(holds.values())).plus(vesting.locked());
    }

    @Override
    public List<AccountEvent> decide(AccountCommand command) {
        return switch (command) {
            case CreditDeposit c -> creditDeposit(c);
            case HoldFunds c -> HoldDecisions.hold(this, c);
            case RaiseHold c -> HoldDecisions.raise(this, c);
            case SettleAccount c -> settle(c);
            case VestEarnings c -> vest(c);
            case ReleaseEarnings c -> {
                Ath due = vesting.due(c.day());
                yield due.isZero() ? List.of() : List.of(vesting.freed(c.wallet(), c.day(), due, c.at()));
            }
            case SlashVesting c -> vesting.slash(c);
            case AuthorizeSessionKey c -> authorise(c);
            case RevokeSessionKey c -> revoke(c);
            case CheckSigner c -> {
                c.authorization().requireFor(c.wallet());
                requireSigner(c.authorization(), c.scope(), Ath.ZERO, c.at());
                yield List.of();
            }
            case RequestWithdrawal c -> withdraw(c);
            case RecordPayout c -> payOut(c);
            case HoldCaseBond c -> {
                c.authorization().requireBy(c.wallet());
                requireAvailable(c.amount());
                yield List.of(new CaseBondHeld(c.wallet(), c.penaltyCase(), c.amount(), c.authorization(), c.at()));
            }
            case CreditCaseShare c ->
                c.amount().isZero()
                        ? List.of()
                        : List.of(new CaseShareCredited(c.wallet(), c.penaltyCase(), c.amount(), c.at()));
            case StakeFunds c -> stake(c);
            case LodgeDeposit c -> lodge(c);
            case ReturnDeposit c ->
                c.amount().isZero()
                        ? List.of()
                        : List.of(new DepositReturned(c.wallet(), c.proposal(), c.amount(), c.at()));
            case CreditCanaries c ->
                c.amount().isZero()
                        ? List.of()
                        : List.of(new CanariesCredited(c.wallet(), c.epoch(), c.amount(), c.at()));
            case CreditGrant c ->
                List.of(new GrantCredited(c.wallet(), c.proposal(), c.milestone(), c.amount(), c.at()));
            case CreditStake c ->
                c.amount().isZero() ? List.of() : List.of(new StakeReturned(c.wallet(), c.pool(), c.amount(), c.at()));
        };
    }

    private List<AccountEvent> creditDeposit(CreditDeposit c) {
        if (c.number() <= lastDeposit) {
            return List.of();
        }
        return List.of(new DepositCredited(c.wallet(), c.number(), c.amount(), c.transaction(), c.block(), c.at()));
    }

    /** The signer is the wallet, or a session key in force with the scope and enough of its limit left. */
    public void requireSigner(Authorization authorization, Scope scope, Ath amount, Instant at) {
        if (!authorization.bySessionKey()) {
            return;
        }
        SessionKey key = keys.get(authorization.signer());
        boolean inForce = key != null && key.scopes().contains(scope) && at.isBefore(key.expiresAt());
        if (key == null || !inForce) {
            throw new Refused(
                    Reason.SESSION_KEY_NOT_AUTHORISED, authorization.signer() + " may not sign " + scope + " now");
        }
        Ath spent = spentByKey.getOrDefault(key.key(), Ath.ZERO).plus(amount);
        Refused.unless(
                key.limit().covers(spent),
                Reason.SESSION_KEY_LIMIT,
                "the key's limit is " + key.limit().display());
    }

    private void requireHeld(JobId job, Ath amount) {
        Ath held = holds.getOrDefault(job, Ath.ZERO);
        Refused.unless(held.covers(amount), Reason.WRONG_STATE, "job " + job + " holds " + held + ", not " + amount);
    }

    private List<AccountEvent> settle(SettleAccount c) {
        if (c.epoch() <= lastEpoch) {
            return List.of();
        }
        Map<JobId, Ath> needed = new HashMap<>();
        c.holds().forEach(l -> needed.merge(l.task().job(), l.cost().plus(l.release()), Ath::plus));
        needed.forEach(this::requireHeld);
        List<AccountEvent> events = new ArrayList<>(2);
        if (!c.holds().isEmpty()) {
            events.add(new HoldSettled(c.wallet(), c.epoch(), c.holds(), c.at()));
        }
        if (!c.earnings().isEmpty()) {
            events.add(new EarningsCredited(c.wallet(), c.epoch(), c.earnings(), c.at()));
        }
        return events;
    }

    /** What is due of it at once is never locked. */
    private List<AccountEvent> vest(VestEarnings c) {
        if (c.epoch() <= vesting.lastEpoch() || c.credited().isZero()) {
            return List.of();
        }
        requireAvailable(c.credited());
        Vesting after = vesting.credited(c.credited(), c.day(), c.days(), c.epoch());
        return List.of(vested(c.wallet(), after, c.day(), c.credited(), after.due(c.day()), c.at()));
    }

    private static EarningsVested vested(Wallet wallet, Vesting after, long day, Ath credited, Ath freed, Instant at) {
        return new EarningsVested(wallet, after.lastEpoch(), day, after.days(), credited, freed, at);
    }

    private List<AccountEvent> authorise(AuthorizeSessionKey c) {
        c.authorization().requireBy(c.wallet());
        Refused.unless(
                keys.size() < Limits.SESSION_KEYS || keys.containsKey(c.key().key()),
                Reason.LIMIT_REACHED,
                "an account has at most " + Limits.SESSION_KEYS + " session keys");
        Refused.unless(c.at().isBefore(c.key().expiresAt()), Reason.INVALID_SPEC, "expiresAt lies in the past");
        if (c.key().equals(keys.get(c.key().key()))) {
            return List.of();
        }
        return List.of(new SessionKeyAuthorised(c.wallet(), c.key(), c.authorization(), c.at()));
    }

    private List<AccountEvent> revoke(RevokeSessionKey c) {
        c.authorization().requireBy(c.wallet());
        return keys.containsKey(c.key())
                ? List.of(new SessionKeyRevoked(c.wallet(), c.key(), c.authorization(), c.at()))
                : List.of();
    }

    private List<AccountEvent> stake(StakeFunds c) {
        c.authorization().requireBy(c.wallet());
        requireAvailable(c.amount());
        return List.of(new FundsStaked(c.wallet(), c.pool(), c.amount(), c.authorization(), c.at()));
    }

    private List<AccountEvent> lodge(LodgeDeposit c) {
        c.authorization().requireBy(c.wallet());
        if (c.amount().isZero()) {
            return List.of();
        }
        requireAvailable(c.amount());
        return List.of(new DepositLodged(c.wallet(), c.proposal(), c.amount(), c.authorization(), c.at()));
    }

    private void requireAvailable(Ath amount) {
        Refused.unless(!amount.isZero(), Reason.INVALID_SPEC, "amount must be above zero");
        // The sentence is made where it is needed alone: each account of an epoch comes by here.
        if (!available.covers(amount)) {
            throw new Refused(
                    Reason.INSUFFICIENT_FUNDS, available.display() + " is available, not " + amount.display());
        }
    }

    private List<AccountEvent> withdraw(RequestWithdrawal c) {
        c.authorization().requireBy(c.wallet());
        requireAvailable(c.amount());
        return List.of(
                new WithdrawalRequested(c.wallet(), c.amount(), withdrawn.plus(c.amount()), c.authorization(), c.at()));
    }

    /** The vault's word stands; more than was asked for is nothing that this account can take. */
    private List<AccountEvent> payOut(RecordPayout c) {
        if (paid.covers(c.paid())) {
            return List.of();
        }
        Refused.unless(
                withdrawn.covers(c.paid()),
                Reason.WRONG_STATE,
                c.wallet() + " asked for " + withdrawn + " wei in all and was paid " + c.paid());
        return List.of(
                new WithdrawalPaid(c.wallet(), c.paid().minus(paid), c.paid(), c.transaction(), c.block(), c.at()));
    }

    @Override
    public Account evolve(AccountEvent event) {
        return switch (event) {
            case DepositCredited e ->
                new Account(
                        available.plus(e.amount()),
                        holds,
                        keys,
                        spentByKey,
                        withdrawn,
                        paid,
                        e.number(),
                        lastEpoch,
                        vesting);
            case FundsHeld e -> held(e.job(), e.amount(), e.amount(), e.authorization());
            case HoldRaised e -> held(e.job(), e.amount(), e.added(), e.authorization());
            case HoldSettled e -> settled(e);
            case EarningsCredited e ->
                withAvailable(
                        available.plus(Ath.sum(
                                e.lines().stream().map(EarningLine::amount).toList())),
                        e.epoch());
            case EarningsVested e ->
                withVesting(
                        available.minus(e.credited()).plus(e.freed()),
                        vesting.credited(e.credited(), e.day(), e.days(), e.epoch())
                                .released(e.freed()));
            case VestingSlashed e -> withVesting(available, vesting.without(e.penaltyCase(), e.taken()));
            case SessionKeyAuthorised e -> withKeys(plus(keys, e.key().key(), e.key()));
            case SessionKeyRevoked e -> withKeys(without(keys, e.key()));
            case FundsStaked e -> withAvailable(available.minus(e.amount()), lastEpoch);
            case DepositLodged e -> withAvailable(available.minus(e.amount()), lastEpoch);
            case DepositReturned e -> withAvailable(available.plus(e.amount()), lastEpoch);
            case CanariesCredited e -> withAvailable(available.plus(e.amount()), lastEpoch);
            case GrantCredited e -> withAvailable(available.plus(e.amount()), lastEpoch);
            case StakeReturned e -> withAvailable(available.plus(e.amount()), lastEpoch);
            case CaseBondHeld e -> withAvailable(available.minus(e.amount()), lastEpoch);
            case CaseShareCredited e -> withAvailable(available.plus(e.amount()), lastEpoch);
            case WithdrawalRequested e ->
                new Account(
                        available.minus(e.amount()),
                        holds,
                        keys,
                        spentByKey,
                        e.cumulative(),
                        paid,
                        lastDeposit,
                        lastEpoch,
                        vesting);
            case WithdrawalPaid e ->
                new Account(available, holds, keys, spentByKey, withdrawn, e.paid(), lastDeposit, lastEpoch, vesting);
        };
    }

    private Account held(JobId job, Ath amount, Ath added, Authorization by) {
        Map<Wallet, Ath> spent = by.bySessionKey()
                ? plus(
                        spentByKey,
                        by.signer(),
                        spentByKey.getOrDefault(by.signer(), Ath.ZERO).plus(added))
                : spentByKey;
        return new Account(
                available.minus(added),
                PersistentMap.copyOf(holds).with(job, amount),
                keys,
                spent,
                withdrawn,
                paid,
                lastDeposit,
                lastEpoch,
                vesting);
    }

    private Account settled(HoldSettled e) {
        PersistentMap<JobId, Ath> left = PersistentMap.copyOf(holds);
        Ath back = Ath.ZERO;
        for (HoldLine line : e.lines()) {
            back = back.plus(line.release());
            JobId job = line.task().job();
            Ath rest = left.getOrDefault(job, Ath.ZERO).minus(line.cost().plus(line.release()));
            left = rest.isZero() ? left.without(job) : left.with(job, rest);
        }
        return new Account(
                available.plus(back), left, keys, spentByKey, withdrawn, paid, lastDeposit, e.epoch(), vesting);
    }

    private Account withAvailable(Ath amount, long epoch) {
        return new Account(amount, holds, keys, spentByKey, withdrawn, paid, lastDeposit, epoch, vesting);
    }

    private Account withVesting(Ath amount, Vesting next) {
        return new Account(amount, holds, keys, spentByKey, withdrawn, paid, lastDeposit, lastEpoch, next);
    }

    private Account withKeys(Map<Wallet, SessionKey> newKeys) {
        return new Account(available, holds, newKeys, spentByKey, withdrawn, paid, lastDeposit, lastEpoch, vesting);
    }

    private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
        Map<K, V> copy = new HashMap<>(map);
        copy.put(key, value);
        return copy;
    }

    private static <K, V> Map<K, V> without(Map<K, V> map, K key) {
        Map<K, V> copy = new HashMap<>(map);
        copy.remove(key);
        return copy;
    }
}
