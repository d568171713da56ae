package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The outbox under a real processor: its rows and its token are one transaction. */
@Tag("postgres")
class OutboxIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Samples samples = new Samples(9);
    private final Database database =
            TestEngines.freshDatabase("outbox", TestEngines.template("chain-projector", ChainWorld::migrate));
    private final HikariDataSource pool = pool();
    private final JdbcTemplate owner = new JdbcTemplate(new DriverManagerDataSource(database.ownerUrl()));
    private final Tables tables = Tables.over(pool);
    private final InMemoryEventStorageEngine events = new InMemoryEventStorageEngine();
    private Configuration axon = axon(true);

    @AfterEach
    void close() {
        axon.shutdown();
        pool.close();
    }

    private HikariDataSource pool() {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(database.ownerUrl());
        source.setMaximumPoolSize(6);
        return source;
    }

    private Configuration axon(boolean first) {
        TransactionManager transactions = new SpringTransactionManager(new JdbcTransactionManager(pool));
        JdbcTokenStore tokens = JdbcTokenStore.builder()
                .connectionProvider(
                        new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(pool)))
                .serializer(JacksonSerializer.builder()
                        .objectMapper(new JsonMapper())
                        .build())
                .contentType(byte[].class)
                .build();
        if (first) {
            transactions.executeInTransaction(() -> tokens.createSchema(PostgresTokenTableFactory.INSTANCE));
        }
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureTransactionManager(c -> transactions)
                .configureSerializer(c -> JacksonSerializer.builder()
                        .objectMapper(new JsonMapper())
                        .build())
                .configureEmbeddedEventStore(c -> events);
        configurer.eventProcessing().registerTokenStore(c -> tokens);
        new ChainOutboxModule(new ChainOutbox(tables)).configureModule(configurer);
        return configurer.start();
    }

    private void publish(Object... payloads) {
        List<EventMessage<?>> messages = Stream.of(payloads)
                .<EventMessage<?>>map(GenericEventMessage::asEventMessage)
                .toList();
        events.appendEvents(messages);
    }

    private JobSettled settled(long cost) {
        var task = SampleEpoch.task(
                samples.task(),
                samples.wallet(),
                samples.wallet(),
                Outcome.DELIVERED,
                Ath.ofWei(cost),
                Ath.ofWei(cost),
                2_000);
        return new JobSettled(task.task(), 3, task.client(), task.provider(), task.assessment(), Samples.START);
    }

    private SettlementBatched batched(List<JobSettled> settled) {
        List<byte[]> leaves = settled.stream()
                .sorted(Comparator.comparing(JobSettled::task))
                .map(SettlementLeaf::of)
                .toList();
        Batch batch = new Batch(
                1, ChainHead.GENESIS.head(), MerkleTree.root(leaves), leaves.size(), Ath.ofWhole(leaves.size()));
        return new SettlementBatched(3, batch, Samples.START);
    }

    private int count(String table) {
        Integer count = owner.queryForObject("SELECT count(*) FROM " + table, Integer.class);
        return count == null ? -1 : count;
    }

    @Test
    void sealsTheBatchOverTheEpochsTasks() {
        List<JobSettled> settled = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            settled.add(settled(100 + i));
        }
        publish(settled.toArray());
        SettlementBatched batched = batched(settled);
        publish(batched);

        await().atMost(PATIENCE).until(() -> tables.ledger().batch(1).isPresent());
        assertThat(MerkleTree.root(tables.ledger().leaves(1)))
                .isEqualTo(batched.batch().root());
        assertThat(tables.messages().find(CosignKind.BATCH, 1).orElseThrow().eventIndex())
                .isEqualTo(300);
    }

    private JobAssigned assigned(int fence) {
        TaskId task = samples.task();
        return new JobAssigned(task, samples.lease(task.lease(fence), samples.spec()), Samples.START);
    }

    private static EpochOpened opened(long epoch) {
        Instant start = Samples.START.plusSeconds(epoch);
        return new EpochOpened(
                epoch, start, start.plusSeconds(1), 1, Hash32.ZERO, List.of(), Candidate.digest(List.of()), start);
    }

    /** The first lease is of no epoch, the last of the one after: none of them is in this batch. */
    @Test
    void aLeaseGoesIntoTheBatchOfTheEpochInWhichItWasMade() {
        List<JobAssigned> leases = List.of(assigned(1), assigned(3), assigned(1));
        List<JobSettled> settled = List.of(settled(7), settled(8));
        EpochLeaves leaves = new EpochLeaves(settled, leases);
        Batch batch = leaves.batch(ChainHead.GENESIS, 0);
        publish(assigned(1), opened(2), assigned(1), opened(3));
        publish(leases.toArray());
        publish(opened(4), assigned(1));
        publish(settled.toArray());
        publish(new SettlementBatched(3, batch, Samples.START));

        await().atMost(PATIENCE).until(() -> tables.ledger().batch(1).isPresent());
        assertThat(batch.count()).isEqualTo(8);
        assertThat(tables.ledger().leaves(1)).containsExactlyElementsOf(leaves.leaves(0, 8));
        assertThat(count("chain.item"))
                .as("one more lease in epochs 2 and 4 each")
                .isEqualTo(12);
    }

    /** Whether the processor has given a batch up and waits for its next try. */
    private boolean hasFailed() {
        return axon
                .eventProcessingConfiguration()
                .eventProcessor("chain-outbox", TrackingEventProcessor.class)
                .orElseThrow()
                .processingStatus()
                .values()
                .stream()
                .anyMatch(EventTrackerStatus::isErrorState);
    }

    @Test
    void rowsOfAFailedTransactionGoBackWithItsToken() {
        owner.execute("ALTER TABLE chain.inbound ADD CONSTRAINT poison CHECK (number <> 13)");
        List<JobSettled> settled = List.of(settled(7), settled(8));
        axon.shutdown();
        publish(
                settled.get(0),
                new DepositCredited(samples.wallet(), 12, Ath.ofWei(1), samples.hash(), 5, Samples.START),
                new DepositCredited(samples.wallet(), 13, Ath.ofWei(1), samples.hash(), 5, Samples.START),
                settled.get(1),
                batched(settled));
        axon = axon(false);
        await().atMost(PATIENCE).until(this::hasFailed);
        assertThat(count("chain.inbound"))
                .as("deposit 12, written before the failure in its transaction")
                .isZero();
        assertThat(count("chain.item")).isZero();
        assertThat(count("chain.batch")).isZero();

        owner.execute("ALTER TABLE chain.inbound DROP CONSTRAINT poison");
        await().atMost(PATIENCE).until(() -> tables.ledger().batch(1).isPresent());
        assertThat(count("chain.item")).isEqualTo(2);
        assertThat(count("chain.inbound")).isEqualTo(2);
        assertThat(tables.ledger().leaves(1)).hasSize(2);
    }

    @Test
    void aRestartGoesOnAfterItsToken() {
        publish(settled(7));
        await().atMost(PATIENCE).until(() -> count("chain.item") == 1);
        axon.shutdown();
        owner.execute("DELETE FROM chain.item");
        publish(settled(8));
        axon = axon(false);

        await().atMost(PATIENCE).until(() -> count("chain.item") > 0);
        assertThat(count("chain.item")).as("the first is not handled again").isEqualTo(1);
    }
}
