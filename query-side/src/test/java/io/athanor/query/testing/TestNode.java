package io.athanor.query.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.athanor.codec.Json;
import io.athanor.domain.common.Event;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.Schema;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import io.athanor.query.QuerySideConfiguration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** The read side as configured, on Axon's own JDBC event store and a database of its own, as the service's role. */
public final class TestNode implements AutoCloseable {
    private static final EventSchema EVENTS = EventSchema.builder()
            .eventTable("axon.DomainEventEntry")
            .snapshotTable("axon.SnapshotEventEntry")
            .build();
    private static final TokenSchema TOKENS =
            TokenSchema.builder().setTokenTable("axon.TokenEntry").build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AnnotationConfigApplicationContext context;
    private final Configuration axon;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Database database;

    private TestNode(Database database, Path data) {
        this.database = database;
        context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("athanor.data", data.toString())));
        context.registerBean(Database.class, () -> database);
        context.register(Engine.class, QuerySideConfiguration.class);
        context.refresh();
        axon = context.getBean(Configuration.class);
    }

    /** A node that processes. */
    public static TestNode start() {
        TestNode node = idle();
        node.axon.start();
        return node;
    }

    /** A node whose processor does not run yet. */
    public static TestNode idle() {
        Database template = TestEngines.template("views", TestNode::migrate);
        return new TestNode(TestEngines.freshDatabase("views", template), TestEngines.folder("views"));
    }

    /** The database with the schemas of the read side, as the owner migrates them. */
    private static void migrate(Database database) {
        List<Schema> schemas = List.of(
                Schema.readWrite("view", "classpath:db/view"), Schema.readWrite("telemetry", "classpath:db/telemetry"));
        for (Schema schema : schemas) {
            Flyway.configure()
                    .dataSource(database.ownerUrl(), null, null)
                    .schemas(schema.name())
                    .locations(schema.location())
                    .load()
                    .migrate();
            execute(database, schema.grants());
        }
        execute(database, "CREATE SCHEMA axon");
        ConnectionProvider owner = () -> DriverManager.getConnection(database.ownerUrl());
        engine(owner, new SpringTransactionManager(new JdbcTransactionManager(new HikariSource(database.ownerUrl()))))
                .createSchema(PostgresEventTableFactory.INSTANCE);
        tokens(owner).createSchema(PostgresTokenTableFactory.INSTANCE);
        execute(database, Schema.readWrite("axon", "").grants());
    }

    private static void execute(Database database, String sql) {
        try (Connection connection = DriverManager.getConnection(database.ownerUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JdbcEventStorageEngine engine(ConnectionProvider connections, SpringTransactionManager manager) {
        JacksonSerializer serializer = serializer();
        return JdbcEventStorageEngine.builder()
                .connectionProvider(connections)
                .transactionManager(manager)
                .schema(EVENTS)
                .dataType(byte[].class)
                .snapshotSerializer(serializer)
                .eventSerializer(serializer)
                .build();
    }

    private static JdbcTokenStore tokens(ConnectionProvider connections) {
        return JdbcTokenStore.builder()
                .connectionProvider(connections)
                .serializer(serializer())
                .schema(TOKENS)
                .contentType(byte[].class)
                .build();
    }

    private static JacksonSerializer serializer() {
        return JacksonSerializer.builder().objectMapper(Json.mapper().copy()).build();
    }

    /** A plain pool for the migration's few statements. */
    private static final class HikariSource extends org.springframework.jdbc.datasource.DriverManagerDataSource {
        HikariSource(String url) {
            super(url);
        }
    }

    /** What the node and the command side bring in production. */
    @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
    static class Engine {
        @Bean(destroyMethod = "close")
        HikariDataSource dataSource(Database database) {
            HikariDataSource source = new HikariDataSource();
            source.setJdbcUrl(database.appUrl());
            source.setMaximumPoolSize(6);
            return source;
        }

        @Bean
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        InstantSource clock() {
            return Clock.systemUTC();
        }

        @Bean
        EventSource eventSource(DataSource dataSource) {
            return new TestStore(Jdbi.create(dataSource));
        }

        @Bean(destroyMethod = "shutdown")
        Configuration axon(
                DataSource dataSource, PlatformTransactionManager transactions, List<ConfigurerModule> modules) {
            SpringTransactionManager manager = new SpringTransactionManager(transactions);
            ConnectionProvider connections = new SpringDataSourceConnectionProvider(dataSource);
            Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                    .configureTransactionManager(c -> manager)
                    .configureSerializer(c -> serializer())
                    .configureEmbeddedEventStore(c -> (EventStorageEngine) engine(connections, manager))
                    .registerComponent(TokenStore.class, c -> tokens(connections));
            modules.forEach(module -> module.configureModule(configurer));
            return configurer.buildConfiguration();
        }
    }

    /** Starts the processor of an idle node. */
    public void startProcessing() {
        axon.start();
    }

    /** Appends the events in one transaction. @return the index of the last */
    public long append(Collection<? extends Event> events) {
        List<EventMessage<?>> messages = new ArrayList<>();
        for (Event event : events) {
            messages.add(message(event));
        }
        SpringTransactionManager manager =
                new SpringTransactionManager(context.getBean(PlatformTransactionManager.class));
        manager.executeInTransaction(() -> axon.eventStore().publish(messages));
        return bean(EventSource.class).head();
    }

    private DomainEventMessage<?> message(Event event) {
        String stream = event.stream().toString();
        long sequence = sequences.merge(stream, 1L, Long::sum) - 1;
        MetaData metadata = MetaData.with("actor", "saga:test")
                .and("cause", "test")
                .and("correlation", "c")
                .and("commandId", "1");
        return new GenericDomainEventMessage<>(event.stream().type(), stream, sequence, event, metadata);
    }

    /** Appends, and waits until the views stand there. */
    public long show(Collection<? extends Event> events) {
        long index = append(events);
        awaitViews(index);
        return index;
    }

    public void awaitViews(long index) {
        awaitViews(index, PATIENCE);
    }

    public void awaitViews(long index, Duration patience) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(patience).until(() -> position() >= index);
    }

    /** The index at which the views stand. */
    public long position() {
        return jdbi().withHandle(handle -> handle.createQuery("SELECT coalesce(max(as_of), 0) FROM view.position")
                .mapTo(Long.class)
                .one());
    }

    public <R> Optional<R> find(Object query, Class<R> type) {
        return answer(axon.queryGateway().query(query, ResponseTypes.optionalInstanceOf(type)));
    }

    @SuppressWarnings("unchecked") // the question says what its page holds
    public <R> io.athanor.domain.view.Page<R> page(Object query) {
        return (io.athanor.domain.view.Page<R>)
                answer(axon.queryGateway().query(query, ResponseTypes.instanceOf(io.athanor.domain.view.Page.class)));
    }

    private static <T> T answer(java.util.concurrent.CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every row of every view as text, in the order of its bytes. */
    public Map<String, List<String>> dump() {
        Map<String, List<String>> dump = new HashMap<>();
        QuerySideConfiguration.projections()
                .forEach(projection ->
                        projection.tables().forEach(table -> dump.put(table.name(), rows(table.name()))));
        dump.put("view.position", rows("view.position"));
        return dump;
    }

    private List<String> rows(String table) {
        return jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT t::text FROM " + table + " t ORDER BY t::text COLLATE \"C\"")
                .mapTo(String.class)
                .list());
    }

    public Jdbi jdbi() {
        return Jdbi.create(context.getBean(DataSource.class));
    }

    public Configuration axon() {
        return axon;
    }

    public Database database() {
        return database;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
