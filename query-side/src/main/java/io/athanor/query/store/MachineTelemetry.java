package io.athanor.query.store;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.port.Telemetry;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskUsageView;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats: the newest of each machine in memory, and one row a machine and interval in the partitioned table.
 *
 * <p>Invariant: a heartbeat costs no statement and no event. A sample that the database does not take is tried again
 * with the next flush; at most {@link #MAX_WAITING} samples wait, then the oldest are dropped and counted.
 */
public final class MachineTelemetry implements Telemetry, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineTelemetry.class);
    /** One row a machine in this time. */
    public static final Duration SAMPLE_EVERY = Duration.ofMinutes(1);
    /** Whole days older than this go. */
    public static final int KEEP_DAYS = 14;
    /** Samples that wait for the database. */
    public static final int MAX_WAITING = 200_000;

    private static final int BATCH_ROWS = 5_000;

    private final SampleTable table;
    private final TaskUsages usages;
    private final InstantSource clock;
    private final ConcurrentHashMap<MachineId, Window> windows = new ConcurrentHashMap<>();
    private final Set<LocalDate> days = new HashSet<>();
    private final ScheduledExecutorService flusher = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("telemetry-flush").daemon().factory());
    private List<Sample> waiting = new ArrayList<>();
    private long dropped;
    private @Nullable ScheduledFuture<?> flushing;

    public MachineTelemetry(SampleTable table, UsageTable usages, InstantSource clock) {
        this.table = table;
        this.usages = new TaskUsages(usages);
        this.clock = clock;
    }

    /** Flushes on its own from now on. */
    public void start() {
        long millis = SAMPLE_EVERY.toMillis();
        flushing = flusher.scheduleWithFixedDelay(this::flushQuietly, millis, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void heartbeat(MachineId machine, Heartbeat heartbeat, Instant at) {
        windows.computeIfAbsent(machine, id -> new Window()).add(heartbeat, at);
        usages.heard(machine, heartbeat, at);
    }

    /** What a job's containers used, in the order of its tasks. */
    public Page<TaskUsageView> usage(JobId job, int afterTask, int first) {
        return usages.page(job, afterTask, first);
    }

    /** The newest heartbeat and when it came. */
    public Optional<Latest> latest(MachineId machine) {
        Window window = windows.get(machine);
        return window == null ? Optional.empty() : Optional.ofNullable(window.latest());
    }

    /** A heartbeat and when it came. */
    public record Latest(Heartbeat heartbeat, Instant at) {}

    private void flushQuietly() {
        try {
            flush();
        } catch (RuntimeException e) {
            LOG.warn("{} telemetry samples wait for the database: {}", waiting.size(), e.toString());
        }
    }

    /** Writes a sample of every machine that was heard of since the last flush. @return rows written */
    public synchronized int flush() {
        windows.forEach((machine, window) -> {
            Sample sample = window.take(machine);
            if (sample != null) {
                waiting.add(sample);
            }
        });
        usages.flush();
        limitWaiting();
        ensureDays();
        int written = 0;
        while (!waiting.isEmpty()) {
            List<Sample> batch = waiting.subList(0, Math.min(BATCH_ROWS, waiting.size()));
            table.insert(batch);
            written += batch.size();
            waiting = new ArrayList<>(waiting.subList(batch.size(), waiting.size()));
        }
        return written;
    }

    private void limitWaiting() {
        int tooMany = waiting.size() - MAX_WAITING;
        if (tooMany > 0) {
            waiting = new ArrayList<>(waiting.subList(tooMany, waiting.size()));
            dropped += tooMany;
            LOG.error("{} telemetry samples were dropped so far", dropped);
        }
    }

    private void ensureDays() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (Sample sample : waiting) {
            ensure(LocalDate.ofInstant(sample.at(), ZoneOffset.UTC));
        }
        if (ensure(today.plusDays(1))) {
            table.dropDaysBefore(today.minusDays(KEEP_DAYS));
            usages.forgetBefore(
                    today.minusDays(KEEP_DAYS).atStartOfDay(ZoneOffset.UTC).toInstant());
            days.removeIf(day -> day.isBefore(today.minusDays(KEEP_DAYS)));
        }
    }

    private boolean ensure(LocalDate day) {
        if (days.contains(day)) {
            return false;
        }
        table.ensureDay(day);
        return days.add(day);
    }

    @Override
    public void close() {
        if (flushing != null) {
            flushing.cancel(false);
        }
        flusher.shutdown();
        flushQuietly();
    }

    /** What one machine said since its last sample. */
    private static final class Window {
        private @Nullable Latest latest;
        private int heartbeats;

        synchronized void add(Heartbeat heartbeat, Instant at) {
            latest = new Latest(heartbeat, at);
            heartbeats++;
        }

        synchronized @Nullable Latest latest() {
            return latest;
        }

        synchronized @Nullable Sample take(MachineId machine) {
            if (heartbeats == 0 || latest == null) {
                return null;
            }
            Sample sample = Sample.of(machine, latest.at(), heartbeats, latest.heartbeat());
            heartbeats = 0;
            return sample;
        }
    }
}
