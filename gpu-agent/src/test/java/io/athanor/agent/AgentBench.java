package io.athanor.agent;

import static org.awaitility.Awaitility.await;

import io.athanor.agent.docker.TestImages;
import io.athanor.domain.common.LeaseId;
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
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the agent costs its machine, as the package has it and, beside it, as a plain JVM with the same classes has it:
 * medians of several runs on a real engine. Not part of the checks; run it by
 *
 * <pre>mvn -pl gpu-agent -am verify -Dtest=none -Dit.test=AgentBench -Dsurefire.failIfNoSpecifiedTests=false
 *     -Dfailsafe.failIfNoSpecifiedTests=false</pre>
 */
@Tag("docker")
class AgentBench {
    private static final int RUNS = Integer.getInteger("bench.runs", 5);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int LOGGING_JOBS = 8;
    private static final int LOG_BYTES = 200_000_000;
    private static final long MICROS_PER_TICK = 10_000;

    /** What one agent process was measured at; memory in KiB, times in milliseconds, CPU in parts per 100,000. */
    private record Measured(
            long readyMillis, long idleKib, long idleCpu, long loggingKib, long startMillis, long logMillis) {}

    @Test
    void printsWhatTheAgentCosts() throws Exception {
        TestImages.busybox();
        System.out.printf("package %,d bytes%n", Files.size(AgentPackage.FIRST));
        List<Measured> packaged = new ArrayList<>();
        List<Measured> plain = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            packaged.add(measure(List.of(AgentPackage.program().toString())));
            plain.add(measure(plainJvm()));
        }
        System.out.printf("%-34s %12s %12s   medians of %d runs%n", "", "package", "plain JVM", RUNS);
        row("ready, ms", packaged, plain, Measured::readyMillis);
        row("idle memory, KiB", packaged, plain, Measured::idleKib);
        row("idle CPU, 1/1000 of a percent", packaged, plain, Measured::idleCpu);
        row("memory with 8 jobs logging, KiB", packaged, plain, Measured::loggingKib);
        row("order to report of the start, ms", packaged, plain, Measured::startMillis);
        row("200 MB of log, run of the job, ms", packaged, plain, Measured::logMillis);
    }

    private static void row(
            String name, List<Measured> packaged, List<Measured> plain, ToLongFunction<Measured> figure) {
        System.out.printf("%-34s %,12d %,12d%n", name, median(packaged, figure), median(plain, figure));
    }

    private static long median(List<Measured> runs, ToLongFunction<Measured> figure) {
        return runs.stream().mapToLong(figure).sorted().toArray()[runs.size() / 2];
    }

    private static List<String> plainJvm() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.athanor.agent.Main");
    }

    private static Measured measure(List<String> program) throws Exception {
        Path data = TestEngines.folder("agent");
        try (ScriptedControlPlane plane = new ScriptedControlPlane()) {
            plane.trust(Identity.of(data).key().publicKey());
            plane.holdMillis(30_000);
            long begin = System.nanoTime();
            Process agent = start(program, data, plane);
            try {
                while (plane.heartbeat() == null) {
                    Thread.sleep(1);
                }
                long ready = millisSince(begin);
                Thread.sleep(8_000);
                long idle = residentKib(agent);
                long idleCpu = idleCpu(agent);
                long started = startMillis(plane);
                long log = logMillis(plane);
                return new Measured(ready, idle, idleCpu, loggingKib(agent, plane), started, log);
            } finally {
                agent.destroy();
                agent.waitFor();
            }
        }
    }

    private static long idleCpu(Process agent) throws IOException, InterruptedException {
        long ticks = cpuTicks(agent);
        long begin = System.nanoTime();
        Thread.sleep(10_000);
        return (cpuTicks(agent) - ticks) * MICROS_PER_TICK * 100_000 / ((System.nanoTime() - begin) / 1000);
    }

    private static long startMillis(ScriptedControlPlane plane) throws InterruptedException {
        LeaseId lease = Jobs.lease();
        long begin = System.nanoTime();
        plane.send(Jobs.shell(lease, "true"));
        while (plane.reports().stream()
                .noneMatch(report -> report instanceof AgentReport.Started started
                        && started.lease().equals(lease))) {
            Thread.sleep(1);
        }
        return millisSince(begin);
    }

    private static long logMillis(ScriptedControlPlane plane) {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.start(
                lease,
                Jobs.spec(
                        TestImages.busybox().toString(),
                        Map.of(),
                        60_000,
                        "/bin/sh",
                        "-c",
                        "yes 0123456789abcdefghijklmnopqrstuvwxyz | head -c " + LOG_BYTES),
                List.of()));
        await().atMost(LONG).until(() -> !receipts(plane, lease).isEmpty());
        return receipts(plane, lease).getFirst().runMillis();
    }

    private static long loggingKib(Process agent, ScriptedControlPlane plane) throws Exception {
        for (int i = 0; i < LOGGING_JOBS; i++) {
            plane.send(
                    Jobs.shell(Jobs.lease(), "i=0; while [ $i -lt 100 ]; do seq 1 1000; sleep 0.1; i=$((i+1)); done"));
        }
        long most = 0;
        for (int i = 0; i < 20; i++) {
            Thread.sleep(500);
            most = Math.max(most, residentKib(agent));
        }
        return most;
    }

    private static List<Receipt> receipts(ScriptedControlPlane plane, LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Ended ended
                        && ended.lease().equals(lease))
                .map(report -> ((AgentReport.Ended) report).receipt())
                .toList();
    }

    private static Process start(List<String> program, Path data, ScriptedControlPlane plane) throws IOException {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of(
                "run",
                "--data",
                data.toString(),
                "--server",
                plane.uri().toString(),
                "--docker-host",
                TestEngines.dockerHost().toString(),
                "--simulated-gpus",
                "2xH200",
                "--container-label",
                "athanor.test=" + TestEngines.containerLabel()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("agent.log").toFile())
                .start();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static long residentKib(Process agent) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** User and system time, in clock ticks of 10 ms. */
    private static long cpuTicks(Process agent) throws IOException {
        String[] fields =
                Files.readString(Path.of("/proc/" + agent.pid() + "/stat")).split(" ");
        return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
    }
}
