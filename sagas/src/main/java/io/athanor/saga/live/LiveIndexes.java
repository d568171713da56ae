package io.athanor.saga.live;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.job.Job;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Look-ups over live rows, always derivable from them. */
final class LiveIndexes {
    private final TaskQueue queue = new TaskQueue();
    /** Tasks that ran, ended, and are not judged yet. */
    private final Set<TaskId> unjudged = new LinkedHashSet<>();
    /** Judged tasks that no epoch has settled. */
    private final Set<TaskId> verified = new LinkedHashSet<>();
    /** The newest delivery round in which a task is a subject. */
    private final Map<TaskId, RoundId> attestedBy = new HashMap<>();

    private final NavigableMap<Long, Boolean> closedEpochs = new TreeMap<>();
    private final Map<Long, TreeSet<RoundId>> rounds = new HashMap<>();

    void clear() {
        queue.clear();
        unjudged.clear();
        verified.clear();
        attestedBy.clear();
        closedEpochs.clear();
        rounds.clear();
    }

    void changed(TaskId id, LiveTask task) {
        if (task.job() instanceof Job.Queued queued) {
            queue.add(id, queued.order().spec(), task.avoid());
        } else {
            queue.remove(id);
        }
        set(unjudged, id, task.job() instanceof Job.Ended ended && ended.receipt() != null);
        set(verified, id, task.job() instanceof Job.Verified);
    }

    private static void set(Set<TaskId> set, TaskId id, boolean member) {
        if (member) {
            set.add(id);
        } else {
            set.remove(id);
        }
    }

    void gone(TaskId id) {
        queue.remove(id);
        unjudged.remove(id);
        verified.remove(id);
        attestedBy.remove(id);
    }

    void opened(RoundOpened round) {
        rounds.computeIfAbsent(round.round().epoch(), e -> new TreeSet<>()).add(round.round());
        for (Subject subject : round.subjects()) {
            if (subject instanceof Subject.DeliverySubject delivery) {
                attestedBy.merge(delivery.lease().task(), round.round(), (a, b) -> a.compareTo(b) >= 0 ? a : b);
            }
        }
    }

    void changed(long id, Epoch epoch) {
        closedEpochs.put(id, epoch.closedHead() != null);
    }

    void forgetRounds(long epoch) {
        rounds.remove(epoch);
        attestedBy.values().removeIf(round -> round.epoch() == epoch);
    }

    void forgetEpoch(long epoch) {
        closedEpochs.remove(epoch);
    }

    TaskQueue queue() {
        return queue;
    }

    Set<TaskId> unjudged() {
        return unjudged;
    }

    Set<TaskId> verified() {
        return verified;
    }

    @Nullable RoundId attestedBy(TaskId task) {
        return attestedBy.get(task);
    }

    List<RoundId> roundsOf(long epoch) {
        return List.copyOf(rounds.getOrDefault(epoch, new TreeSet<>()));
    }

    /** Epochs that are not closed, oldest first. */
    List<Long> openEpochs() {
        return closedEpochs.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Nullable Long newestEpoch() {
        return closedEpochs.isEmpty() ? null : closedEpochs.lastKey();
    }

    /** The epoch that opened before this one; numbers may skip epochs in which no node ran. */
    @Nullable Long epochBefore(long epoch) {
        return closedEpochs.lowerKey(epoch);
    }

    /** Closed epochs that are neither the newest, nor before an open one, nor before the newest. */
    List<Long> outlivedEpochs() {
        Long newest = newestEpoch();
        Long oldestOpen = openEpochs().stream().findFirst().orElse(newest);
        if (newest == null || oldestOpen == null) {
            return List.of();
        }
        Long needed = closedEpochs.lowerKey(Math.min(oldestOpen, newest));
        return needed == null
                ? List.of()
                : List.copyOf(closedEpochs.headMap(needed, false).keySet());
    }
}
