package io.athanor.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.local.engine.Database;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The processor as Axon runs it: rows with its token's transaction, nothing half written, the same after a restart. */
@Tag("postgres")
class LiveFeedTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Database database = SagaDatabase.fresh();
    private final DataSource dataSource = new DriverManagerDataSource(database.adminUrl());
    private final SagaStore store = new SagaStore(Jdbi.create(new TransactionAwareDataSourceProxy(dataSource)));
    private final InMemoryEventStorageEngine engine = new InMemoryEventStorageEngine();
    private final List<Configuration> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(Configuration::shutdown);
    }

    private LiveSet start() {
        LiveSet live = new LiveSet(store);
        live.load();
        TransactionManager transactions = new SpringTransactionManager(new JdbcTransactionManager(dataSource));
        Configurer configurer = DefaultConfigurer.defaultConfiguration()
                .configureEmbeddedEventStore(configuration -> engine)
                .registerComponent(TransactionManager.class, configuration -> transactions);
        new LiveFeed(live).configureModule(configurer);
        Configuration configuration = configurer.start();
        running.add(configuration);
        return live;
    }

    /** Some seconds of a network's history. */
    private static List<Event> history() {
        SimNetwork network = new SimNetwork(5, Faults.NONE);
        Wallet client = network.client(1);
        SimMachine machine = network.machine(1, network.provider(1), 4, true);
        network.checkers(7).forEach(checker -> checker.sees(machine));
        network.run(Duration.ofSeconds(35));
        network.submit(client, 1, Samples.spec(4, 1));
        network.run(Duration.ofSeconds(3));
        return network.all(Event.class);
    }

    private void publish(List<Event> events) {
        Map<String, Long> sequences = new TreeMap<>();
        var store = running.getLast().eventStore();
        DefaultUnitOfWork.startAndGet(null)
                .execute(() -> events.forEach(event -> {
                    String stream = event.stream().toString();
                    long sequence = sequences.merge(stream, 1L, Long::sum) - 1;
                    store.publish(new GenericDomainEventMessage<>(event.stream().type(), stream, sequence, event));
                }));
    }

    private Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        store.load(LiveSet.TABLES, row -> rows.put(row.table() + "/" + row.key(), row.body()));
        return rows;
    }

    @Test
    void rowsAreWrittenAndAreTheSameAfterARestart() {
        LiveSet live = start();
        List<Event> history = history();
        publish(history);
        await().atMost(SOON).until(() -> store.load(List.of(), row -> {}) == live.applied() && live.applied() > 0);
        Map<String, String> before = rows();
        assertThat(before).containsKey("live_network/network").hasSizeGreaterThan(20);

        running.removeLast().shutdown();
        LiveSet again = new LiveSet(store);
        again.load();
        assertThat(again.applied()).isEqualTo(live.applied());
        assertThat(again.queue().size()).isEqualTo(live.queue().size());
        assertThat(again.machines()).containsExactlyElementsOf(live.machines());
        assertThat(again.openEpochs()).isEqualTo(live.openEpochs());
    }

    @Test
    void aTransactionThatIsRolledBackLeavesNothingAndIsTriedAgain() {
        LiveSet live = start();
        Jdbi jdbi = Jdbi.create(database.adminUrl());
        jdbi.useHandle(
                handle -> handle.execute("ALTER TABLE saga.live_position ADD CONSTRAINT broken CHECK (index = 0)"));
        publish(history());
        await().atMost(SOON).until(() -> live.applied() > 0);
        assertThat(rows()).isEmpty();
        jdbi.useHandle(handle -> handle.execute("ALTER TABLE saga.live_position DROP CONSTRAINT broken"));
        await().atMost(SOON).until(() -> store.load(List.of(), row -> {}) == live.applied());
        assertThat(rows()).containsKey("live_network/network").hasSizeGreaterThan(20);
    }
}
