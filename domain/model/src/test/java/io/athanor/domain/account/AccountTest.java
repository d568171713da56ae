package io.athanor.domain.account;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountCommand.AuthorizeSessionKey;
import io.athanor.domain.account.AccountCommand.CheckSigner;
import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.HoldFunds;
import io.athanor.domain.account.AccountCommand.RaiseHold;
import io.athanor.domain.account.AccountCommand.RecordPayout;
import io.athanor.domain.account.AccountCommand.RequestWithdrawal;
import io.athanor.domain.account.AccountCommand.RevokeSessionKey;
import io.athanor.domain.account.AccountCommand.SettleAccount;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccountTest {
    private final Samples samples = new Samples(1);
    private final Wallet wallet = samples.wallet();
    private final Wallet key = samples.wallet();
    private final JobId job = samples.job();
    private final Hash32 transaction = samples.hash();
    private final Authorization signed = samples.authorization(wallet);
    private final Authorization byKey = samples.authorization(wallet, key);
    private final Scenario<Account, AccountCommand, AccountEvent> empty = Scenario.account();
    private final Scenario<Account, AccountCommand, AccountEvent> rich =
            empty.given(new DepositCredited(wallet, 5, ath(100), transaction, 12, at(0)));

    private static Ath ath(long whole) {
        return Ath.ofWhole(whole);
    }

    private CreditDeposit deposit(long number) {
        return new CreditDeposit(wallet, number, ath(10), transaction, 12, at(1));
    }

    private HoldFunds hold(JobId id, long whole, Authorization authorization) {
        return new HoldFunds(wallet, id, ath(whole), authorization, at(2));
    }

    private SessionKey sessionKey(long limit, Scope... scopes) {
        return new SessionKey(key, ath(limit), Set.of(scopes), at(1_000));
    }

    @Test
    void aDepositIsCreditedOnce() {
        var after = empty.when(deposit(5)).events(new DepositCredited(wallet, 5, ath(10), transaction, 12, at(1)));
        assertThat(after.state().available()).isEqualTo(ath(10));
        after.when(deposit(5)).nothing();
        after.when(deposit(4)).nothing();
        after.when(deposit(6)).events(new DepositCredited(wallet, 6, ath(10), transaction, 12, at(1)));
    }

    @Test
    void fundsAreHeldOnceForAJob() {
        var after = rich.when(hold(job, 60, signed)).events(new FundsHeld(wallet, job, ath(60), signed, at(2)));
        assertThat(after.state().available()).isEqualTo(ath(40));
        assertThat(after.state().total()).isEqualTo(ath(100));
        after.when(hold(job, 60, signed)).nothing();
        after.when(hold(job, 61, signed)).refused(Reason.ID_TAKEN);
        after.when(hold(job, 59, signed)).nothing();
    }

    @Test
    void nobodySpendsWhatTheyDoNotHave() {
        rich.when(hold(job, 101, signed)).refused(Reason.INSUFFICIENT_FUNDS, "101 ATH", "100 ATH is available");
        rich.when(hold(job, 100, signed)).events(new FundsHeld(wallet, job, ath(100), signed, at(2)));
    }

    @Test
    void aHoldOfNothingIsRefused() {
        rich.when(hold(job, 0, signed)).refused(Reason.INVALID_SPEC);
    }

    @Test
    void aHoldSignedForAnotherWalletIsRefused() {
        rich.when(hold(job, 1, samples.authorization(key))).refused(Reason.NOT_ALLOWED);
    }

    @Test
    void anAccountHasAtMostSoManyOpenJobs() {
        Map<JobId, Ath> holds = new HashMap<>();
        while (holds.size() < Limits.OPEN_JOBS_PER_ACCOUNT) {
            holds.put(samples.job(), Ath.ofWei(1));
        }
        Account full = new Account(ath(100), holds, Map.of(), Map.of(), Ath.ZERO, Ath.ZERO, 5, -1, Vesting.NONE);
        assertThatThrownBy(() -> full.decide(hold(job, 1, signed)))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.LIMIT_REACHED));
        holds.remove(holds.keySet().iterator().next());
        Account almost = new Account(ath(100), holds, Map.of(), Map.of(), Ath.ZERO, Ath.ZERO, 5, -1, Vesting.NONE);
        assertThat(almost.decide(hold(job, 1, signed))).hasSize(1);
    }

    @Test
    void aSessionKeyHoldsWithinItsLimitAndScope() {
        var keyed = rich.given(new SessionKeyAuthorised(wallet, sessionKey(50, Scope.SUBMIT_JOB), signed, at(0)));
        var once = keyed.when(hold(job, 30, byKey)).events(new FundsHeld(wallet, job, ath(30), byKey, at(2)));
        once.when(hold(samples.job(), 21, byKey)).refused(Reason.SESSION_KEY_LIMIT, "50 ATH");
        JobId second = samples.job();
        once.when(hold(second, 20, byKey)).events(new FundsHeld(wallet, second, ath(20), byKey, at(2)));
        rich.when(hold(job, 1, byKey)).refused(Reason.SESSION_KEY_NOT_AUTHORISED);
        rich.given(new SessionKeyAuthorised(wallet, sessionKey(50, Scope.CANCEL_JOB), signed, at(0)))
                .when(hold(job, 1, byKey))
                .refused(Reason.SESSION_KEY_NOT_AUTHORISED, "SUBMIT_JOB");
    }

    @Test
    void aSessionKeyExpires() {
        var keyed = rich.given(new SessionKeyAuthorised(wallet, sessionKey(50, Scope.SUBMIT_JOB), signed, at(0)));
        keyed.when(new HoldFunds(wallet, job, ath(1), byKey, at(1_000))).refused(Reason.SESSION_KEY_NOT_AUTHORISED);
        keyed.when(new HoldFunds(wallet, job, ath(1), byKey, at(999)))
                .events(new FundsHeld(wallet, job, ath(1), byKey, at(999)));
    }

    @Test
    void theSignerOfACancellationIsChecked() {
        var keyed = rich.given(new SessionKeyAuthorised(wallet, sessionKey(50, Scope.CANCEL_JOB), signed, at(0)));
        keyed.when(new CheckSigner(wallet, Scope.CANCEL_JOB, byKey, at(2))).nothing();
        rich.when(new CheckSigner(wallet, Scope.CANCEL_JOB, signed, at(2))).nothing();
        rich.when(new CheckSigner(wallet, Scope.CANCEL_JOB, byKey, at(2))).refused(Reason.SESSION_KEY_NOT_AUTHORISED);
        Authorization byOther = samples.authorization(samples.wallet());
        rich.when(new CheckSigner(wallet, Scope.CANCEL_JOB, byOther, at(2))).refused(Reason.NOT_ALLOWED);
    }

    @Test
    void onlyTheWalletAuthorisesAndRevokesKeys() {
        SessionKey sessionKey = sessionKey(50, Scope.SUBMIT_JOB);
        var keyed = rich.when(new AuthorizeSessionKey(wallet, sessionKey, signed, at(1)))
                .events(new SessionKeyAuthorised(wallet, sessionKey, signed, at(1)));
        keyed.when(new AuthorizeSessionKey(wallet, sessionKey, signed, at(1))).nothing();
        keyed.when(new AuthorizeSessionKey(wallet, sessionKey, byKey, at(1))).refused(Reason.NOT_ALLOWED);
        keyed.when(new RevokeSessionKey(wallet, key, byKey, at(2))).refused(Reason.NOT_ALLOWED);
        var revoked = keyed.when(new RevokeSessionKey(wallet, key, signed, at(2)))
                .events(new SessionKeyRevoked(wallet, key, signed, at(2)));
        revoked.when(new RevokeSessionKey(wallet, key, signed, at(2))).nothing();
        revoked.when(hold(job, 1, byKey)).refused(Reason.SESSION_KEY_NOT_AUTHORISED);
    }

    @Test
    void revokingOneKeyLeavesTheOthers() {
        SessionKey one = sessionKey(50, Scope.SUBMIT_JOB);
        SessionKey two = new SessionKey(samples.wallet(), one.limit(), one.scopes(), one.expiresAt());
        var both = rich.done(
                new AuthorizeSessionKey(wallet, one, signed, at(1)),
                new AuthorizeSessionKey(wallet, two, signed, at(1)));
        assertThat(both.done(new RevokeSessionKey(wallet, two.key(), signed, at(2)))
                        .state()
                        .keys())
                .containsExactly(Map.entry(one.key(), one));
    }

    @Test
    void aKeyThatHasExpiredOrIsOneTooManyIsRefused() {
        SessionKey late = new SessionKey(key, ath(1), Set.of(Scope.SUBMIT_JOB), at(5));
        rich.when(new AuthorizeSessionKey(wallet, late, signed, at(5))).refused(Reason.INVALID_SPEC, "expiresAt");
        var full = rich;
        for (int i = 0; i < Limits.SESSION_KEYS; i++) {
            SessionKey other = new SessionKey(samples.wallet(), ath(1), Set.of(Scope.SUBMIT_JOB), at(9));
            full = full.given(new SessionKeyAuthorised(wallet, other, signed, at(0)));
        }
        full.when(new AuthorizeSessionKey(wallet, late, signed, at(1))).refused(Reason.LIMIT_REACHED);
    }

    @Test
    void anEpochIsSettledOnce() {
        var held = rich.given(new FundsHeld(wallet, job, ath(60), signed, at(2)));
        List<HoldLine> holds = List.of(new HoldLine(job.task(0), ath(45), ath(15)));
        List<EarningLine> earnings = List.of(new EarningLine(EarningLine.Kind.HOST_FEE, "x", ath(7)));
        SettleAccount settle = new SettleAccount(wallet, 3, holds, earnings, at(9));
        var settled = held.when(settle)
                .events(new HoldSettled(wallet, 3, holds, at(9)), new EarningsCredited(wallet, 3, earnings, at(9)));
        assertThat(settled.state().available()).isEqualTo(ath(62));
        assertThat(settled.state().holds()).isEmpty();
        settled.when(settle).nothing();
        settled.when(new SettleAccount(wallet, 2, holds, earnings, at(9))).nothing();
    }

    @Test
    void moreThanTheHoldIsNeverSettled() {
        var held = rich.given(new FundsHeld(wallet, job, ath(60), signed, at(2)));
        List<HoldLine> tooMuch =
                List.of(new HoldLine(job.task(0), ath(45), ath(15)), new HoldLine(job.task(1), ath(1), ath(0)));
        held.when(new SettleAccount(wallet, 3, tooMuch, List.of(), at(9))).refused(Reason.WRONG_STATE);
        rich.when(new SettleAccount(wallet, 3, tooMuch, List.of(), at(9))).refused(Reason.WRONG_STATE);
    }

    @Test
    void aWithdrawalTakesWhatIsAvailable() {
        var after = rich.when(new RequestWithdrawal(wallet, ath(60), signed, at(3)))
                .events(new WithdrawalRequested(wallet, ath(60), ath(60), signed, at(3)));
        after.when(new RequestWithdrawal(wallet, ath(41), signed, at(4))).refused(Reason.INSUFFICIENT_FUNDS);
        var all = after.when(new RequestWithdrawal(wallet, ath(40), signed, at(4)))
                .events(new WithdrawalRequested(wallet, ath(40), ath(100), signed, at(4)));
        assertThat(all.state().total()).isEqualTo(Ath.ZERO);
        rich.when(new RequestWithdrawal(wallet, Ath.ZERO, signed, at(3))).refused(Reason.INVALID_SPEC);
        rich.when(new RequestWithdrawal(wallet, ath(1), byKey, at(3))).refused(Reason.NOT_ALLOWED);
    }

    @Test
    void aPayoutIsTakenOnceAndNeverAboveWhatWasAskedFor() {
        var asked = rich.done(new RequestWithdrawal(wallet, ath(60), signed, at(3)));
        RecordPayout first = new RecordPayout(wallet, ath(25), Hash32.ZERO, 9, at(4));
        asked.when(first)
                .events(new WithdrawalPaid(wallet, ath(25), ath(25), Hash32.ZERO, 9, at(4)))
                .when(first)
                .nothing();
        var paid = asked.done(first);
        paid.when(new RecordPayout(wallet, ath(60), Hash32.ZERO, 10, at(5)))
                .events(new WithdrawalPaid(wallet, ath(35), ath(60), Hash32.ZERO, 10, at(5)));
        paid.when(new RecordPayout(wallet, ath(61), Hash32.ZERO, 10, at(5))).refused(Reason.WRONG_STATE);
    }

    private RaiseHold raise(long from, long to, Authorization by) {
        return new RaiseHold(wallet, job, ath(from), ath(to), by, at(3));
    }

    @Test
    void aHoldIsRaisedByWhatIsAvailableFromWhatItIs() {
        var held = rich.done(hold(job, 60, signed));
        var after =
                held.when(raise(60, 90, signed)).events(new HoldRaised(wallet, job, ath(60), ath(90), signed, at(3)));
        assertThat(after.state().available()).isEqualTo(ath(10));
        assertThat(after.state().total()).isEqualTo(ath(100));
        after.when(raise(60, 90, signed)).nothing();
        after.when(raise(60, 95, signed)).refused(Reason.WRONG_STATE);
        held.when(raise(60, 101, signed)).refused(Reason.INSUFFICIENT_FUNDS, "41 ATH", "40 ATH is available");
        held.when(raise(60, 59, signed)).refused(Reason.WRONG_STATE);
        rich.when(raise(0, 10, signed)).refused(Reason.WRONG_STATE);
    }
}
