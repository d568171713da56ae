package io.athanor.api;

import io.athanor.domain.port.Schema;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The doors. Needs from the node: {@link ApiSettings}, the ports of {@code io.athanor.domain.port}, Axon's query gateway,
 * one data source with its transaction manager, and one clock; brings controllers, security, the {@code api} schema and
 * the processor {@code agent-outbox}.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
public class ApiConfiguration {
    @Bean
    Schema apiSchema() {
        return Schema.readWrite("api", "classpath:db/api");
    }

    @Bean
    JdbcClient apiSql(DataSource dataSource) {
        return JdbcClient.create(dataSource);
    }

    @Bean
    JdbcTemplate apiBatches(DataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean
    TransactionTemplate apiTransactions(PlatformTransactionManager transactions) {
        return new TransactionTemplate(transactions);
    }
}
