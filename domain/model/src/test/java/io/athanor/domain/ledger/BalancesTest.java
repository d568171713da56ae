package io.athanor.domain.ledger;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class BalancesTest {
    private final Samples samples = new Samples(17);
    private final Wallet wallet = samples.wallet();
    private final LedgerAccount available = LedgerAccount.available(wallet);
    private final Balances balances = new Balances();

    @Test
    void whatIsInsideCameFromTheChain() {
        balances.apply(new DepositCredited(wallet, 1, Ath.ofWei(10), Hash32.ZERO, 1, at(0)));
        balances.apply(new FundsHeld(wallet, samples.job(), Ath.ofWei(10), samples.authorization(wallet), at(0)));
        assertThat(balances.balance(LedgerAccount.held(wallet))).isEqualTo(BigInteger.TEN);
        assertThat(balances.balance(LedgerAccount.EXTERNAL)).isEqualTo(BigInteger.TEN.negate());
        assertThat(balances.inside()).isEqualTo(Ath.ofWei(10));
        assertThat(balances.total()).isZero();
        assertThat(balances.all()).containsOnlyKeys(LedgerAccount.EXTERNAL, LedgerAccount.held(wallet));
    }

    @Test
    void noAccountOfAWalletIsOverdrawn() {
        Posting spend = new Posting(available, LedgerAccount.held(wallet), Ath.ofWei(1));
        assertThatThrownBy(() -> balances.apply(spend))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(available.toString());
        balances.apply(new Posting(LedgerAccount.EXTERNAL, available, Ath.ofWei(1)));
        assertThatCode(() -> balances.apply(spend)).doesNotThrowAnyException();
    }

    @Test
    void anEpochClosesWithNothingLeftInClearing() {
        EpochClosed closed = new EpochClosed(3, ChainHead.GENESIS, at(0));
        balances.apply(new Posting(LedgerAccount.EXTERNAL, LedgerAccount.clearing(3), Ath.ofWei(1)));
        assertThatThrownBy(() -> balances.apply(closed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("clearing:3 holds 1");
        balances.apply(new Posting(LedgerAccount.clearing(3), LedgerAccount.TREASURY, Ath.ofWei(1)));
        assertThatCode(() -> balances.apply(closed)).doesNotThrowAnyException();
    }
}
