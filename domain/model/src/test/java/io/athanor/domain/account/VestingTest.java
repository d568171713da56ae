package io.athanor.domain.account;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.ReleaseEarnings;
import io.athanor.domain.account.AccountCommand.RequestWithdrawal;
import io.athanor.domain.account.AccountCommand.SettleAccount;
import io.athanor.domain.account.AccountCommand.SlashVesting;
import io.athanor.domain.account.AccountCommand.VestEarnings;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Emission becomes available in three parts; what is due, and when. */
class VestingTest {
    private static final Samples SAMPLES = new Samples(60);
    private static final Wallet WALLET = SAMPLES.wallet();
    private static final int DAYS = 180;
    private static final int HISTORIES = 2_000;

    private static SettleAccount earn(long epoch, long wei) {
        EarningLine line = new EarningLine(EarningLine.Kind.PROOF_OF_CAPACITY, "machine", Ath.ofWei(wei));
        return new SettleAccount(WALLET, epoch, List.of(), List.of(line), at(epoch));
    }

    private static VestEarnings vest(long epoch, long wei, long day) {
        return new VestEarnings(WALLET, epoch, Ath.ofWei(wei), DAYS, day, at(epoch));
    }

    private static EarningsVested vested(long epoch, long day, long credited, long freed) {
        return new EarningsVested(WALLET, epoch, day, DAYS, Ath.ofWei(credited), Ath.ofWei(freed), at(epoch));
    }

    @Test
    void threeTenthsAtOnceThreeHalfwayTheRestAtTheEnd() {
        var earned = Scenario.account().done(earn(1, 1_001));
        earned.when(vest(1, 1_001, 10)).events(vested(1, 10, 1_001, 300));
        var locked = earned.done(vest(1, 1_001, 10));
        locked.when(new ReleaseEarnings(WALLET, 99, at(1))).nothing();
        locked.when(new ReleaseEarnings(WALLET, 100, at(1))).events(vested(1, 100, 0, 300));
        locked.when(new ReleaseEarnings(WALLET, 190, at(1))).events(vested(1, 190, 0, 701));
        locked.done(new ReleaseEarnings(WALLET, 190, at(1)))
                .when(new ReleaseEarnings(WALLET, 500, at(1)))
                .nothing();
    }

    @Test
    void anEpochIsLockedOnce() {
        var locked = Scenario.account().done(earn(1, 1_000), vest(1, 1_000, 10));
        locked.when(vest(1, 1_000, 10)).nothing();
        locked.done(earn(2, 500)).when(vest(2, 500, 10)).events(vested(2, 10, 500, 150));
    }

    @Test
    void whatIsLockedCannotBeWithdrawnAndWhatIsFreeCan() {
        var locked = Scenario.account().done(earn(1, 1_000), vest(1, 1_000, 10));
        locked.when(withdraw(301)).refused(Reason.INSUFFICIENT_FUNDS);
        locked.done(withdraw(300)).when(withdraw(1)).refused(Reason.INSUFFICIENT_FUNDS);
        var freed = locked.done(new ReleaseEarnings(WALLET, 100, at(1)), withdraw(301));
        assertThat(freed.state().withdrawn()).isEqualTo(Ath.ofWei(301));
    }

    private static RequestWithdrawal withdraw(long wei) {
        return new RequestWithdrawal(WALLET, Ath.ofWei(wei), SAMPLES.authorization(WALLET), at(1));
    }

    private static SlashVesting slash(CaseId penaltyCase, long wei, long day) {
        return new SlashVesting(WALLET, penaltyCase, Ath.ofWei(wei), day, at(1));
    }

    private static VestingSlashed slashed(SlashVesting command, long taken) {
        return new VestingSlashed(
                WALLET, command.penaltyCase(), command.asked(), command.day(), Ath.ofWei(taken), at(1));
    }

    @Test
    void aPenaltyTakesWhatIsLockedTheNewestFirstAndOnce() {
        SlashVesting one = slash(new CaseId(SAMPLES.uuid()), 400, 20);
        SlashVesting all = slash(new CaseId(SAMPLES.uuid()), 5_000, 20);
        SlashVesting more = slash(new CaseId(SAMPLES.uuid()), 5, 20);
        var locked = Scenario.account().done(earn(1, 1_000), vest(1, 1_000, 10), earn(2, 500), vest(2, 500, 20));
        locked.when(one).events(slashed(one, 400));
        var after = locked.done(one);
        after.when(one).nothing();
        assertThat(after.state().vesting().locked()).isEqualTo(Ath.ofWei(650));
        assertThat(after.state().available()).isEqualTo(Ath.ofWei(450));
        // Of the first credit everything is left, of the second its first hundred.
        after.when(new ReleaseEarnings(WALLET, 200, at(2))).events(vested(2, 200, 0, 650));
        after.when(all).events(slashed(all, 650));
        var nothing = after.done(all);
        nothing.when(new ReleaseEarnings(WALLET, 500, at(1))).nothing();
        nothing.when(more).events(slashed(more, 0));
    }

