package io.athanor.audit;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.epoch.Payout;
import io.athanor.domain.epoch.PayoutTree;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PayoutCheckTest {
    private final Samples samples = new Samples(77);
    private final Wallet wallet = samples.wallet();
    private final World world = new World();
    private final PayoutCheck check = new PayoutCheck();
    private final List<String> problems = new ArrayList<>();

    private void happens(Event event) {
        check.look(world, event, problems::add);
        world.apply(event);
    }

    private static Ath wei(long wei) {
        return Ath.ofWei(wei);
    }

    private void asks(long amount, long cumulative) {
        Authorization signed = new Authorization(new CommandId(new UUID(1, 2)), wallet, wallet, at(9), "0x00");
        happens(new WithdrawalRequested(wallet, wei(amount), wei(cumulative), signed, at(1)));
    }

    private void closes(long epoch) {
        happens(new EpochClosed(epoch, new ChainHead(4, Hash32.ZERO), at(2)));
    }

    private Payout payout(long number, long amount) {
        return PayoutTree.of(Map.of(wallet, wei(amount)), Map.of()).payout(number, 4);
    }

    private void roots(long epoch, Payout payout) {
        happens(new WithdrawalsRooted(epoch, payout, at(3)));
    }

    private void pays(long amount, long paid) {
        happens(new WithdrawalPaid(wallet, wei(amount), wei(paid), Hash32.ZERO, 5, at(4)));
    }

    @BeforeEach
    void deposit() {
        happens(new ParametersActivated(1, SampleParameters.get(), 0, at(0)));
        happens(new DepositCredited(wallet, 1, wei(100), Hash32.ZERO, 1, at(0)));
        asks(30, 30);
    }

    @Test
    void theRootIsThatOfTheAccountsWhenTheEpochClosed() {
        closes(0);
        asks(5, 35);
        roots(0, payout(1, 30));
        pays(30, 30);
        closes(100_000);
        roots(100_000, payout(2, 35));
        pays(5, 35);
        assertThat(problems).isEmpty();
    }

    @Test
    void anotherAmountIsFound() {
        closes(0);
        roots(0, payout(1, 31));
        assertThat(problems).singleElement().asString().startsWith("the accounts give Payout[number=1, ");
    }

    @Test
    void aRootOutOfTurnIsFound() {
        closes(0);
        roots(0, payout(1, 30));
        closes(1);
        roots(1, payout(2, 30));
        assertThat(problems).containsExactly("no root of withdrawals was due when the epoch closed");
    }

    @Test
    void aRootThatWasLeftOutIsFoundWithTheNext() {
        closes(0);
        closes(100_000);
        roots(100_000, payout(2, 30));
        assertThat(problems).containsExactly("epoch 0 was left without its root");
    }

    @Test
    void aPaymentAboveTheRootIsFound() {
        closes(0);
        roots(0, payout(1, 30));
        asks(5, 35);
        pays(35, 35);
        assertThat(problems).containsExactly("the newest root allows the account 30");
    }
}
