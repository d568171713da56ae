package io.athanor.command;

import io.athanor.command.bus.CommandLog;
import io.athanor.command.bus.CommandLogSweep;
import io.athanor.command.bus.Group;
import io.athanor.command.bus.GroupCommandBus;
import io.athanor.command.bus.OrderDesk;
import io.athanor.command.store.AppendSignals;
import io.athanor.command.store.AxonTables;
import io.athanor.command.store.CatalogueSerializer;
import io.athanor.command.store.CommitAnnouncer;
import io.athanor.command.store.EventTail;
import io.athanor.command.store.NotifyingEventStore;
import io.athanor.command.store.PostgresEventStorageEngine;
import io.athanor.command.store.StoredEvents;
import io.athanor.command.stream.LiveStreams;
import io.athanor.command.stream.OrderHandler;
import io.athanor.command.stream.Snapshots;
import io.athanor.command.stream.Uniqueness;
import io.athanor.domain.port.Schema;
import io.athanor.domain.port.Sweep;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.modelling.saga.ResourceInjector;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.axonframework.spring.saga.SpringResourceInjector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Every piece of Axon by hand: its starter's own choices do not apply under Spring Boot 4 and end in stores that keep
 * nothing. Needs a {@link DataSource} and a {@link PlatformTransactionManager}; gives the ports {@code Commands},
 * {@code EventSource} and {@code CommittedEvents}, a {@link QueryGateway}, and Axon with all {@link ConfigurerModule}s
 * of the context, started with the context.
 */
@Configuration(proxyBeanMethods = false)
public class CommandSideConfiguration {
    /** Live aggregates kept in memory, about 1 KiB each. */
    static final int LIVE_STREAMS = 200_000;

    @Bean
    Schema axonSchema() {
        Schema all = Schema.readWrite("axon", "classpath:db/axon");
        return new Schema(
                all.name(),
                all.location(),
                all.grants() + "REVOKE UPDATE, DELETE, TRUNCATE ON axon.domain_event FROM athanor_app;");
    }

    @Bean
    Schema commandSchema() {
        return Schema.readWrite("command", "classpath:db/command");
    }

    /** This process's name on the notification channel. */
    @Bean
    NodeName nodeName() {
        return new NodeName(UUID.randomUUID().toString());
    }

    record NodeName(String value) {}

    @Bean
    CatalogueSerializer axonSerializer() {
        return new CatalogueSerializer(Snapshots.types());
    }

    @Bean
    TransactionManager axonTransactionManager(PlatformTransactionManager transactions) {
        return new SpringTransactionManager(transactions);
    }

    @Bean
    ConnectionProvider axonConnectionProvider(DataSource dataSource) {
        return new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(dataSource));
    }

    @Bean
    EventTail eventTail() {
        return new EventTail();
    }

    @Bean
    CommitAnnouncer committedEvents() {
        return new CommitAnnouncer();
    }

    @Bean
    PostgresEventStorageEngine eventStorageEngine(
            NodeName node,
            DataSource dataSource,
            TransactionManager transactions,
            ConnectionProvider connections,
            CatalogueSerializer serializer,
            EventTail tail,
            CommitAnnouncer announcer) {
        return new PostgresEventStorageEngine(
                node.value(),
                dataSource,
                transactions,
                connections,
                serializer,
                Snapshots::isReadable,
                appended -> NotifyingEventStore.onceCommitted(appended, committed -> {
                    tail.add(committed);
                    announcer.announce(committed);
                }));
    }

    @Bean
    NotifyingEventStore eventStore(EventTail tail, PostgresEventStorageEngine engine) {
        return new NotifyingEventStore(tail, engine);
    }

    @Bean
    StoredEvents eventSource(DataSource dataSource, EventTail tail) {
        return new StoredEvents(new JdbcTemplate(dataSource), tail);
    }

    @Bean
    LiveStreams liveStreams() {
        return new LiveStreams(LIVE_STREAMS);
    }

    @Bean
    AppendSignals appendSignals(
            NodeName node, DataSource dataSource, StoredEvents stored, EventTail tail, LiveStreams live) {
        return new AppendSignals(node.value(), dataSource, stored, tail, stream -> {
            if (stream == null) {
                live.forgetAll();
            } else {
                live.forget(stream);
            }
        });
    }

    @Bean
    Snapshots snapshots() {
        return new Snapshots();
    }

    @Bean
    GroupCommandBus commandBus(
            TransactionManager transactions,
            DataSource dataSource,
            EventTail tail,
            NotifyingEventStore store,
            StoredEvents stored,
            LiveStreams live,
            Snapshots snapshots,
            CommandLog log) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        GroupCommandBus bus = new GroupCommandBus(new Group(transactions, log, tail));
        bus.subscribe(
                OrderDesk.ORDER,
                new OrderHandler(store, stored, live, new Uniqueness(jdbc), snapshots.definition(store, transactions)));
        return bus;
    }

    /** Also the port {@code AcceptedOrders}. */
    @Bean
    CommandLog commandLog(DataSource dataSource) {
        return new CommandLog(new JdbcTemplate(dataSource));
    }

    @Bean
    Sweep commandLogSweep(CommandLog log, Environment environment) {
        Duration kept = environment.getProperty(CommandLogSweep.SETTING, Duration.class, CommandLogSweep.KEPT);
        return new CommandLogSweep(log, kept);
    }

    @Bean
    OrderDesk commands(GroupCommandBus bus) {
        return new OrderDesk(bus);
    }

    /** Without a transaction of its own: an answer takes the connection it needs, and never a second one. */
    @Bean
    QueryBus queryBus() {
        return SimpleQueryBus.builder().build();
    }

    @Bean
    QueryGateway queryGateway(QueryBus bus) {
        return DefaultQueryGateway.builder().queryBus(bus).build();
    }

    @Bean
    TokenStore tokenStore(NodeName node, ConnectionProvider connections, CatalogueSerializer serializer) {
        return AxonTables.tokens(node.value(), connections, serializer);
    }

    @Bean
    SagaStore<Object> axonSagaStore(ConnectionProvider connections, CatalogueSerializer serializer) {
        return AxonTables.sagas(connections, serializer);
    }

    /** Gives sagas their transient {@code @Autowired} fields. */
    @Bean
    ResourceInjector sagaResources() {
        return new SpringResourceInjector();
    }

    /** A module that parks poison events asks here for the queue of its processing group. */
    @Bean
    Function<String, SequencedDeadLetterQueue<EventMessage<?>>> deadLetterQueues(
            TransactionManager transactions, ConnectionProvider connections, CatalogueSerializer serializer) {
        return group -> AxonTables.deadLetters(group, transactions, connections, serializer);
    }

    @Bean
    AxonLifecycle axonLifecycle(AxonParts parts, AppendSignals signals, ObjectProvider<ConfigurerModule> modules) {
        return new AxonLifecycle(parts, signals, modules.orderedStream().toList());
    }

    @Bean
    AxonParts axonParts(
            TransactionManager transactions,
            CatalogueSerializer serializer,
            NotifyingEventStore store,
            GroupCommandBus commandBus,
            QueryBus queryBus,
            QueryGateway queryGateway,
            TokenStore tokens,
            SagaStore<Object> sagas,
            ResourceInjector resources) {
        return new AxonParts(
                transactions, serializer, store, commandBus, queryBus, queryGateway, tokens, sagas, resources);
    }
}
