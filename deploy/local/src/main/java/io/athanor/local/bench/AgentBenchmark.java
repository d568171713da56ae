package io.athanor.local.bench;

import io.athanor.local.engine.Checkout;
import io.athanor.local.network.Progress;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the agent costs its machine. The agent's module measures it, on a container engine and a registry of its own, with
 * the package that it builds for that; here it is only started, since nothing but that module sees the agent.
 */
public final class AgentBenchmark {
    private AgentBenchmark() {}

    /**
     * Measures and returns the table.
     *
     * @param runs of the packaged agent, and as many of a plain JVM; figures are medians
     */
    public static String run(int runs, Progress progress) throws IOException, InterruptedException {
        Path root = Checkout.root();
        Path report = Files.createTempFile("athanor-bench-agent", ".txt");
        Path log = root.resolve("target").resolve("bench-agent.log");
        Files.createDirectories(root.resolve("target"));
        progress.say("building and measuring the agent, about " + (2 + 2 * runs) + " minutes; " + log);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Commands.find("mvn").orElse(root.resolve("mvnw")).toString(),
                        "-B",
                        "-ntp",
                        "-Pfast",
                        "-pl",
                        "gpu-agent",
                        "-am",
                        "verify",
                        "-Dtest=none",
                        "-Dit.test=AgentBench",
                        "-Dsurefire.failIfNoSpecifiedTests=false",
                        "-Dfailsafe.failIfNoSpecifiedTests=false",
                        "-Dathanor.bench.runs=" + runs,
                        "-Dathanor.bench.report=" + report))
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            if (builder.start().waitFor() != 0) {
                throw new EngineFailure("The agent could not be measured.", "Read " + log + ".");
            }
            return Files.readString(report);
        } finally {
            Files.deleteIfExists(report);
        }
    }
}
