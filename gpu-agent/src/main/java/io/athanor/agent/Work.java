package io.athanor.agent;

import com.github.dockerjava.api.exception.DockerException;
import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.agent.lease.LeaseJournal;
import io.athanor.agent.lease.LeaseStage;
import io.athanor.agent.run.Backoff;
import io.athanor.agent.run.LeaseRun;
import io.athanor.agent.run.RunContext;
import io.athanor.agent.server.StreamLatencies;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.machine.Maintenance;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import io.athanor.domain.wire.AgentProtocol.LeaseState;
import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases under way on this machine: takes them, or says why not; stops them; adopts those of an earlier agent. Invariant:
 * a task runs under its newest fence only.
 */
final class Work {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);

    private final RunContext context;
    private final LeaseJournal journal;
    private final DiskGuard disk;
    private final StreamLatencies latencies;
    private final Map<LeaseId, Running> runs = new ConcurrentHashMap<>();
    private volatile @Nullable Maintenance drain;

    /** Since the server wanted no more of this machine, null while it does. */
    private @Nullable Maintenance retired;

    /** Whether this agent has told the server what it was told last. */
    private boolean told;

    private @Nullable Maintenance toldLast;

    private volatile Map<LeaseId, LeaseUsage> usage = Map.of();

    private record Running(LeaseRun run, Thread thread) {}

    Work(RunContext context, DiskGuard disk, StreamLatencies latencies) {
        this.context = context;
        this.disk = disk;
        this.latencies = latencies;
        this.journal = context.journal();
    }

    /** Goes on with every lease that an earlier agent left, and removes its containers that belong to none. */
    void adopt() {
        for (LeaseJournal.Entry entry : journal.leases()) {
            if (entry.stage().holdsGpus()) {
                context.gpus()
                        .hold(entry.lease(), entry.order().gpus())
                        .ifPresent(why -> LOG.warn("{} goes on without its GPUs: {}", entry.lease(), why));
            }
            LOG.info("adopting {} in {}", entry.lease(), entry.stage().label());
            begin(entry.lease());
        }
        Thread.ofVirtual().name("orphans").start(this::removeOrphans);
    }

    private void removeOrphans() {
        Backoff backoff = new Backoff();
        try {
            while (!Thread.interrupted()) {
                try {
                    context.engine().mine().stream()
                            .filter(lease -> journal.find(lease).isEmpty())
                            .forEach(this::removeOrphan);
                    return;
                } catch (EngineUnavailable | DockerException notNow) {
                    LOG.warn("containers of no lease wait for their removal: {}", notNow.getMessage());
                    Thread.sleep(backoff.next());
                }
            }
        } catch (InterruptedException stopping) {
            LOG.debug("orphans are left for the next agent");
        }
    }

    private void removeOrphan(LeaseId lease) {
        LOG.warn("removing the container of {}, of which nothing is known", lease);
        context.engine().remove(lease);
    }

    /** Does what the server wants; doing it twice is the same as once. */
    void order(AgentOrder order) {
        switch (order) {
            case AgentOrder.Start start -> start(start);
            case AgentOrder.Cancel cancel -> stop(cancel.lease(), cancel.ending());
            case AgentOrder.Extend extend -> journal.paid(extend.lease(), extend.paidUntilMillis());
            case AgentOrder.Forget forget -> find(forget.lease()).ifPresent(LeaseRun::acknowledged);
            case AgentOrder.Drain _ -> retire();
            case AgentOrder.Challenge _, AgentOrder.Execute _, AgentOrder.Connect _ ->
                throw new IllegalArgumentException("this is no work: " + order);
        }
    }

    private void start(AgentOrder.Start order) {
        LeaseId lease = order.lease();
        switch (journal.known(lease)) {
            case SAME, DONE -> LOG.debug("{} was ordered again", lease);
            case STALE -> decline(lease, "its fence is older than one that this machine has seen");
            case NEW -> {
                stopOlderFences(lease);
                admit(order).ifPresentOrElse(why -> decline(lease, why), () -> take(order));
            }
        }
    }

    private void stopOlderFences(LeaseId lease) {
        runs.keySet().stream()
                .filter(other -> other.task().equals(lease.task()) && other.fence() < lease.fence())
                .forEach(older -> stop(older, Ending.LEASE_EXPIRED));
    }

    /** Why this lease cannot be taken, if so. */
    private Optional<String> admit(AgentOrder.Start order) {
        if (draining()) {
            return Optional.of("this machine is draining");
        }
        if (!journal.roomForNewWork()) {
            return Optional.of("this machine's spool is full; it has too much to report");
        }
        return disk.full().or(() -> context.gpus().hold(order.lease(), order.gpus()));
    }

    private void take(AgentOrder.Start order) {
        journal.take(order);
        begin(order.lease());
    }

    private void decline(LeaseId lease, String why) {
        LOG.info("{} is declined: {}", lease, why);
        context.gpus().release(lease);
        journal.say(new AgentReport.Declined(lease, Ending.REFUSED_BY_AGENT, why));
    }

    private void begin(LeaseId lease) {
        LeaseRun run = new LeaseRun(context, lease);
        Thread thread = Thread.ofVirtual().name("lease-" + lease).unstarted(() -> {
            try {
                run.run();
            } finally {
                runs.remove(lease);
            }
        });
        runs.put(lease, new Running(run, thread));
        thread.start();
    }

    private Optional<LeaseRun> find(LeaseId lease) {
        return Optional.ofNullable(runs.get(lease)).map(Running::run);
    }

    void stop(LeaseId lease, Ending because) {
        find(lease).ifPresent(run -> run.stop(because));
    }

    void stopAll(Ending because) {
        runs.values().forEach(running -> running.run().stop(because));
    }

    /** A GPU's fault ends the lease that holds it and takes the GPU out of offers. */
    void gpuLost(GpuDesk.Consequence consequence) {
        LOG.error("GPU {} {}", consequence.uuid(), consequence.detail());
        if (consequence.uuid() != null) {
            journal.say(new AgentReport.GpuChanged(consequence.uuid(), false, consequence.detail()));
        }
        if (consequence.holder() != null) {
            stop(consequence.holder(), Ending.GPU_LOST);
        }
    }

    /** Reports up to this number are with the server. */
    void acknowledged(long seq) {
        journal.acknowledge(seq);
        for (LeaseJournal.Entry entry : journal.leases()) {
            if (entry.stage() instanceof LeaseStage.Reported reported && reported.seq() <= seq) {
                find(entry.lease()).ifPresent(LeaseRun::acknowledged);
            }
        }
    }

    /** Takes no new work while the owner wants none; what runs goes on to its end. The server is told of every change. */
    synchronized void wish(@Nullable Maintenance wanted) {
        Maintenance now = retired == null ? wanted : retired;
        drain = now;
        if (!told || !Objects.equals(now, toldLast)) {
            journal.say(
                    now == null
                            ? new AgentReport.Draining(false, null, null)
                            : new AgentReport.Draining(true, now.from(), now.until()));
            told = true;
            toldLast = now;
        }
    }

    /** The server wants nothing of this machine any more; the owner's wishes change that no more. */
    private synchronized void retire() {
        if (retired == null) {
            retired = new Maintenance(context.serverTime().instant(), null);
        }
        wish(retired);
    }

    boolean draining() {
        Maintenance wanted = drain;
        return wanted != null && wanted.closes(context.serverTime().instant());
    }

    /** What heartbeats say of each lease. */
    List<LeaseState> states() {
        return journal.leases().stream()
                .map(entry -> new LeaseState(entry.lease(), entry.stage().label(), usage.get(entry.lease())))
                .toList();
    }

    /** Leases whose container runs now, in order. */
    List<LeaseId> live() {
        return journal.leases().stream()
                .filter(entry -> entry.stage() instanceof LeaseStage.Running
                        || entry.stage() instanceof LeaseStage.Paused
                        || entry.stage() instanceof LeaseStage.Stopping)
                .map(LeaseJournal.Entry::lease)
                .sorted()
                .toList();
    }

    /** Measures what each job that runs now has used; nothing while the engine does not answer. */
    void measure(List<GpuHealth> gpus) {
        Map<LeaseId, LeaseUsage> measured = new HashMap<>();
        latencies.keep(live());
        try {
            for (LeaseId lease : live()) {
                context.engine().usage(lease).ifPresent(used -> measured.put(lease, completed(lease, used, gpus)));
            }
        } catch (EngineUnavailable | DockerException away) {
            LOG.debug("no usage while the engine is away: {}", away.getMessage());
        }
        usage = Map.copyOf(measured);
    }

    private LeaseUsage completed(LeaseId lease, LeaseUsage used, List<GpuHealth> gpus) {
        List<String> held =
                journal.find(lease).map(entry -> entry.order().gpus()).orElse(List.of());
        List<GpuHealth> its =
                gpus.stream().filter(gpu -> held.contains(gpu.uuid())).toList();
        return new LeaseUsage(
                used.cpuMillis(),
                used.memoryBytes(),
                used.processes(),
                used.receivedBytes(),
                used.sentBytes(),
                (int) its.stream().mapToInt(GpuHealth::utilisation).average().orElse(0),
                its.stream().mapToLong(GpuHealth::memoryUsedMib).sum(),
                latencies.of(lease));
    }

    List<LeaseId> known() {
        return journal.leases().stream().map(LeaseJournal.Entry::lease).toList();
    }

    /** Waits until no lease holds a GPU or a container; false when the time was over first. */
    boolean awaitIdle(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (journal.leases().stream().anyMatch(entry -> entry.stage().holdsGpus())) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(Duration.ofMillis(50));
        }
        return true;
    }

    /** Leaves every container as it is, for the next agent. */
    void leave() throws InterruptedException {
        List<Running> all = new ArrayList<>(runs.values());
        all.forEach(running -> running.thread().interrupt());
        for (Running running : all) {
            running.thread().join(Duration.ofSeconds(5));
        }
    }
}
