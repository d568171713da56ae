package io.athanor.saga.live;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tasks that wait for a machine, in the order they came, by what the scheduler looks at: where one task of a kind
 * finds no machine, the others of it need not be tried; where a kind finds none anywhere, neither need those of it that
 * avoid some.
 */
public final class TaskQueue {
    private final Map<Kind, Map<Kind, LinkedHashSet<TaskId>>> waiting = new LinkedHashMap<>();
    private final Map<TaskId, Kind> kinds = new HashMap<>();

    /** All that decides which machines take a task. */
    public record Kind(
            JobSpec.GpuDemand gpus,
            int cpuMillis,
            long memoryMib,
            Ath maxPrice,
            Set<Region> regions,
            Set<MachineId> avoid) {
        /** The same without anything to avoid: what finds no machine now, finds none with it. */
        public Kind anywhere() {
            return avoid.isEmpty() ? this : new Kind(gpus, cpuMillis, memoryMib, maxPrice, regions, Set.of());
        }

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
        waiting.computeIfAbsent(kind.anywhere(), k -> new LinkedHashMap<>())
                .computeIfAbsent(kind, k -> new LinkedHashSet<>())
                .add(task);
    }

    void remove(TaskId task) {
        Kind kind = kinds.remove(task);
        if (kind != null) {
            drop(task, kind);
        }
    }

    private void drop(TaskId task, Kind kind) {
        Map<Kind, LinkedHashSet<TaskId>> family = waiting.getOrDefault(kind.anywhere(), Map.of());
        LinkedHashSet<TaskId> tasks = family.get(kind);
        if (tasks != null && tasks.remove(task) && tasks.isEmpty()) {
            family.remove(kind);
            if (family.isEmpty()) {
                waiting.remove(kind.anywhere());
            }
        }
    }

    void clear() {
        waiting.clear();
        kinds.clear();
    }

    public int size() {
        return kinds.size();
    }

    /** The kinds that avoid nothing, in the order in which the first of their families came. */
    public List<Kind> families() {
        return List.copyOf(waiting.keySet());
    }

    /** The kinds that are this one but for what they avoid, in the order in which the first of each came. */
    public List<Kind> family(Kind anywhere) {
        return List.copyOf(waiting.getOrDefault(anywhere, Map.of()).keySet());
    }

    /** In the order they came; do not change the queue while iterating. */
    public Collection<TaskId> of(Kind kind) {
        Collection<TaskId> tasks =
                waiting.getOrDefault(kind.anywhere(), Map.of()).get(kind);
        return tasks == null ? List.of() : tasks;
    }
}
