package io.athanor.agent;

import static org.awaitility.Awaitility.await;

import io.athanor.agent.docker.TestImages;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One agent in a process of its own whose costs are measured, with the control plane and the engine that it talks to. */
final class BenchedAgent implements AutoCloseable {
    static final int LOG_BYTES = 200_000_000;

    private static final int BLOCK_BYTES = 10_000_000;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SETTLED = Duration.ofSeconds(8);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int LOGGING_JOBS = 8;
    private static final int STARTS = 7;

    /** So that what is left of the job before is not measured with the next one's start. */
    private static final Duration BETWEEN_STARTS = Duration.ofMillis(500);

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_TICK = 10_000;

    private final ScriptedControlPlane plane = new ScriptedControlPlane();
    private final TimedEngine engine = new TimedEngine();
    private final Process agent;
    private final long readyMillis;

    /**
     * What one agent process was measured at: memory in KiB, CPU in parts per 100,000, log in KB a second and processor
     * milliseconds, and in hundredths how often a report was sent until it was acknowledged.
     */
    record Measured(
            long readyMillis,
            long idleKib,
            long idleCpu,
            long firstOverheadMicros,
            long overheadMicros,
            long engineMicros,
            long logKbPerSecond,
            long logCpuMillis,
            long loggingKib,
            long deliveriesPerHundred) {}

    BenchedAgent(List<String> program) throws IOException, InterruptedException {
        Path data = TestEngines.folder("agent");
        plane.trust(Identity.of(data).key().publicKey());
        plane.holdMillis(30_000);
        long begin = System.nanoTime();
        agent = start(program, data);
        while (plane.heartbeat() == null) {
            Thread.sleep(1);
        }
        readyMillis = (System.nanoTime() - begin) / 1_000_000;
    }

    private Process start(List<String> program, Path data) throws IOException {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of("run", "--data", data.toString()));
        line.addAll(List.of("--server", plane.uri().toString()));
        line.addAll(List.of("--docker-host", engine.host().toString()));
        line.addAll(List.of("--simulated-gpus", "2xH200"));
        line.addAll(List.of("--container-label", "athanor.test=" + TestEngines.containerLabel()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("agent.log").toFile())
                .start();
    }

    Measured measure() throws IOException, InterruptedException {
        Thread.sleep(SETTLED);
        long idle = residentKib();
        long idleCpu = idleCpu();
        List<Long> overheads = new ArrayList<>();
        List<Long> inEngine = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            startOne(overheads, inEngine);
        }
        long ticks = cpuTicks();
        long log = logKbPerSecond();
        long logCpu = (cpuTicks() - ticks) * MICROS_PER_TICK / 1_000;
        long logging = loggingKib();
        long deliveries = plane.deliveries() * 100 / plane.reports().size();
        return new Measured(
                readyMillis,
                idle,
                idleCpu,
                overheads.getFirst(),
                median(overheads),
                median(inEngine),
                log,
                logCpu,
                logging,
                deliveries);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private long idleCpu() throws IOException, InterruptedException {
        long ticks = cpuTicks();
        long begin = System.nanoTime();
        Thread.sleep(IDLE);
        return (cpuTicks() - ticks) * MICROS_PER_TICK * 100_000 / ((System.nanoTime() - begin) / NANOS_PER_MICRO);
    }

    /** From the order's leaving the server to the call that starts the container: the part that waited for the engine, and the rest. */
    private void startOne(List<Long> overheads, List<Long> inEngine) throws InterruptedException {
        Thread.sleep(BETWEEN_STARTS);
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "true"));
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !receipts(lease).isEmpty());
        long sent = plane.orderLeftNanos();
        long started = engine.startAfter(sent).orElseThrow();
        long waited = engine.waited(sent, started);
        inEngine.add(waited / NANOS_PER_MICRO);
        overheads.add((started - sent - waited) / NANOS_PER_MICRO);
    }

    private long logKbPerSecond() {
        LeaseId lease = Jobs.lease();
        JobSpec spec = Jobs.spec(
                TestImages.busybox().toString(), Map.of(), 2_000, 60_000, "/bin/sh", "-c", logging(LOG_BYTES));
        plane.send(Jobs.start(lease, spec, List.of()));
        await().atMost(LONG).until(() -> !receipts(lease).isEmpty());
        Receipt receipt = receipts(lease).getFirst();
        if (receipt.logBytes() != LOG_BYTES) {
            throw new IllegalStateException("the log has " + receipt.logBytes() + " bytes: " + receipt.ending());
        }
        await().atMost(LONG).until(() -> plane.logSize(lease) == LOG_BYTES);
        return LOG_BYTES / receipt.runMillis();
    }

    /** A program that writes so many bytes of lines as fast as it can. */
    static String logging(int bytes) {
        return "yes 0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz | head -c " + BLOCK_BYTES
                + " >/tmp/block; i=0; while [ $i -lt " + bytes / BLOCK_BYTES
                + " ]; do cat /tmp/block; i=$((i+1)); done";
    }

    private long loggingKib() throws IOException, InterruptedException {
        for (int i = 0; i < LOGGING_JOBS; i++) {
            plane.send(
                    Jobs.shell(Jobs.lease(), "i=0; while [ $i -lt 100 ]; do seq 1 1000; sleep 0.1; i=$((i+1)); done"));
        }
        long most = 0;
        for (int i = 0; i < 20; i++) {
            Thread.sleep(500);
            most = Math.max(most, residentKib());
        }
        return most;
    }

    private List<Receipt> receipts(LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Ended ended
                        && ended.lease().equals(lease))
                .map(report -> ((AgentReport.Ended) report).receipt())
                .toList();
    }

    private long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** User and system time, in clock ticks of 10 ms. */
    private long cpuTicks() throws IOException {
        String[] fields =
                Files.readString(Path.of("/proc/" + agent.pid() + "/stat")).split(" ");
        return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
    }

    @Override
    public void close() throws IOException {
        agent.destroy();
        agent.onExit().join();
        engine.close();
        plane.close();
    }
}
