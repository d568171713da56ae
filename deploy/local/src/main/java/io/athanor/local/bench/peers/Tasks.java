package io.athanor.local.bench.peers;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one phase's tasks came to, by this process's own clock: a task runs once the node has acknowledged that it started,
 * which is after the event is durable.
 */
final class Tasks {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<JobId, Long> submittedAt = new ConcurrentHashMap<>();
    private final Queue<Long> startNanos = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger declined = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile String failure = "";
    private volatile Semaphore room = new Semaphore(0);

    /** Begins a phase in which so many tasks may be between submission and end. */
    void begin(int inFlight) {
        submittedAt.clear();
        startNanos.clear();
        ended.set(0);
        declined.set(0);
        room = new Semaphore(inFlight);
    }

    void submitting(JobId job, int tasks) throws InterruptedException {
        room.acquire(tasks);
        submittedAt.put(job, System.nanoTime());
    }

    void acknowledged(AgentReport report, long now) {
        switch (report) {
            case AgentReport.Started started -> started(started.lease(), now);
            case AgentReport.Ended _ -> {
                ended.incrementAndGet();
                room.release();
            }
            case AgentReport.Declined _ -> declined.incrementAndGet();
            case AgentReport.GpuChanged _, AgentReport.Draining _ ->
                throw new IllegalStateException("no simulated agent reports this: " + report);
        }
    }

    private void started(LeaseId lease, long now) {
        Long submitted = submittedAt.get(lease.task().job());
        if (submitted != null) {
            startNanos.add(now - submitted);
        }
    }

    /** Notes that something went wrong; counted, and the newest is told. */
    void failed(String what) {
        failures.incrementAndGet();
        failure = what;
        System.err.println(what);
    }

    int ended() {
        return ended.get();
    }

    int declined() {
        return declined.get();
    }

    int failures() {
        return failures.get();
    }

    String newestFailure() {
        return failure;
    }

    Latency latency() {
        long[] sorted = startNanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return new Latency(sorted.length, percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }

    private static double percentile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return Math.round(sorted[Math.max(rank, 1) - 1] / NANOS_PER_MILLI * 100) / 100.0;
    }
}
