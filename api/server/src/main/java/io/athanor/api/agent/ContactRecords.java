package io.athanor.api.agent;

import io.athanor.domain.common.MachineId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The SQL of what nodes tell each other about machines. */
@Component
final class ContactRecords {
    private final JdbcClient sql;
    private final JdbcTemplate batches;

    ContactRecords(JdbcClient sql, JdbcTemplate batches) {
        this.sql = sql;
        this.batches = batches;
    }

    /** A machine, and when it spoke. */
    record Heard(MachineId machine, Instant at) {}

    /** Notes that this node serves; how many others were seen lately. */
    int others(UUID self, Instant now, Instant since) {
        sql.sql("INSERT INTO api.node (node, seen_at) VALUES (?, ?)"
                        + " ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at")
                .params(self, Timestamp.from(now))
                .update();
        sql.sql("DELETE FROM api.node WHERE seen_at < ?")
                .param(Timestamp.from(since))
                .update();
        return sql.sql("SELECT count(*) FROM api.node WHERE node <> ?")
                .param(self)
                .query(Integer.class)
                .single();
    }

    void tell(UUID self, List<Heard> heard) {
        batches.batchUpdate(
                "INSERT INTO api.contact (machine, node, at) VALUES (?, ?, ?) ON CONFLICT (machine)"
                        + " DO UPDATE SET node = excluded.node, at = greatest(contact.at, excluded.at)",
                heard.stream()
                        .map(h -> new Object[] {h.machine().value(), self, Timestamp.from(h.at())})
                        .toList());
    }

    List<Heard> heardElsewhere(UUID self, Instant since) {
        return sql.sql("SELECT machine, at FROM api.contact WHERE node <> ? AND at >= ?")
                .params(self, Timestamp.from(since))
                .query((row, n) -> new Heard(
                        new MachineId(row.getObject("machine", UUID.class)),
                        row.getTimestamp("at").toInstant()))
                .list();
    }
}
