package io.athanor.apitest;

import io.athanor.api.ApiConfiguration;
import io.athanor.api.ApiSettings;
import io.athanor.codec.Profiles;
import io.athanor.crypto.Wallets;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;

/** The doors on a free port, with PostgreSQL for their own schema, once for all tests of the process. */
final class ApiNode {
    static final long CHAIN = 31_337;
    static final Wallet VAULT = Wallet.parse("0x00000000000000000000000000000000000000aa");
    static final Wallet LOG = Wallet.parse("0x00000000000000000000000000000000000000bb");
    static final Wallet OPERATOR = Wallet.parse(Wallets.devnet(19).address());

    static final long UPLOAD_BYTES = 4_000;
    static final long OUTPUT_BYTES = 3_000;
    static final long EVIDENCE_BYTES = 2_000;

    static final Database DATABASE = TestEngines.freshDatabase("api");
    static final MemoryNetwork NETWORK = new MemoryNetwork();
    static final MemoryStores STORES = new MemoryStores();
    static final MemoryChanges CHANGES = new MemoryChanges(NETWORK);
    static final MemoryOperations OPERATIONS = new MemoryOperations();
    static final Clock CLOCK = new Clock();
    private static final ConfigurableApplicationContext CONTEXT = start();

    private ApiNode() {}

    /** The real clock, moved by a test that needs another time. */
    static final class Clock implements InstantSource {
        final AtomicReference<java.time.Duration> shift = new AtomicReference<>(java.time.Duration.ZERO);

        @Override
        public Instant instant() {
            return Instant.now().plus(shift.get());
        }
    }

    static String url() {
        return "http://127.0.0.1:" + CONTEXT.getEnvironment().getProperty("local.server.port");
    }

    static <T> T bean(String name, Class<T> type) {
        return CONTEXT.getBean(name, type);
    }

    private static ConfigurableApplicationContext start() {
        migrate();
        NETWORK.send(Order.inside("test", null, List.of(begin()))).join();
        return new SpringApplicationBuilder(Node.class)
                .properties(
                        "server.port=0",
                        "spring.threads.virtual.enabled=true",
                        "spring.main.banner-mode=off",
                        "logging.level.root=WARN",
                        "spring.graphql.schema.printer.enabled=false",
                        "athanor.files.upload-bytes=" + UPLOAD_BYTES,
                        "athanor.files.output-bytes=" + OUTPUT_BYTES,
                        "athanor.files.evidence-bytes=" + EVIDENCE_BYTES,
                        "spring.graphql.http.sse.timeout=0s",
                        "spring.graphql.http.sse.keep-alive=1s",
                        "management.endpoints.web.exposure.include=health")
                .run();
    }

    private static BeginNetwork begin() {
        ProtocolParameters devnet = Profiles.load("devnet");
        return new BeginNetwork(CHAIN, VAULT, LOG, Instant.now(), devnet, Instant.now());
    }

    private static void migrate() {
        Flyway.configure()
                .dataSource(DATABASE.ownerUrl(), null, null)
                .schemas("api")
                .locations("classpath:db/api")
                .load()
                .migrate();
        try (var connection = java.sql.DriverManager.getConnection(DATABASE.ownerUrl());
                var statement = connection.createStatement()) {
            statement.execute(io.athanor.domain.port.Schema.readWrite("api", "classpath:db/api")
                    .grants());
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the node brings. */
    @EnableAutoConfiguration
    @Import(ApiConfiguration.class)
    static class Node {
        @Bean
        MemoryNetwork network() {
            return NETWORK;
        }

        @Bean
        MemoryStores stores() {
            return STORES;
        }

        @Bean
        MemoryOperations operations() {
            return OPERATIONS;
        }

        @Bean
        MemoryChanges changes() {
            return CHANGES;
        }

        @Bean
        InstantSource clock() {
            return CLOCK;
        }

        @Bean
        ApiSettings settings() {
            return new ApiSettings(
                    TestEngines.folder("api").resolve("token.key"), Set.of(OPERATOR), Set.of(), 1_000_000, 1_000_000);
        }

        @Bean
        DataSource dataSource() {
            com.zaxxer.hikari.HikariDataSource pool = new com.zaxxer.hikari.HikariDataSource();
            pool.setDataSource(new DriverManagerDataSource(DATABASE.appUrl()));
            pool.setMaximumPoolSize(8);
            return pool;
        }

        @Bean
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean(destroyMethod = "shutdown")
        org.axonframework.config.Configuration axon(
                List<ConfigurerModule> modules, PlatformTransactionManager transactions) {
            var configurer = DefaultConfigurer.defaultConfiguration()
                    .configureSerializer(c -> JacksonSerializer.defaultSerializer())
                    .configureEmbeddedEventStore(c -> new InMemoryEventStorageEngine(1))
                    .configureTransactionManager(c -> new SpringTransactionManager(transactions))
                    .registerQueryHandler(c -> new MemoryViews(NETWORK))
                    .registerQueryHandler(c -> new MemoryLists(NETWORK));
            configurer.eventProcessing(processing -> processing.registerTokenStore(c -> new InMemoryTokenStore()));
            modules.forEach(module -> module.configureModule(configurer));
            var started = configurer.start();
            NETWORK.publishTo(started.eventStore());
            return started;
        }

        @Bean
        QueryGateway queries(org.axonframework.config.Configuration axon) {
            return axon.queryGateway();
        }
    }
}
