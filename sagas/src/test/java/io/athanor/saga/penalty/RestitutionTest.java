package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A penalty that was executed, and is appealed afterwards. */
class RestitutionTest {
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final Ath STAKE = Ath.ofWhole(100_000);
    private static final Ath BOND = Ath.ofWhole(100);

    private final SimNetwork network = new SimNetwork(6, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1);
    private List<SimChecker> checkers = List.of();

    private PenaltyExecuted executed() {
        network.send(new CreditBond(PoolId.ofProvider(provider), 9, STAKE, Samples.hash("bond"), 4, network.now()));
        network.send(new CreditDeposit(provider, 1, Ath.ofWhole(1_000), Samples.hash("deposit"), 5, network.now()));
        SimMachine machine = network.machine(1, provider, 2, true);
        checkers = network.checkers(9);
        checkers.forEach(checker -> checker.sees(machine));
        network.run(Duration.ofSeconds(40));
        machine.runFor(60_000, 1);
        network.submit(client, 1, Samples.spec(1, 1));
        network.run(Duration.ofSeconds(5));
        machine.down(40_000);
        network.run(Duration.ofMillis(4 * DAY));
        return network.all(PenaltyExecuted.class).getFirst();
    }

    private void appeal(CaseId id) {
        Authorization signed = Samples.signed(provider, 77);
        network.send(
                new HoldCaseBond(provider, id, BOND, signed, network.now()),
                new LodgeAppeal(
                        id, BOND, "the probes were forged", network.now().plusMillis(7 * DAY), signed, network.now()));
        network.run(Duration.ofMillis(DAY));
    }

    /** A job of a minute on another machine: its fee is the treasury's. */
    private void work() {
        SimMachine machine = network.machine(2, network.provider(2), 2, true);
        checkers.forEach(checker -> checker.sees(machine));
        network.run(Duration.ofSeconds(40));
        machine.runFor(60_000, 1);
        network.submit(client, 2, Samples.spec(1, 1));
        network.run(Duration.ofMillis(3 * DAY));
    }

    private BigInteger balance(LedgerAccount account) {
        Balances balances = new Balances();
        network.log().events().forEach(event -> balances.apply(event.event()));
        return balances.balance(account);
    }

    @Test
    void aReversalReturnsWhatWasTakenToWhoLostIt() {
        PenaltyExecuted executed = executed();
        checkers.forEach(checker -> checker.finds(true));
        BigInteger provided = balance(LedgerAccount.available(provider));
        appeal(executed.id());
        assertThat(network.all(AppealDecided.class)).hasSize(1);
        assertThat(network.all(ReviewClosed.class))
                .as("the client's share is not in the treasury")
                .isEmpty();
        work();
        ReviewClosed closed = network.all(ReviewClosed.class).getFirst();
        assertThat(closed.restituted()).isEqualTo(executed.taken());
        assertThat(closed.shares())
                .containsExactly(
                        new PenaltyShare(PenaltyShare.Kind.RESTITUTION, provider, executed.taken()),
                        new PenaltyShare(PenaltyShare.Kind.BOND, provider, BOND));
        assertThat(balance(LedgerAccount.available(provider)))
                .isGreaterThanOrEqualTo(provided.add(executed.taken().wei()));
        assertThat(balance(LedgerAccount.penalty(executed.id()))).isEqualTo(BigInteger.ZERO);
        assertThat(network.all(SuspensionLifted.class))
                .singleElement()
                .satisfies(e -> assertThat(e.penaltyCase()).isEqualTo(executed.id()));
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
        assertThat(Invariants.problems(
                        network.log(),
                        event -> event instanceof ReviewClosed e
                                ? new ReviewClosed(
                                        e.id(),
                                        e.restituted(),
                                        List.of(
                                                new PenaltyShare(
                                                        PenaltyShare.Kind.RESTITUTION, client, executed.taken()),
                                                e.shares().getLast()),
                                        e.at())
                                : event))
                .as("nobody else gets it")
                .anyMatch(what -> what.contains("who lost by the penalty"));
    }

    @Test
    void aConfirmedPenaltyStandsAndCostsTheBond() {
        PenaltyExecuted executed = executed();
        BigInteger treasury = balance(LedgerAccount.TREASURY);
        appeal(executed.id());
        ReviewClosed closed = network.all(ReviewClosed.class).getFirst();
        assertThat(closed.restituted()).isEqualTo(Ath.ZERO);
        assertThat(network.all(SuspensionLifted.class)).isEmpty();
        assertThat(closed.shares()).containsExactly(new PenaltyShare(PenaltyShare.Kind.BOND, null, BOND));
        assertThat(balance(LedgerAccount.TREASURY)).isGreaterThanOrEqualTo(treasury.add(BOND.wei()));
        assertThat(balance(LedgerAccount.penalty(executed.id()))).isEqualTo(BigInteger.ZERO);
        Invariants.ofReplay(network.log());
    }
}
