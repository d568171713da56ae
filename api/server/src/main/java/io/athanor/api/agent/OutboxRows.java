package io.athanor.api.agent;

import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.api.agent.AgentRecords.OutboxRow;
import io.athanor.codec.Json;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What one batch of events means for the outbox tables: one statement a kind of change, whatever the batch's length.
 *
 * <p>Invariant: the statements come in the order of a task's life (submitted, topped up, leased, told, ended, settled), so that their
 * result is that of the events one by one. A batch that comes again changes nothing but the count of open tasks, which
 * moves in the transaction of the events' token.
 */
final class OutboxRows {
    private final Map<JobId, JobSubmitted> submitted = new LinkedHashMap<>();
    private final Map<JobId, JobToppedUp> toppedUp = new LinkedHashMap<>();
    private final Map<LeaseId, LeaseRow> leased = new LinkedHashMap<>();
    private final List<OutboxRow> posted = new ArrayList<>();
    private final List<LeaseId> ended = new ArrayList<>();
    private final List<TaskId> settled = new ArrayList<>();

    void submitted(JobSubmitted event) {
        submitted.putIfAbsent(event.task().job(), event);
    }

    /** The newest cap counts; caps only rise. */
    void toppedUp(JobToppedUp event) {
        toppedUp.put(event.task().job(), event);
    }

    void leased(LeaseRow row) {
        leased.put(row.lease(), row);
    }

    void post(OutboxRow row) {
        posted.add(row);
    }

    void ended(LeaseId lease) {
        ended.add(lease);
    }

    void settled(TaskId task) {
        settled.add(task);
    }

    List<OutboxRow> posted() {
        return posted;
    }

    /** Writes all of it, in the caller's transaction. */
    void write(JdbcTemplate sql) {
        writeJobs(sql);
        writeCaps(sql);
        writeLeases(sql);
        writePosts(sql);
        if (!ended.isEmpty()) {
            sql.update("UPDATE api.lease SET open = false WHERE lease = ANY (?)", (Object)
                    texts(ended, LeaseId::toString));
        }
        if (!settled.isEmpty()) {
            forget(sql);
        }
    }

    private void writeJobs(JdbcTemplate sql) {
        List<JobSubmitted> rows = List.copyOf(submitted.values());
        if (!rows.isEmpty()) {
            sql.update(
                    "INSERT INTO api.job (job, client, spec, open_tasks)"
                            + " SELECT job, client, spec::jsonb, open_tasks FROM unnest(?::uuid[], ?::text[], ?::text[], ?::int[])"
                            + " AS u (job, client, spec, open_tasks) ON CONFLICT DO NOTHING",
                    uuids(rows, e -> e.task().job().value()),
                    texts(rows, e -> e.client().address()),
                    texts(rows, e -> Json.text(e.spec())),
                    numbers(rows, e -> e.spec().tasks()));
        }
    }

    private void writeCaps(JdbcTemplate sql) {
        List<JobToppedUp> rows = List.copyOf(toppedUp.values());
        if (!rows.isEmpty()) {
            sql.update(
                    "UPDATE api.job j SET spec = jsonb_set(j.spec, '{cap}', u.cap::jsonb)"
                            + " FROM unnest(?::uuid[], ?::text[]) AS u (job, cap) WHERE j.job = u.job",
                    uuids(rows, e -> e.task().job().value()),
                    texts(rows, e -> Json.text(e.cap())));
        }
    }

    private void writeLeases(JdbcTemplate sql) {
        List<LeaseRow> rows = List.copyOf(leased.values());
        if (!rows.isEmpty()) {
            sql.update(
                    "INSERT INTO api.lease (lease, job, task, machine, open, body)"
                            + " SELECT lease, job, task, machine, true, body::jsonb"
                            + " FROM unnest(?::text[], ?::uuid[], ?::int[], ?::uuid[], ?::text[])"
                            + " AS u (lease, job, task, machine, body) ON CONFLICT DO NOTHING",
                    texts(rows, row -> row.lease().toString()),
                    uuids(rows, row -> row.lease().task().job().value()),
                    numbers(rows, row -> row.lease().task().index()),
                    uuids(rows, row -> row.machine().value()),
                    texts(rows, row -> Json.text(row.start())));
        }
    }

    private void writePosts(JdbcTemplate sql) {
        if (!posted.isEmpty()) {
            sql.update(
                    "INSERT INTO api.agent_outbox (event_index, machine, body)"
                            + " SELECT event_index, machine, body::jsonb FROM unnest(?::bigint[], ?::uuid[], ?::text[])"
                            + " AS u (event_index, machine, body) ON CONFLICT DO NOTHING",
                    posted.stream().map(OutboxRow::eventIndex).toArray(Long[]::new),
                    uuids(posted, row -> row.machine().value()),
                    texts(posted, row -> Json.text(row.order())));
        }
    }

    /** Forgets the settled tasks' leases, and their jobs with their last task. */
    private void forget(JdbcTemplate sql) {
        UUID[] jobs = uuids(settled, task -> task.job().value());
        sql.update(
                "DELETE FROM api.lease l USING unnest(?::uuid[], ?::int[]) AS u (job, task)"
                        + " WHERE l.job = u.job AND l.task = u.task",
                jobs,
                numbers(settled, TaskId::index));
        sql.update(
                "UPDATE api.job j SET open_tasks = j.open_tasks - u.tasks"
                        + " FROM (SELECT job, count(*)::int AS tasks FROM unnest(?::uuid[]) AS t (job) GROUP BY job) u"
                        + " WHERE j.job = u.job",
                (Object) jobs);
        sql.update("DELETE FROM api.job WHERE job = ANY (?) AND open_tasks <= 0", (Object) jobs);
    }

    private static <T> UUID[] uuids(List<T> rows, Function<T, UUID> value) {
        return rows.stream().map(value).toArray(UUID[]::new);
    }

    private static <T> String[] texts(List<T> rows, Function<T, String> value) {
        return rows.stream().map(value).toArray(String[]::new);
    }

    private static <T> Integer[] numbers(List<T> rows, Function<T, Integer> value) {
        return rows.stream().map(value).toArray(Integer[]::new);
    }
}
