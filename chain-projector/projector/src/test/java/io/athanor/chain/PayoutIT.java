package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.athanor.chain.MessageTables.State;
import io.athanor.contracts.Calls;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.KeySender;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.crypto.Wallets;
import io.athanor.domain.account.AccountCommand.RequestWithdrawal;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochCommand.CloseEpoch;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Payouts;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.view.WithdrawalView;
import io.athanor.domain.view.WithdrawalView.Claim;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A withdrawal's way out: asked for, rooted, cosigned, posted, claimed by proof, and taken into the log. */
@Tag("chain")
@Tag("postgres")
class PayoutIT {
    private static final PoolId POOL = PoolId.ofProvider(ChainWorld.wallet(4));
    private static final Wallet CLIENT = ChainWorld.wallet(12);
    private static final Wallet OTHER = ChainWorld.wallet(13);
    private static final Ath DEPOSIT = Ath.ofWhole(5_000);

    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();
    private final Payouts payouts = world.assembly(new ChainNode(world.web3j)).payouts();

    @BeforeEach
    void deposit() {
        world.begin(world.clock.instant());
        world.treasury.deposit(CLIENT, DEPOSIT);
        world.treasury.deposit(OTHER, DEPOSIT);
        world.mine(ChainWorld.FINAL);
        loop.tick();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void ask(Wallet wallet, long ath) {
        askWei(wallet, Ath.ofWhole(ath));
    }

    private void askWei(Wallet wallet, Ath amount) {
        Authorization signed = new Authorization(
                new CommandId(UUID.randomUUID()),
                wallet,
                wallet,
                world.clock.instant().plusSeconds(60),
                "0x00");
        world.log
                .send(Order.inside(
                        "test", null, List.of(new RequestWithdrawal(wallet, amount, signed, world.clock.instant()))))
                .join();
    }

    /** Settles an epoch with one batch and closes it. */
    private void settleAndClose(long epoch) {
        settlements.settle(epoch, 2);
        ChainHead head = settlements.head();
        world.log
                .send(Order.inside("test", null, List.of(new CloseEpoch(epoch, head, world.clock.instant()))))
                .join();
    }

    /** Until everything that is open is final. */
    private void untilFinal() {
        steps();
        assertThat(world.halted()).isEmpty();
        assertThat(world.tables.messages().open(9))
                .as(loop.waitingFor().toString())
                .isEmpty();
    }

    private void steps() {
        for (int i = 0; i < 12; i++) {
            loop.tick();
            for (int checker = 5; checker < 8; checker++) {
                world.cosign(checker);
            }
            world.mine(ChainWorld.FINAL);
        }
    }

    private void pass(Duration time) {
        world.rpc("evm_increaseTime", time.toSeconds());
        world.mine(1);
    }

    private Claim claim(Wallet wallet) {
        return Objects.requireNonNull(payouts.of(wallet).claim());
    }

    private void claim(int sender, WithdrawalView view) {
        Claim claim = claim(view.wallet());
        AthVault vault = Contracts.vault(world.contracts.vault(), world.web3j);
        new KeySender(world.web3j, Wallets.devnet(sender))
                .send(
                        claim.vault(),
                        vault.claim(
                                        BigInteger.valueOf(claim.number()),
                                        BigInteger.valueOf(claim.index()),
                                        view.wallet().address(),
                                        claim.cumulative().wei(),
                                        claim.proof().stream()
                                                .map(Hash32::bytes)
                                                .toList())
                                .encodeFunctionCall());
    }

    private Ath balance(Wallet wallet) {
        return new Ath(
                Calls.read(Contracts.token(world.contracts.token(), world.web3j).balanceOf(wallet.address())));
    }

    @Test
    void whatWasAskedForIsPaidAndBooked() {
        ask(CLIENT, 700);
        ask(OTHER, 40);
        assertThat(payouts.of(CLIENT).claim()).isNull();
        settleAndClose(0);
        ask(CLIENT, 5);
        untilFinal();

        assertThat(world.log.events(WithdrawalsRooted.class))
                .extracting(
                        e -> e.payout().total(),
                        e -> e.payout().count(),
                        e -> e.payout().seq())
                .containsExactly(tuple(Ath.ofWhole(740), 2, 1L));
        assertThat(world.log.events(WithdrawalsAnchored.class)).hasSize(1);
        WithdrawalView view = payouts.of(CLIENT);
        assertThat(view.requested()).isEqualTo(Ath.ofWhole(705));
        assertThat(claim(CLIENT).cumulative()).isEqualTo(Ath.ofWhole(700));
        assertThat(claim(CLIENT).state()).isEqualTo("FINAL");
        assertThatThrownBy(() -> claim(14, view)).isInstanceOf(ChainFault.class).hasMessageContaining("NotActive");

        pass(Duration.ofMinutes(10));
        claim(14, view);
        assertThat(balance(CLIENT)).isEqualTo(Ath.ofWhole(700));
        assertThatThrownBy(() -> claim(14, view)).isInstanceOf(ChainFault.class).hasMessageContaining("NothingDue");
        world.mine(ChainWorld.FINAL);
        loop.tick();
        loop.tick();
        assertThat(world.log.events(WithdrawalPaid.class))
                .extracting(WithdrawalPaid::wallet, WithdrawalPaid::paid)
                .containsExactly(tuple(CLIENT, Ath.ofWhole(700)));
        assertThat(payouts.of(CLIENT).paid()).isEqualTo(Ath.ofWhole(700));

        settleAndClose(1);
        untilFinal();
        assertThat(world.log.events(WithdrawalsRooted.class)).as("once a day").hasSize(1);
        settleAndClose(500);
        untilFinal();
        assertThat(world.log.events(WithdrawalsRooted.class)).as("the next day").hasSize(2);
        assertThat(claim(CLIENT).cumulative()).isEqualTo(Ath.ofWhole(705));
        assertThat(claim(OTHER).cumulative()).isEqualTo(Ath.ofWhole(40));
        assertThat(world.submissions())
                .as("three batches, two roots and the log of records twice, one nonce each")
                .isEqualTo(7);
    }

    /** By the relay's key, which gives gas; the other account asked for nothing. */
    @Test
    void whoAskedForItIsPaidWithoutSendingAnything() {
        payouts.relay(CLIENT, true);
        assertThat(payouts.of(CLIENT).relayed()).isTrue();
        assertThat(payouts.of(OTHER).relayed()).isFalse();
        ask(CLIENT, 700);
        ask(OTHER, 40);
        settleAndClose(0);
        untilFinal();
        assertThat(balance(CLIENT)).as("not active yet").isEqualTo(Ath.ZERO);
        pass(Duration.ofMinutes(10));
        steps();

        assertThat(balance(CLIENT)).isEqualTo(Ath.ofWhole(700));
        assertThat(balance(OTHER)).isEqualTo(Ath.ZERO);
        assertThat(world.log.events(WithdrawalPaid.class))
                .extracting(WithdrawalPaid::wallet)
                .containsExactly(CLIENT);
    }

    @Test
    void whoTookItBackOrIsOwedLittleClaimsByItself() {
        payouts.relay(CLIENT, true);
        payouts.relay(CLIENT, false);
        payouts.relay(OTHER, true);
        ask(CLIENT, 700);
        askWei(OTHER, Ath.ofWhole(1).minus(Ath.ofWei(1)));
        settleAndClose(0);
        untilFinal();
        pass(Duration.ofMinutes(10));
        steps();
        assertThat(world.log.events(WithdrawalPaid.class)).isEmpty();
    }

    /** Each day's root waits a day: the newest one alone would never be payable. */
    @Test
    void theRootThatPaysNowIsGivenThoughANewerOneWaits() {
        ask(CLIENT, 30);
        settleAndClose(0);
        untilFinal();
        // Blocks of one second would have both roots active at once.
        pass(Duration.ofSeconds(30));
        ask(CLIENT, 5);
        settleAndClose(500);
        untilFinal();
        assertThat(claim(CLIENT).number()).as("none is active").isEqualTo(2);
        world.clock.set(Objects.requireNonNull(
                world.tables.payouts().find(1).orElseThrow().activeAt()));
        assertThat(claim(CLIENT).number()).isEqualTo(1);
        pass(Duration.ofMinutes(10));
        claim(14, payouts.of(CLIENT));
        world.mine(ChainWorld.FINAL);
        loop.tick();
        loop.tick();
        assertThat(claim(CLIENT).number()).as("the first is paid").isEqualTo(2);
    }

    @Test
    void aDayInWhichNothingIsOwedHasNoRoot() {
        settleAndClose(0);
        untilFinal();
        assertThat(world.log.events(WithdrawalsRooted.class)).isEmpty();
        ask(CLIENT, 1);
        settleAndClose(1);
        untilFinal();
        assertThat(world.log.events(WithdrawalsRooted.class)).hasSize(1);
    }

    @Test
    void aDisabledRootIsFollowedByTheNextWithTheSameAmounts() {
        ask(CLIENT, 30);
        settleAndClose(0);
        untilFinal();
        new KeySender(world.web3j, Wallets.devnet(2))
                .send(
                        world.contracts.vault(),
                        Contracts.vault(world.contracts.vault(), world.web3j)
                                .disableRoot(BigInteger.ONE)
                                .encodeFunctionCall());
        untilFinal();
        assertThat(claim(CLIENT).state()).isEqualTo("DISABLED");
        settleAndClose(500);
        untilFinal();
        pass(Duration.ofMinutes(10));
        claim(12, payouts.of(CLIENT));
        assertThat(balance(CLIENT)).isEqualTo(Ath.ofWhole(30));
    }

    @Test
    void aRootThatTheTablesDoNotGiveHaltsBeforeAnybodySigns() {
        ask(CLIENT, 30);
        settleAndClose(0);
        world.sql().execute("UPDATE chain.payout_leaf SET cumulative = cumulative + 1");
        loop.tick();
        world.mine(ChainWorld.FINAL);
        loop.tick();
        loop.tick();
        assertThat(world.halted()).startsWith("OUTBOUND withdrawal root 1 is 0x");
        world.sql().execute("UPDATE chain.payout_leaf SET cumulative = cumulative - 1");
        world.operations(loop).resume();
        untilFinal();
        assertThat(world.message(CosignKind.PAYOUT, 1).state()).isEqualTo(State.FINAL);
    }

    @Test
    void aPaymentThatTheLogDoesNotKnowHaltsAtReconciliation() {
        ask(CLIENT, 30);
        settleAndClose(0);
        untilFinal();
        pass(Duration.ofMinutes(10));
        claim(12, payouts.of(CLIENT));
        world.mine(ChainWorld.FINAL);
        loop.tick();
        world.sql().execute("UPDATE chain.paid SET amount = amount - 1");
        settleAndClose(1);
        loop.tick();
        assertThat(world.halted()).startsWith("PAYOUTS at block ").contains("the vault's totalOut is ");
    }

    /** A pool with a bond of 50, of which a penalty took 20, and a root that says so. */
    private Claim slashed() {
        world.treasury.bond(POOL, Ath.ofWhole(50));
        world.mine(ChainWorld.FINAL);
        loop.tick();
        Ath taken = Ath.ofWhole(20);
        CaseId penaltyCase = new CaseId(UUID.randomUUID());
        world.log.happened(
                new PoolSlashed(POOL, penaltyCase, taken, 0, taken, Ath.ZERO, List.of(), taken, world.clock.instant()));
        ask(CLIENT, 30);
        settleAndClose(0);
        untilFinal();
        pass(Duration.ofMinutes(10));
        return payouts.release(POOL).orElseThrow();
    }

    private void release(Claim release) {
        new KeySender(world.web3j, Wallets.devnet(12))
                .send(
                        release.vault(),
                        Contracts.vault(release.vault(), world.web3j)
                                .releaseBond(
                                        BigInteger.valueOf(release.number()),
                                        BigInteger.valueOf(release.index()),
                                        POOL.word().bytes(),
                                        release.cumulative().wei(),
                                        release.proof().stream()
                                                .map(Hash32::bytes)
                                                .toList())
                                .encodeFunctionCall());
        world.mine(ChainWorld.FINAL);
    }

    @Test
    void whatAPenaltyTookIsReleasedFromTheBond() {
        Claim release = slashed();
        assertThat(release.cumulative()).isEqualTo(Ath.ofWhole(20));
        release(release);
        AthVault vault = Contracts.vault(world.contracts.vault(), world.web3j);
        assertThat(Calls.read(vault.totalBonded())).isEqualTo(Ath.ofWhole(30).wei());
        settleAndClose(500);
        untilFinal();
        settleAndClose(501);
        untilFinal();
        assertThat(world.halted()).as("the counters agree").isEmpty();
        assertThat(payouts.release(PoolId.ofProvider(CLIENT))).isEmpty();
    }

    @Test
    void aReleaseThatTheLogDoesNotKnowHalts() {
        Claim release = slashed();
        world.sql().execute("UPDATE chain.pool_bond SET released = released - 1");
        release(release);
        loop.tick();
        assertThat(world.halted())
                .startsWith("CHAIN the vault released 20000000000000000000 wei of the bond of " + POOL);
        world.sql().execute("UPDATE chain.pool_bond SET released = released + 1");
        world.operations(loop).resume();
        untilFinal();
    }

    @Test
    void aDifferenceOfMoneyHaltsPayoutsAndNotBatches() {
        ask(CLIENT, 30);
        settleAndClose(0);
        untilFinal();
        world.sql().execute("UPDATE chain.inbound SET amount = amount + 1 WHERE number = 3");
        ask(CLIENT, 5);
        settleAndClose(500);
        steps();
        assertThat(world.halted()).startsWith("PAYOUTS at block ");
        assertThat(world.message(CosignKind.BATCH, 2).state()).isEqualTo(State.FINAL);
        assertThat(world.tables.messages().find(CosignKind.PAYOUT, 2))
                .as("not told the log")
                .isEmpty();
        assertThat(world.operations(loop).report().alarms())
                .anySatisfy(alarm -> assertThat(alarm).startsWith("PAYOUTS is halted"));

        world.sql().execute("UPDATE chain.inbound SET amount = amount - 1 WHERE number = 3");
        world.operations(loop).resume();
        untilFinal();
        assertThat(world.message(CosignKind.PAYOUT, 2).state()).isEqualTo(State.FINAL);
    }
}
