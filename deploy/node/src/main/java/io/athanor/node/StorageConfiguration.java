package io.athanor.node;

import com.zaxxer.hikari.HikariDataSource;
import io.athanor.domain.port.Schema;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Settings, database, transactions and clock, the same for every module. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AthanorProperties.class)
public class StorageConfiguration {
    private static final int POOL_CONNECTIONS = 24;
    private static final long CONNECT_TIMEOUT_MILLIS = 10_000;

    /**
     * The one clock, in whole milliseconds like every stored instant: what is computed before an event is stored must
     * be what the replay computes after. Virtual time exists in simulations only, never here.
     */
    @Bean
    public InstantSource clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    /** The service's pool, as the role that cannot change history. It exists only once the schemas are migrated. */
    @Bean(destroyMethod = "close")
    public HikariDataSource dataSource(AthanorProperties settings, List<Schema> schemas) {
        Migrations.run(settings.db().migrateUrl(), schemas);
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(settings.db().url());
        pool.setMaximumPoolSize(POOL_CONNECTIONS);
        pool.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        pool.setPoolName("athanor");
        return pool;
    }

    @Bean
    public PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }
}
