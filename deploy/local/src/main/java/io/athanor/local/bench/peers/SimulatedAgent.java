package io.athanor.local.bench.peers;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Cancel;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Connect;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Drain;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Execute;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Extend;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Forget;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.OpenSession;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import io.athanor.domain.wire.AgentProtocol.Reported;
import io.athanor.domain.wire.AgentProtocol.SessionOpened;
import io.athanor.domain.wire.AgentProtocol.Sync;
import io.athanor.domain.wire.AgentProtocol.Synced;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.TimeUnit;

/**
 * One simulated machine. Its containers are simulated: a run ends a few milliseconds after it began and writes nothing.
 * Session, sync, acknowledgements, receipts and answers to probes are the protocol's own, signed with a real device key.
 *
 * <p>While a simulated container runs, the agent waits for its end instead of polling, so that no poll has to be given up.
 */
final class SimulatedAgent implements Runnable {
    private static final long MILLI = 1_000_000;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 200;
    /** As a real agent: reports that come close to each other travel together. */
    private static final long REPORT_PACE_NANOS = 20 * MILLI;

    private static final Sha256 EMPTY_LOG = Sha256.of(new byte[0]);

    private final Ed25519.KeyPair key;
    private final MachineId machine;
    private final PeerHttp http;
    private final Inventory inventory;
    private final long runMillis;
    private final Tasks tasks;
    private final List<Reported> pending = new ArrayList<>();
    private final DelayQueue<SimulatedRun> running = new DelayQueue<>();
    private final ConcurrentHashMap<LeaseId, Boolean> leases = new ConcurrentHashMap<>();
    private long session;
    private long ordersDone;
    private long reported;
    private long lastReportNanos = System.nanoTime() - REPORT_PACE_NANOS;

    SimulatedAgent(URI server, MachineId machine, Ed25519.KeyPair key, int gpus, long runMillis, Tasks tasks) {
        this.machine = machine;
        this.key = key;
        this.http = PeerHttp.machine(server, machine, key);
        this.inventory = SimulatedInventory.of(machine, gpus);
        this.runMillis = runMillis;
        this.tasks = tasks;
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (session == 0) {
                    open();
                }
                sync();
            } catch (IOException failed) {
                tasks.failed("agent " + machine + ": " + failed.getMessage());
                if (!pause()) {
                    return;
                }
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
            return true;
        } catch (InterruptedException stopping) {
            return false;
        }
    }

    private void open() throws IOException, InterruptedException {
        OpenSession body = new OpenSession(inventory, "simulated", List.copyOf(leases.keySet()));
        session = http.post("/agent/v1/session", body, SessionOpened.class).session();
    }

    private void sync() throws IOException, InterruptedException {
        waitForRuns();
        keepPace();
        List<Reported> sent = List.copyOf(pending.subList(0, Math.min(pending.size(), Limits.SYNC_EVENTS)));
        Sync body = new Sync(session, ordersDone, heartbeat(), sent);
        Synced answer = http.post("/agent/v1/sync", body, Synced.class);
        long now = System.nanoTime();
        pending.removeIf(report -> {
            boolean taken = report.seq() <= answer.ackAgentSeq();
            if (taken) {
                tasks.acknowledged(report.report(), now);
            }
            return taken;
        });
        for (Ordered ordered : answer.orders()) {
            if (ordered.seq() > ordersDone) {
                ordersDone = ordered.seq();
                take(ordered.order());
            }
        }
    }

    /** Takes what has ended; waits for the next end where there is nothing else to say. */
    private void waitForRuns() throws InterruptedException {
        if (pending.isEmpty() && !running.isEmpty()) {
            end(running.take());
        }
        for (SimulatedRun ended = running.poll(); ended != null; ended = running.poll()) {
            end(ended);
        }
    }

    /** The first report after a pause goes at once; what ends meanwhile goes with the next one. */
    private void keepPace() throws InterruptedException {
        if (pending.isEmpty()) {
            return;
        }
        long left = lastReportNanos + REPORT_PACE_NANOS - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        for (SimulatedRun ended = running.poll(); ended != null; ended = running.poll()) {
            end(ended);
        }
        lastReportNanos = System.nanoTime();
    }

    private void take(AgentOrder order) {
        switch (order) {
            case Start start -> start(start);
            case Cancel cancel -> running.removeIf(run -> run.order().lease().equals(cancel.lease()));
            case Forget forget -> leases.remove(forget.lease());
            case Challenge challenge ->
                Thread.ofVirtual().name("simulated-probe").start(() -> answer(challenge));
            case Drain _ -> tasks.failed("agent " + machine + " was told to drain");
            case Extend _ -> tasks.failed("agent " + machine + " was paid for more, which no client here does");
            case Execute _, Connect _ -> tasks.failed("agent " + machine + " runs no containers to enter");
        }
    }

    private void start(Start order) {
        if (leases.putIfAbsent(order.lease(), true) == null) {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            report(new AgentReport.Started(order.lease(), "simulated-" + order.lease(), now));
            running.add(new SimulatedRun(order, now, System.nanoTime() + runMillis * MILLI));
        }
    }

    private void end(SimulatedRun run) {
        Receipt unsigned = new Receipt(
                run.order().lease(),
                "simulated-" + run.order().lease(),
                run.order().spec().image(),
                Ending.COMPLETED,
                0,
                run.startedAt(),
                run.startedAt().plusMillis(runMillis),
                runMillis,
                List.of(),
                EMPTY_LOG,
                0,
                "");
        String signature = Hex.encode(Ed25519.sign(key, Json.canonical(unsigned)));
        report(new AgentReport.Ended(
                run.order().lease(),
                new Receipt(
                        unsigned.lease(),
                        unsigned.container(),
                        unsigned.image(),
                        unsigned.ending(),
                        unsigned.exitCode(),
                        unsigned.startedAt(),
                        unsigned.endedAt(),
                        unsigned.runMillis(),
                        unsigned.outputs(),
                        unsigned.log(),
                        unsigned.logBytes(),
                        signature)));
    }

    private void report(AgentReport report) {
        reported++;
        pending.add(new Reported(reported, report));
    }

    private Heartbeat heartbeat() {
        List<GpuHealth> gpus = inventory.gpus().stream()
                .map(gpu -> new GpuHealth(gpu.uuid(), true, 0, 40, 100, 0))
                .toList();
        return new Heartbeat(true, inventory.diskGib() << 10, gpus, List.of());
    }

    private void answer(Challenge challenge) {
        ProbeAnswer unsigned = new ProbeAnswer(
                machine, challenge.nonce(), leases.keySet().stream().sorted().toList(), "");
        byte[] signature = Ed25519.sign(key, unsigned.signed().getBytes(StandardCharsets.UTF_8));
        ProbeAnswer signed = new ProbeAnswer(machine, unsigned.nonce(), unsigned.leases(), Hex.encode(signature));
        try {
            PeerHttp.answer(HttpRequest.newBuilder(URI.create(challenge.endpoint() + "/probe/v1/" + challenge.nonce()))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(signed)))
                    .build());
        } catch (IOException unreachable) {
            tasks.failed("probe of " + machine + ": " + unreachable.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
