package io.athanor.saga.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.Withheld;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Capacity is paid for where it can be had. */
class OfferedCapacityTest {
    private static final Duration DAY =
            Duration.ofMillis(Samples.DEVNET.timing().dayMillis());

    private final SimNetwork network = new SimNetwork(19, Faults.NONE);

    private EarningLine newestOf(SimMachine machine) {
        return network.all(EarningsCredited.class).stream()
                .flatMap(credited -> credited.lines().stream())
                .filter(line -> line.kind() == EarningLine.Kind.PROOF_OF_CAPACITY
                        && line.source().equals(machine.id().toString()))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private static Basis basis(EarningLine line) {
        return Objects.requireNonNull(line.basis());
    }

    @Test
    void whoAsksMoreThanOthersDoIsPaidByClientsAlone() {
        SimMachine dear = network.machine(1, network.provider(1), 1, true);
        List<SimMachine> others = List.of(
                network.machine(2, network.provider(2), 1, true), network.machine(3, network.provider(3), 1, true));
        network.checkers(7).forEach(checker -> {
            checker.sees(dear);
            others.forEach(checker::sees);
            checker.probe();
        });
        network.run(DAY);
        assertThat(newestOf(dear).amount().isZero()).isFalse();

        dear.price(Samples.PRICE.share(16, 10));
        network.run(DAY);
        assertThat(newestOf(dear).amount().isZero()).isTrue();
        assertThat(basis(newestOf(dear)).withheld()).isEqualTo(Withheld.OVERPRICED);
        assertThat(basis(newestOf(others.getFirst())).withheld()).isNull();
        assertThat(basis(newestOf(others.getFirst())).sum())
                .as("its points count in nobody's sum")
                .isEqualTo(basis(newestOf(others.getFirst())).weight().shiftLeft(1));

        dear.price(Samples.PRICE.share(15, 10));
        network.run(DAY);
        assertThat(newestOf(dear).amount().isZero()).isFalse();
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
    }
}
