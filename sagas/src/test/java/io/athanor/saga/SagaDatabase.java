package io.athanor.saga;

import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import org.flywaydb.core.Flyway;

/** Databases with the module's schema. */
final class SagaDatabase {
    private SagaDatabase() {}

    private static Database template() {
        return TestEngines.template(
                "saga",
                database -> Flyway.configure()
                        .dataSource(database.adminUrl(), null, null)
                        .schemas("saga")
                        .locations("classpath:db/saga")
                        .load()
                        .migrate());
    }

    static Database fresh() {
        return TestEngines.freshDatabase("saga", template());
    }
}
