package io.athanor.query.store;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskUsageView;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.LeaseState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What tasks' containers use: what this node heard since the last write in memory, everything else in the table.
 *
 * <p>Invariant: a value leaves the memory only when the table has it, or a newer one has come.
 */
final class TaskUsages {
    private final UsageTable table;
    private final Map<JobId, Map<Integer, TaskUsageView>> recent = new ConcurrentHashMap<>();

    TaskUsages(UsageTable table) {
        this.table = table;
    }

    void heard(MachineId machine, Heartbeat heartbeat, Instant at) {
        for (LeaseState state : heartbeat.leases()) {
            if (state.usage() != null) {
                TaskUsageView row = TaskUsageView.of(state.lease(), machine, at, state.usage());
                recent.compute(row.job(), (job, known) -> with(known, row));
            }
        }
    }

    private static Map<Integer, TaskUsageView> with(Map<Integer, TaskUsageView> known, TaskUsageView row) {
        Map<Integer, TaskUsageView> rows = known == null ? new ConcurrentHashMap<>() : known;
        rows.merge(row.task(), row, (a, b) -> a.lease().fence() > b.lease().fence() ? a : b);
        return rows;
    }

    /** Writes what is in memory. */
    void flush() {
        List<TaskUsageView> rows = new ArrayList<>();
        recent.values().forEach(job -> rows.addAll(job.values()));
        if (rows.isEmpty()) {
            return;
        }
        table.write(rows);
        rows.forEach(row -> recent.computeIfPresent(row.job(), (job, known) -> {
            known.remove(row.task(), row);
            return known.isEmpty() ? null : known;
        }));
    }

    void forgetBefore(Instant time) {
        table.forgetBefore(time);
    }

    /** Of a job, in the order of its tasks, behind a task; {@code asOf} is 0, since no event tells it. */
    Page<TaskUsageView> page(JobId job, int afterTask, int first) {
        Map<Integer, TaskUsageView> rows = new TreeMap<>();
        table.read(job, afterTask, first + 1).forEach(row -> rows.put(row.task(), row));
        recent.getOrDefault(job, Map.of()).forEach((task, row) -> {
            if (task > afterTask) {
                rows.put(task, row);
            }
        });
        List<TaskUsageView> shown = rows.values().stream().limit(first).toList();
        boolean more = rows.size() > first;
        return new Page<>(shown, more ? Integer.toString(shown.getLast().task()) : null, 0);
    }
}
