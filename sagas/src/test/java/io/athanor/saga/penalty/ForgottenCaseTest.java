package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import io.athanor.domain.stake.StakePoolEvent.StakeUnfrozen;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** An outage is remembered for longer than its case. */
class ForgottenCaseTest {
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final long FORGOTTEN =
            Samples.DEVNET.accountable().penalties().uncommitteed().days();

    private final SimNetwork network = new SimNetwork(6, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1);
    private final SimMachine machine = network.machine(1, provider, 2, true);

    private void leased(int job) {
        machine.runFor(60_000, 1);
        network.submit(client, job, Samples.spec(1, 1));
        network.run(Duration.ofSeconds(5));
    }

    private CaseId dismissed(List<SimChecker> checkers) {
        leased(1);
        machine.down(40_000);
        network.run(Duration.ofSeconds(80));
        CaseId id = network.all(StayBegun.class).getFirst().id();
        checkers.forEach(checker -> checker.finds(true));
        Ath bond = Ath.ofWhole(100);
        var signed = Samples.signed(provider, 77);
        network.send(
                new HoldCaseBond(provider, id, bond, signed, network.now()),
                new LodgeAppeal(id, bond, "it was there", network.now().plusMillis(7 * DAY), signed, network.now()));
        network.run(Duration.ofMillis(4 * DAY));
        assertThat(network.all(CaseDismissed.class)).hasSize(1);
        return id;
    }

    private boolean isKnown(CaseId id) {
        return network.live().penaltyCase(id) != null;
    }

    private boolean isFrozen() {
        return !CaseTerms.poolOf(network.live(), PoolId.ofProvider(provider))
                .risk()
                .frozen()
                .isEmpty();
    }

    @Test
    void aDismissedCaseFreezesNothingWhenItIsForgotten() {
        List<SimChecker> checkers = network.checkers(9);
        checkers.forEach(checker -> checker.sees(machine));
        network.send(new CreditDeposit(provider, 1, Ath.ofWhole(1_000), Samples.hash("deposit"), 5, network.now()));
        network.run(Duration.ofSeconds(40));
        CaseId id = dismissed(checkers);
        int freezes = network.all(StakeFrozen.class).size();
        network.run(Duration.ofMillis((FORGOTTEN + 2) * DAY));
        assertThat(isKnown(id)).isFalse();
        LiveMachine known = Objects.requireNonNull(network.live().machine(machine.id()));
        assertThat(Objects.requireNonNull(known.outage()).penaltyCase()).isEqualTo(id);
        network.run(Duration.ofMillis(DAY));
        assertThat(network.all(StakeFrozen.class)).hasSize(freezes);
        assertThat(network.all(StakeUnfrozen.class)).hasSize(1);
        assertThat(isFrozen()).isFalse();

        leased(2);
        machine.down(40_000);
        network.run(Duration.ofSeconds(60));
        assertThat(network.all(CaseOpened.class))
                .as("the next outage is a case of its own")
                .hasSize(2);
        assertThat(isFrozen()).isTrue();
        Invariants.ofReplay(network.log());
    }
}
