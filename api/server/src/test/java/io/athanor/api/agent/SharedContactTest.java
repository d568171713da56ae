package io.athanor.api.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.port.Schema;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a machine says to one node is heard by the other. */
@Tag("postgres")
class SharedContactTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final MachineId MACHINE = new MachineId(new UUID(1, 2));

    private final Database database = TestEngines.freshDatabase("contact");
    private Instant now = NOW;

    private SharedContact node(Map<MachineId, Instant> heard) {
        DriverManagerDataSource source = new DriverManagerDataSource(database.appUrl());
        ContactRecords records = new ContactRecords(JdbcClient.create(source), new JdbcTemplate(source));
        return new SharedContact(heard::put, records, () -> now);
    }

    private void migrate() throws SQLException {
        Flyway.configure()
                .dataSource(database.ownerUrl(), null, null)
                .schemas("api")
                .locations("classpath:db/api")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(database.ownerUrl());
                var statement = connection.createStatement()) {
            statement.execute(Schema.readWrite("api", "classpath:db/api").grants());
        }
    }

    @Test
    void aMachineOfOneNodeIsHeardByTheOtherWhileBothServe() throws SQLException {
        migrate();
        Map<MachineId, Instant> first = new HashMap<>();
        Map<MachineId, Instant> second = new HashMap<>();
        SharedContact a = node(first);
        SharedContact b = node(second);
        a.heard(MACHINE, NOW);
        a.tick();
        assertThat(first).containsEntry(MACHINE, NOW);
        b.tick();
        assertThat(second).isEmpty();
        now = NOW.plusSeconds(1);
        a.heard(MACHINE, now);
        a.tick();
        b.tick();
        assertThat(second).containsEntry(MACHINE, now);
        now = NOW.plusSeconds(30);
        second.clear();
        b.tick();
        assertThat(second).isEmpty();
    }
}
