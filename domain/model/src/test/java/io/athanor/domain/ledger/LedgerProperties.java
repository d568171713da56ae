package io.athanor.domain.ledger;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochCommand;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole epochs through the streams' own decisions: the ledger balances after each event. */
class LedgerProperties {
    private static final int HISTORIES = 500;
    private static final int EPOCHS = 3;

    @Test
    void everyEventBalancesAndEveryEpochClears() {
        Cases.forAll(HISTORIES, samples -> {
            Network network = new Network(samples);
            network.begin();
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                network.epoch(epoch);
            }
            network.compareWithAccounts();
        });
    }

    /** A few wallets that are clients, providers and checkers. */
    private static final class Network {
        private final Samples samples;
        private final ProtocolParameters parameters = SampleParameters.get();
        private final Balances ledger = new Balances();
        private final List<Wallet> wallets;
        private final Map<Wallet, Account> accounts = new HashMap<>();
        private Ath in = Ath.ZERO;
        private long inbound;

        Network(Samples samples) {
            this.samples = samples;
            wallets = samples.wallets(4);
        }

        void begin() {
            // Small reserves, so that some histories run them dry.
            receive(new ReserveCredited(++inbound, Reserve.PROVIDER, some(3_000_000), Hash32.ZERO, 1, at(0)));
            receive(new ReserveCredited(++inbound, Reserve.CHECKER, some(1_000_000), Hash32.ZERO, 1, at(0)));
            for (Wallet wallet : wallets) {
                receive(new StakeBonded(PoolId.ofChecker(wallet), ++inbound, some(20_000), Hash32.ZERO, 1, at(0)));
                in = in.plus(Ath.ofWhole(100));
                send(
                        wallet,
                        new AccountCommand.CreditDeposit(wallet, ++inbound, Ath.ofWhole(100), Hash32.ZERO, 1, at(0)));
            }
        }

        private Ath some(long whole) {
            return Ath.ofWei(1).plus(samples.upTo(Ath.ofWhole(whole)));
        }

        private void receive(Event event) {
            in = in.plus(Postings.of(event).getFirst().amount());
            apply(event);
        }

        void epoch(long number) {
            Epoch epoch = Epoch.EMPTY;
            epoch = run(epoch, new EpochCommand.OpenEpoch(number, at(0), at(1), 1, Hash32.ZERO, List.of(), at(0)));
            RewardStatement statement = RewardFormula.compute(facts(number), parameters);
            epoch = run(epoch, new EpochCommand.ComputeRewards(number, statement, at(1)));
            for (RewardStatement.AccountLines a : samples.shuffled(statement.accounts())) {
                send(a.wallet(), new AccountCommand.SettleAccount(a.wallet(), number, a.holds(), a.earnings(), at(1)));
            }
            run(epoch, new EpochCommand.CloseEpoch(number, ChainHead.GENESIS, at(2)));
        }

        private EpochFacts facts(long epoch) {
            List<AssessedTask> tasks = new ArrayList<>();
            for (int i = samples.between(0, 4); i > 0; i--) {
                tasks.add(task());
            }
            List<LiveMachine> machines = wallets.stream()
                    .map(w -> new LiveMachine(
                            samples.machine(), w, samples.between(0, 9), samples.between(0, 10), samples.between(0, 9)))
                    .toList();
            List<CheckerMarks> checkers = wallets.stream()
                    .map(w -> new CheckerMarks(w, samples.between(0, 2)))
                    .toList();
            return new EpochFacts(
                    epoch, tasks, machines, checkers, reserve(Reserve.PROVIDER), reserve(Reserve.CHECKER));
        }

        private AssessedTask task() {
            Wallet client = samples.oneOf(wallets);
            JobId job = samples.job();
            Ath cap = some(5);
            send(client, new AccountCommand.HoldFunds(client, job, cap, samples.authorization(client), at(0)));
            Outcome outcome = samples.oneOf(List.of(Outcome.values()));
            Ath cost = outcome == Outcome.NOT_DELIVERED ? Ath.ZERO : samples.upTo(cap);
            return SampleEpoch.task(job.task(0), client, samples.oneOf(wallets), outcome, cost, cap, 2_000);
        }

        private Ath reserve(Reserve reserve) {
            return new Ath(ledger.balance(LedgerAccount.reserve(reserve)));
        }

        private Epoch run(Epoch epoch, EpochCommand command) {
            Epoch next = epoch;
            for (EpochEvent event : epoch.decide(command)) {
                next = next.evolve(event);
                apply(event);
            }
            return next;
        }

        private void send(Wallet wallet, AccountCommand command) {
            Account account = accounts.getOrDefault(wallet, Account.EMPTY);
            for (AccountEvent event : account.decide(command)) {
                account = account.evolve(event);
                apply(event);
            }
            accounts.put(wallet, account);
        }

        private void apply(Event event) {
            ledger.apply(event);
            assertThat(ledger.total()).isEqualTo(BigInteger.ZERO);
            assertThat(ledger.inside()).isEqualTo(in);
        }

        void compareWithAccounts() {
            accounts.forEach((wallet, account) -> {
                assertThat(ledger.balance(LedgerAccount.available(wallet)))
                        .isEqualTo(account.available().wei());
                assertThat(ledger.balance(LedgerAccount.held(wallet)))
                        .isEqualTo(Ath.sum(account.holds().values()).wei());
            });
        }
    }
}
