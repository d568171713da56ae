package io.athanor.saga.economy;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Milestone;
import io.athanor.domain.governance.ProposalEvent.ProposalExecuted;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.protocol.ProtocolEvent.CommunityFundsGranted;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import io.athanor.saga.sim.SimVote;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two votes pass on the same day for more than the treasury has. */
@Tag("sim")
class GrantsTest {
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final Duration VOTED =
            Duration.ofMillis(6 * Samples.DEVNET.timing().dayMillis());

    private final SimNetwork network = new SimNetwork(12, Faults.NONE);
    private final Wallet recipient = Samples.wallet(700);

    private void begin() {
        List<SimChecker> checkers = network.checkers(7);
        SimMachine machine = network.machine(1, network.provider(1), 4, true);
        checkers.forEach(checker -> checker.sees(machine));
        for (int i = 0; i < 7; i++) {
            Ath deposits = Samples.DEVNET.economics().governance().deposit().times(3);
            network.send(new CreditDeposit(
                    Samples.wallet(100 + i), 1, deposits, Samples.hash("deposits" + i), 4, network.now()));
        }
        network.run(Duration.ofSeconds(40));
        work(1);
    }

    private void work(long job) {
        network.submit(network.client((int) job), job, Samples.spec(4, 1));
        network.run(SETTLED);
    }

    private Ath treasury() {
        return Objects.requireNonNull(network.live().network()).treasury();
    }

    private ProposalId fund(long number, Ath amount) {
        return SimVote.on(
                network, number, new FundCommunity(recipient, "a dashboard", List.of(new Milestone("all", amount, 0))));
    }

    private List<ProposalId> granted() {
        return network.all(CommunityFundsGranted.class).stream()
                .map(CommunityFundsGranted::proposal)
                .toList();
    }

    private int sign() {
        Balances balances = new Balances();
        network.log().events().forEach(event -> balances.apply(event.event()));
        return balances.balance(LedgerAccount.TREASURY).signum();
    }

    @Test
    void theSecondWaitsForWhatTheTreasuryDoesNotHaveYet() {
        begin();
        Ath most = treasury();
        assertThat(most.isZero()).isFalse();
        ProposalId first = fund(1, most.bps(6_000));
        ProposalId second = fund(2, most.bps(6_000));
        network.run(VOTED);
        assertThat(network.all(ProposalExecuted.class)).hasSize(2);
        assertThat(treasury()).as("nobody has paid a fee meanwhile").isEqualTo(most.minus(most.bps(6_000)));
        assertThat(granted()).containsExactly(first);
        assertThat(sign()).isPositive();
        work(2);
        assertThat(granted()).containsExactly(first, second);
        assertThat(sign()).isPositive();
        Invariants.ofReplay(network.log());
    }

    /** The one that can be paid is, whoever is before it. */
    @Test
    void whatTheTreasuryHasIsPaid() {
        begin();
        Ath most = treasury();
        ProposalId first = fund(1, most.times(2));
        ProposalId second = fund(2, most.bps(6_000));
        ProposalId third = fund(3, most.bps(4_000));
        network.run(VOTED);
        assertThat(granted()).containsExactlyInAnyOrder(second, third);
        assertThat(granted()).doesNotContain(first);
        assertThat(sign()).isNotNegative();
        Invariants.ofReplay(network.log());
    }
}
