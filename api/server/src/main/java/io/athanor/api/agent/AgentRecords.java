package io.athanor.api.agent;

import io.athanor.codec.Json;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The SQL of the agent protocol: one method a statement. */
@Component
final class AgentRecords {
    private final JdbcClient sql;
    private final JdbcTemplate batches;

    AgentRecords(JdbcClient sql, JdbcTemplate batches) {
        this.sql = sql;
        this.batches = batches;
    }

    /** One machine's row. */
    record AgentRow(
            MachineId machine,
            String agentKey,
            Wallet provider,
            long session,
            long ackAgentSeq,
            boolean online,
            @Nullable Inventory inventory,
            Set<String> unhealthy) {}

    /** A lease as the outbox knows it; {@code start} is its Start order. */
    record LeaseRow(LeaseId lease, MachineId machine, boolean open, AgentOrder.Start start) {}

    record OutboxRow(MachineId machine, long eventIndex, AgentOrder order) {}

    record Ack(MachineId machine, long session, long ackAgentSeq) {}

    record SessionState(MachineId machine, long session, UUID holder, boolean online) {}

    void enrolled(MachineId machine, String agentKey, Wallet provider) {
        sql.sql("INSERT INTO api.agent (machine, agent_key, provider) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .params(machine.value(), agentKey, provider.address())
                .update();
    }

    Optional<AgentRow> agent(MachineId machine) {
        return sql.sql("SELECT * FROM api.agent WHERE machine = ?")
                .param(machine.value())
                .query((row, n) -> agentRow(row))
                .optional();
    }

    private static AgentRow agentRow(ResultSet row) throws SQLException {
        String inventory = row.getString("inventory");
        String unhealthy = row.getString("unhealthy");
        return new AgentRow(
                machine(row),
                row.getString("agent_key"),
                Wallet.parse(row.getString("provider")),
                row.getLong("session"),
                row.getLong("ack_agent_seq"),
                row.getBoolean("online"),
                inventory == null ? null : Json.read(inventory, Inventory.class),
                unhealthy.isEmpty() ? Set.of() : Set.of(unhealthy.split(",")));
    }

    private static MachineId machine(ResultSet row) throws SQLException {
        return new MachineId(row.getObject("machine", UUID.class));
    }

    /** Begins the machine's next session and returns its number. */
    long openSession(MachineId machine, UUID holder, Inventory inventory, String agentVersion) {
        return sql.sql(
                        "UPDATE api.agent SET session = session + 1, holder = ?, inventory = ?::jsonb, agent_version = ?,"
                                + " unhealthy = '', draining = false WHERE machine = ? RETURNING session")
                .params(holder, Json.text(inventory), agentVersion, machine.value())
                .query(Long.class)
                .single();
    }

    /** Takes over a session that another process held; false where it is not the machine's newest. */
    boolean holdSession(MachineId machine, UUID holder, long session) {
        return sql.sql("UPDATE api.agent SET holder = ? WHERE machine = ? AND session = ?")
                        .params(holder, machine.value(), session)
                        .update()
                == 1;
    }

    void setUnhealthy(MachineId machine, Set<String> gpus) {
        sql.sql("UPDATE api.agent SET unhealthy = ? WHERE machine = ?")
                .params(String.join(",", gpus), machine.value())
                .update();
    }

    void setDraining(MachineId machine, boolean draining) {
        sql.sql("UPDATE api.agent SET draining = ? WHERE machine = ?")
                .params(draining, machine.value())
                .update();
    }

    void setOnline(MachineId machine, boolean online) {
        sql.sql("UPDATE api.agent SET online = ? WHERE machine = ?")
                .params(online, machine.value())
                .update();
    }

    void saveAcks(Collection<Ack> acks) {
        batches.batchUpdate(
                "UPDATE api.agent SET ack_agent_seq = ? WHERE machine = ? AND session = ? AND ack_agent_seq < ?",
                acks.stream()
                        .map(ack ->
                                new Object[] {ack.ackAgentSeq(), ack.machine().value(), ack.session(), ack.ackAgentSeq()
                                })
                        .toList());
    }

    List<SessionState> sessions(Collection<MachineId> machines) {
        return sql.sql("SELECT machine, session, holder, online FROM api.agent"
                        + " WHERE machine = ANY(?) AND holder IS NOT NULL")
                .param(uuids(machines))
                .query((row, n) -> new SessionState(
                        machine(row),
                        row.getLong("session"),
                        row.getObject("holder", UUID.class),
                        row.getBoolean("online")))
                .list();
    }

    Optional<JobSpec> spec(JobId job) {
        return sql.sql("SELECT spec FROM api.job WHERE job = ?")
                .param(job.value())
                .query(String.class)
                .optional()
                .map(text -> Json.read(text, JobSpec.class));
    }

    Optional<LeaseRow> lease(LeaseId lease) {
        return sql.sql("SELECT lease, machine, open, body FROM api.lease WHERE lease = ?")
                .param(lease.toString())
                .query((row, n) -> leaseRow(row))
                .optional();
    }

    Optional<LeaseRow> openLease(TaskId task) {
        return sql.sql("SELECT lease, machine, open, body FROM api.lease WHERE job = ? AND task = ? AND open")
                .params(task.job().value(), task.index())
                .query((row, n) -> leaseRow(row))
                .optional();
    }

    List<LeaseRow> openLeases(MachineId machine) {
        return sql.sql("SELECT lease, machine, open, body FROM api.lease WHERE machine = ? AND open")
                .param(machine.value())
                .query((row, n) -> leaseRow(row))
                .list();
    }

    private static LeaseRow leaseRow(ResultSet row) throws SQLException {
        AgentOrder.Start start = Json.read(row.getString("body"), AgentOrder.Start.class);
        return new LeaseRow(LeaseId.parse(row.getString("lease")), machine(row), row.getBoolean("open"), start);
    }

    /** What waits for these machines, oldest first. */
    List<OutboxRow> waiting(Collection<MachineId> machines, int limit) {
        return sql.sql("SELECT machine, event_index, body FROM api.agent_outbox WHERE machine = ANY(?)"
                        + " ORDER BY event_index LIMIT ?")
                .params(uuids(machines), limit)
                .query((row, n) -> new OutboxRow(
                        machine(row), row.getLong("event_index"), Json.read(row.getString("body"), AgentOrder.class)))
                .list();
    }

    /** Removes acknowledged orders and returns those that were there. */
    List<Long> removeAcknowledged(Collection<Long> eventIndexes) {
        return sql.sql("DELETE FROM api.agent_outbox WHERE event_index = ANY(?) RETURNING event_index")
                .param(eventIndexes.toArray(Long[]::new))
                .query(Long.class)
                .list();
    }

    private static UUID[] uuids(Collection<MachineId> machines) {
        return machines.stream().map(MachineId::value).toArray(UUID[]::new);
    }
}