    @Test
    void whatIsDueIsFreedBeforeAPenaltyTakesTheRest() {
        SlashVesting halfway = slash(new CaseId(SAMPLES.uuid()), 5_000, 100);
        SlashVesting late = slash(new CaseId(SAMPLES.uuid()), 5_000, 190);
        var locked = Scenario.account().done(earn(1, 1_000), vest(1, 1_000, 10));
        locked.when(halfway).events(vested(1, 100, 0, 300), slashed(halfway, 400));
        locked.when(late).events(vested(1, 190, 0, 700), slashed(late, 0));
    }

    /** In any order of earning, freeing and penalties: what was credited is free, locked or taken. */
    @Test
    void penaltiesNeverTakeWhatIsFree() {
        Cases.forAll(HISTORIES, samples -> {
            Account account = Account.EMPTY;
            Ath credited = Ath.ZERO;
            Ath taken = Ath.ZERO;
            long day = 0;
            for (int epoch = 0; epoch < 30; epoch++) {
                day += samples.between(0, 60);
                Ath free = account.available();
                if (samples.chance(30)) {
                    Ath before = account.vesting().locked();
                    account = after(account, slash(new CaseId(samples.uuid()), samples.between(1, 900), day));
                    Ath gone = before.minus(account.vesting().locked());
                    taken = taken.plus(gone.minus(account.available().minus(free)));
                } else {
                    long wei = samples.between(1, 1_000);
                    account = after(account, earn(epoch, wei));
                    account = after(account, vest(epoch, wei, day));
                    credited = credited.plus(Ath.ofWei(wei));
                }
                assertThat(account.available().covers(free)).isTrue();
                assertThat(account.total().plus(taken)).isEqualTo(credited);
            }
            account = after(account, new ReleaseEarnings(WALLET, day + DAYS, at(0)));
            assertThat(account.vesting().locked()).isEqualTo(Ath.ZERO);
            assertThat(account.available().plus(taken)).isEqualTo(credited);
        });
    }

    @Test
    void nothingIsLockedThatWasNotCredited() {
        Scenario.account().done(earn(1, 10)).when(vest(1, 11, 1)).refused(Reason.INSUFFICIENT_FUNDS);
        Scenario.account().done(earn(1, 11)).when(vest(1, 11, 1)).events(vested(1, 1, 11, 3));
    }

    /** Against the formula over the whole list of credits, though the account forgets the days gone by. */
    @Test
    void agreesWithTheFormulaOverAllCredits() {
        Cases.forAll(HISTORIES, samples -> {
            Account account = Account.EMPTY;
            Map<Long, BigInteger> credits = new TreeMap<>();
            BigInteger freed = BigInteger.ZERO;
            int days = samples.between(1, 40);
            long day = 0;
            for (int epoch = 0; epoch < 30; epoch++) {
                day += samples.between(0, 6);
                long wei = samples.between(1, 1_000);
                account = after(account, earn(epoch, wei));
                account = after(account, new VestEarnings(WALLET, epoch, Ath.ofWei(wei), days, day, at(epoch)));
                credits.merge(day, BigInteger.valueOf(wei), BigInteger::add);
                freed = freed.max(free(credits, day, days));
                assertThat(account.vesting().freed().wei()).isEqualTo(freed);
                assertThat(account.available().plus(account.vesting().locked()).wei())
                        .isEqualTo(sum(credits, Long.MAX_VALUE));
            }
            account = after(account, new ReleaseEarnings(WALLET, day + days, at(0)));
            assertThat(account.vesting().locked()).isEqualTo(Ath.ZERO);
            assertThat(account.vesting().credited()).hasSizeLessThanOrEqualTo(days + 2);
        });
    }

    private static Account after(Account account, AccountCommand command) {
        Account now = account;
        for (AccountEvent event : account.decide(command)) {
            now = now.evolve(event);
        }
        return now;
    }

    private static BigInteger sum(Map<Long, BigInteger> credits, long day) {
        return credits.entrySet().stream()
                .filter(entry -> entry.getKey() <= day)
                .map(Map.Entry::getValue)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static BigInteger free(Map<Long, BigInteger> credits, long day, int days) {
        BigInteger old = sum(credits, day - days);
        BigInteger all = tenths(sum(credits, day))
                .add(tenths(sum(credits, day - days / 2)))
                .add(old.subtract(tenths(old).shiftLeft(1)));
        return all.min(sum(credits, Long.MAX_VALUE));
    }

    private static BigInteger tenths(BigInteger wei) {
        return wei.multiply(BigInteger.valueOf(3)).divide(BigInteger.TEN);
    }
}
