package io.athanor.api.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.api.agent.AgentRecords.OutboxRow;
import io.athanor.api.agent.AgentSessions.Session;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Drain;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Sessions over a restart and between two nodes, on one PostgreSQL. */
@Tag("postgres")
class AgentSessionsTest {
    private static final Inventory INVENTORY =
            new Inventory("0x01", new Region("eu-west"), List.of(), 8, 1_024, 100, 0, 0, "28.3", true);

    private final JdbcTemplate sql = database();
    private final AgentRecords records = new AgentRecords(JdbcClient.create(sql), sql);
    private final MachineId machine = new MachineId(UUID.randomUUID());
    private final AgentSessions first = new AgentSessions(records, InstantSource.system());
    private final AgentSessions second = new AgentSessions(records, InstantSource.system());

    private static JdbcTemplate database() {
        Database database = TestEngines.freshDatabase("sessions");
        Flyway.configure()
                .dataSource(database.ownerUrl(), null, null)
                .schemas("api")
                .locations("classpath:db/api")
                .load()
                .migrate();
        return new JdbcTemplate(new DriverManagerDataSource(database.ownerUrl()));
    }

    private Session open(AgentSessions node) {
        records.enrolled(machine, "0x" + "11".repeat(32), Wallet.ZERO);
        return node.open(machine, INVENTORY, "0.1.0");
    }

    private static List<Ordered> orders(Session session) {
        return session.mailbox.await(Duration.ZERO, 10);
    }

    @Test
    void aRestartedNodeGoesOnWithTheSessionAndItsOrders() {
        Session before = open(first);
        before.ackAgentSeq = 9;
        before.ackDirty = true;
        OutboxRows rows = new OutboxRows();
        rows.post(new OutboxRow(machine, 100, new Drain()));
        rows.write(sql);
        first.tick();

        Session after = second.require(machine, before.number);
        assertThat(after.ackAgentSeq).isEqualTo(9);
        after.mailbox.acknowledge(41);
        assertThat(orders(after)).containsExactly(new Ordered(42, new Drain()));
        after.mailbox.acknowledge(42);
        second.tick();
        assertThat(records.waiting(List.of(machine), 10)).isEmpty();
    }

    @Test
    void theNodeThatLostASessionLetsItGo() {
        Session before = open(first);
        Session after = open(second);
        assertThat(after.number).isEqualTo(before.number + 1);
        first.tick();
        assertThat(first.numberOf(machine)).isEmpty();
        assertThatThrownBy(() -> orders(before))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.STALE_SESSION));
        assertThatThrownBy(() -> first.require(machine, before.number)).isInstanceOf(Refused.class);
        assertThat(second.require(machine, after.number)).isSameAs(after);
    }

    @Test
    void challengesGoOnlyToSessionsThatAreHeardOf() {
        assertThat(first.post(machine, new Drain())).isFalse();
        Session session = open(first);
        assertThat(first.post(machine, new Drain())).isTrue();
        session.heardAt = session.heardAt.minusSeconds(3_600);
        assertThat(first.post(machine, new Drain())).isFalse();
        assertThat(first.live()).isZero();
    }
}
