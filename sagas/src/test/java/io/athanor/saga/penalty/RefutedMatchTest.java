package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.checker.CheckerEvent.CheckerTombstoned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.testing.Matches;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The case of a match that the contract refuted, from its opening to the last wei. */
class RefutedMatchTest {
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final Duration AFTER_THE_STAY =
            Duration.ofMillis(3 * Samples.DEVNET.timing().dayMillis());

    private final SimNetwork network = new SimNetwork(6, Faults.NONE);
    private final Wallet provider = network.provider(1, Ath.ofWhole(100_000));

    @Test
    void aSignatureUnderARefutedMatchCostsStakeAfterTheStayAndNoLicence() {
        SimMachine machine = network.machine(1, provider, 2, true);
        network.checkers(7).forEach(checker -> checker.sees(machine));
        network.run(CERTIFIED);
        Wallet accused = Samples.wallet(102);
        TaskId task = Samples.job(77).task(0);
        Ath price = Ath.ofWei(5);
        Offence offence = Matches.offence(
                accused,
                Samples.wallet(202),
                Matches.proof(task, price, price.plus(price)),
                "0x" + "11".repeat(65),
                task,
                Mismatch.TERMS_DIFFER,
                network.now());
        long rate = PenaltyPolicy.rateBps(offence, null, network.now(), Samples.DEVNET);
        network.send(new OpenCase(offence.caseId(), offence, rate, Ath.ZERO, 0, 2, null, network.now()));
        network.run(Duration.ofSeconds(5));
        assertThat(network.all(PenaltyRaised.class)).hasSize(1);
        assertThat(network.all(PenaltyExecuted.class)).isEmpty();
        network.run(AFTER_THE_STAY);
        PenaltyExecuted executed = network.all(PenaltyExecuted.class).getFirst();
        Ath taken = Samples.DEVNET.stake().checkerUnit().share(5, 100);
        assertThat(executed.taken()).isEqualTo(taken);
        assertThat(executed.shares()).containsExactly(new PenaltyShare(PenaltyShare.Kind.TREASURY, null, taken));
        assertThat(network.all(CheckerTombstoned.class)).isEmpty();
        Balances balances = new Balances();
        network.log().events().forEach(event -> balances.apply(event.event()));
        assertThat(balances.balance(LedgerAccount.penalty(executed.id()))).isEqualTo(BigInteger.ZERO);
    }
}
