package io.athanor.node;

import io.athanor.domain.port.Schema;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Brings every module's schema up to date, as the owner, and grants the service what each module says. */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final String HISTORY_TABLE = "schema_history";

    private Migrations() {}

    static void run(String ownerUrl, List<Schema> schemas) {
        DriverManagerDataSource owner = new DriverManagerDataSource(ownerUrl);
        JdbcTemplate sql = new JdbcTemplate(owner);
        for (Schema schema : schemas) {
            MigrateResult result = Flyway.configure()
                    .dataSource(owner)
                    .schemas(schema.name())
                    .defaultSchema(schema.name())
                    .table(HISTORY_TABLE)
                    .locations(schema.location())
                    .load()
                    .migrate();
            if (result.migrationsExecuted > 0) {
                LOG.info("schema {} is now at version {}", schema.name(), result.targetSchemaVersion);
            }
            if (!schema.grants().isBlank()) {
                sql.execute(schema.grants());
            }
        }
    }
}
