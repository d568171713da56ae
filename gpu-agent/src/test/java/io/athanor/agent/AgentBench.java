package io.athanor.agent;

import io.athanor.agent.BenchedAgent.Measured;
import io.athanor.agent.docker.TestImages;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the agent costs its machine, as the package has it and, beside it, as a plain JVM with the same classes has it:
 * medians of several runs on a real engine, with the goal and, where there is one, the floor: what the same costs without
 * an agent. Not part of the checks; {@code ./athanor bench agent} runs it.
 */
@Tag("docker")
class AgentBench {
    private static final int RUNS = Integer.getInteger("athanor.bench.runs", 5);
    private static final String REPORT = System.getProperty("athanor.bench.report", "");

    private final StringBuilder table = new StringBuilder();
    private final List<Measured> packaged = new ArrayList<>();
    private final List<Measured> plain = new ArrayList<>();

    @Test
    void printsWhatTheAgentCosts() throws Exception {
        TestImages.busybox();
        long packageKb = Files.size(AgentPackage.FIRST) / 1_000;
        List<Long> javaMillis = new ArrayList<>();
        List<Long> engineLog = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            packaged.add(measure(List.of(AgentPackage.program().toString())));
            plain.add(measure(plainJvm()));
            javaMillis.add(millis(
                    AgentPackage.program().resolveSibling("jre/bin/java").toString(), "-XX:+UseSerialGC", "-version"));
            engineLog.add(engineLogKbPerSecond());
        }
        table.append("%-46s %10s %10s %10s %14s   medians of %d runs%n"
                .formatted("", "package", "plain JVM", "goal", "floor", RUNS));
        line("package, kB", packageKb + "", "", "<= 40000", "");
        row("process start to first heartbeat, ms", Measured::readyMillis, "<= 1000", javaMillis, "java -version");
        row("memory, idle, KiB", Measured::idleKib, "<= 102400");
        row("CPU, idle, 1/1000 of a percent", Measured::idleCpu, "< 500");
        row("memory, 8 jobs logging, KiB", Measured::loggingKib, "<= 163840");
        row("order to start call, the agent's part, us", Measured::overheadMicros, "<= 20000");
        row("the same, first order after the start, us", Measured::firstOverheadMicros, "");
        row("order to start call, the engine's part, us", Measured::engineMicros, "");
        row("log of one job, kB/s", Measured::logKbPerSecond, ">= 100000", engineLog, "docker run");
        row("agent's CPU for 200 MB of log, ms", Measured::logCpuMillis, "");
        row("deliveries of 100 reports", Measured::deliveriesPerHundred, "100");
        System.out.print(table);
        if (!REPORT.isEmpty()) {
            Files.writeString(Path.of(REPORT), table);
        }
    }

    private static Measured measure(List<String> program) throws IOException, InterruptedException {
        try (BenchedAgent agent = new BenchedAgent(program)) {
            return agent.measure();
        }
    }

    private void row(String name, ToLongFunction<Measured> figure, String goal) {
        row(name, figure, goal, List.of(), "");
    }

    private void row(String name, ToLongFunction<Measured> figure, String goal, List<Long> floor, String whatFloor) {
        String floorText = floor.isEmpty() ? "" : median(floor) + " " + whatFloor;
        line(name, median(packaged, figure) + "", median(plain, figure) + "", goal, floorText);
    }

    private void line(String name, String inPackage, String inPlain, String goal, String floor) {
        table.append("%-46s %10s %10s %10s %s%n".formatted(name, inPackage, inPlain, goal, floor));
    }

    private static long median(List<Measured> runs, ToLongFunction<Measured> figure) {
        return median(runs.stream().mapToLong(figure).boxed().toList());
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static List<String> plainJvm() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.athanor.agent.Main");
    }

    private static long millis(String... command) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        run(ProcessBuilder.Redirect.DISCARD, command);
        return (System.nanoTime() - begin) / 1_000_000;
    }

    /** The engine's own way of the same bytes, by its command line into nothing, over the time that the container ran. */
    private static long engineLogKbPerSecond() throws IOException, InterruptedException {
        String host = TestEngines.dockerHost().toString();
        String name = "athanor-bench-floor";
        run(
                ProcessBuilder.Redirect.DISCARD,
                "docker",
                "-H",
                host,
                "run",
                "--name",
                name,
                "--log-driver",
                "none",
                "--network",
                "none",
                "--tmpfs",
                "/tmp",
                TestImages.busybox().toString(),
                "/bin/sh",
                "-c",
                BenchedAgent.logging(BenchedAgent.LOG_BYTES));
        Path answer = TestEngines.folder("floor").resolve("times");
        run(
                ProcessBuilder.Redirect.to(answer.toFile()),
                "docker",
                "-H",
                host,
                "inspect",
                "--format",
                "{{.State.StartedAt}} {{.State.FinishedAt}}",
                name);
        run(ProcessBuilder.Redirect.DISCARD, "docker", "-H", host, "rm", name);
        String[] times =
                Files.readString(answer, StandardCharsets.UTF_8).strip().split(" ");
        return BenchedAgent.LOG_BYTES
                / Duration.between(Instant.parse(times[0]), Instant.parse(times[1]))
                        .toMillis();
    }

    private static void run(ProcessBuilder.Redirect out, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }
}
