package io.athanor.saga.live;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait for a machine, in the order they came, by what the scheduler looks at: where one task of a kind
 * finds no machine, the others of it need not be tried.
 */
public final class TaskQueue {
    private final Map<Kind, LinkedHashSet<TaskId>> waiting = new LinkedHashMap<>();
    private final Map<TaskId, Kind> kinds = new HashMap<>();

    /** All that decides which machines take a task. */
    public record Kind(
            JobSpec.GpuDemand gpus,
            int cpuMillis,
            long memoryMib,
            Ath maxPrice,
            Set<Region> regions,
            Set<MachineId> avoid) {
        static Kind of(JobSpec spec, Set<MachineId> avoid) {
            return new Kind(spec.gpus(), spec.cpuMillis(), spec.memoryMib(), spec.maxPrice(), spec.regions(), avoid);
        }
    }

    void add(TaskId task, JobSpec spec, Set<MachineId> avoid) {
        Kind kind = Kind.of(spec, avoid);
        Kind before = kinds.put(task, kind);
        if (before != null && !before.equals(kind)) {
            drop(task, before);
        }
        waiting.computeIfAbsent(kind, k -> new LinkedHashSet<>()).add(task);
    }

    void remove(TaskId task) {
        Kind kind = kinds.remove(task);
        if (kind != null) {
            drop(task, kind);
        }
    }

    private void drop(TaskId task, Kind kind) {
        LinkedHashSet<TaskId> tasks = waiting.get(kind);
        if (tasks != null && tasks.remove(task) && tasks.isEmpty()) {
            waiting.remove(kind);
        }
    }

    void clear() {
        waiting.clear();
        kinds.clear();
    }

    public int size() {
        return kinds.size();
    }

    /** In the order in which the first of each kind came. */
    public List<Kind> kinds() {
        return List.copyOf(waiting.keySet());
    }

    /** In the order they came; do not change the queue while iterating. */
    public Iterable<TaskId> of(Kind kind) {
        @Nullable LinkedHashSet<TaskId> tasks = waiting.get(kind);
        return tasks == null ? List.of() : tasks;
    }
}
