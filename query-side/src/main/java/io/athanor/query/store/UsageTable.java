package io.athanor.query.store;

import io.athanor.domain.common.JobId;
import io.athanor.domain.view.TaskUsageView;
import io.athanor.query.table.Mapping;
import io.athanor.query.table.Table;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The newest usage of each task. */
public final class UsageTable {
    private static final Table<TaskUsageView> TABLE =
            Table.inSchema("telemetry", "task_usage", TaskUsageView.class, "job", "task");
    private static final Mapping<TaskUsageView> ROW = Mapping.of(TaskUsageView.class);

    private final Jdbi jdbi;

    public UsageTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    void write(List<TaskUsageView> rows) {
        jdbi.useTransaction(handle -> {
            try {
                TABLE.upsert(handle.getConnection(), rows);
            } catch (SQLException e) {
                throw new IllegalStateException("cannot write usage", e);
            }
        });
    }

    /** Of a job, in the order of its tasks, behind a task. */
    List<TaskUsageView> read(JobId job, int afterTask, int rows) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM telemetry.task_usage"
                        + " WHERE job = :job AND task > :task ORDER BY task LIMIT :rows")
                .bind("job", job.toString())
                .bind("task", afterTask)
                .bind("rows", rows)
                .map(ROW)
                .list());
    }

    void forgetBefore(Instant time) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM telemetry.task_usage WHERE at < :time")
                .bind("time", time)
                .execute());
    }
}
