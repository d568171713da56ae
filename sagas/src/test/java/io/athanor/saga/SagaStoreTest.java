package io.athanor.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.ParkedInstances.Parked;
import io.athanor.saga.live.LiveStorage.Change;
import io.athanor.saga.routing.ParkedWork;
import io.athanor.saga.settlement.Books;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The schema on a real PostgreSQL, also under a network that crashes and starts from it. */
@Tag("postgres")
class SagaStoreTest {
    private final SagaStore store =
            new SagaStore(Jdbi.create(SagaDatabase.fresh().adminUrl()));

    private static Change row(String key, String body) {
        return new Change("live_task", key, "QUEUED", body);
    }

    private List<String> bodies() {
        List<String> bodies = new ArrayList<>();
        store.load(List.of("live_task"), row -> bodies.add(row.body()));
        return bodies;
    }

    @Test
    void rowsAreWrittenChangedAndDeletedWithThePositionTheyAreAsOf() {
        assertThat(store.write(List.of(row("a", "1"), row("b", "2")), 0, 5)).isTrue();
        assertThat(store.write(List.of(row("a", "3"), new Change("live_task", "b", "", null)), 5, 9))
                .isTrue();
        assertThat(bodies()).containsExactly("3");
        assertThat(store.load(List.of(), row -> {})).isEqualTo(9);
    }

    @Test
    void aWriterThatDoesNotKnowTheNewestRowsWritesNothing() {
        assertThat(store.write(List.of(row("a", "1")), 0, 5)).isTrue();
        assertThat(store.write(List.of(row("a", "2")), 4, 6)).isFalse();
        assertThat(bodies()).containsExactly("1");
    }

    @Test
    void booksAreFoundByTheRootThatCounts() {
        EpochFacts facts = new EpochFacts(3, List.of(), List.of(), List.of(), Samples.PRICE, Samples.PRICE);
        Hash32 one = Samples.hash("one");
        store.keep(one, new Books(facts, 1));
        store.keep(Samples.hash("two"), new Books(facts, 2));
        store.keep(one, new Books(facts, 9));
        assertThat(store.find(3, one))
                .hasValueSatisfying(
                        books -> assertThat(books.parametersVersion()).isEqualTo(1));
        store.forget(3);
        assertThat(store.find(3, one)).isEmpty();
    }

    @Test
    void parkedInstancesOutliveTheNode() {
        Parked parked = new Parked("task/1", 10, "as told", Samples.GENESIS);
        store.add(parked);
        ParkedWork work = new ParkedWork(store);
        assertThat(work.list()).containsExactly(parked);
        assertThat(work.retry("task/1")).isTrue();
        assertThat(new ParkedWork(store).list()).isEmpty();
    }

    @Test
    void aNetworkThatCrashesGoesOnFromItsRows() {
        SimNetwork network = new SimNetwork(21, Faults.MANY, store, store, store);
        Wallet client = network.client(1);
        SimMachine machine = network.machine(1, network.provider(1), 4, true);
        network.checkers(7).forEach(checker -> checker.sees(machine));
        for (int i = 1; i <= 10; i++) {
            network.submit(client, i, Samples.spec(3, 1));
            network.run(Duration.ofSeconds(6));
        }
        network.heal();
        network.run(Duration.ofMinutes(8));
        assertThat(network.crashes()).isPositive();
        Invariants.ofHistory(network.log());
        Invariants.ofTheEnd(network);
        Invariants.ofRows(network);
    }
}
