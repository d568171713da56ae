package io.athanor.local.command;

import io.athanor.codec.Json;
import io.athanor.local.bench.AgentBenchmark;
import io.athanor.local.bench.BenchReport;
import io.athanor.local.bench.BenchSettings;
import io.athanor.local.bench.Benchmark;
import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Progress;
import io.athanor.local.process.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code athanor bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures a network of its own on this machine, each figure beside its floor.",
        subcommands = {Bench.Jobs.class, Bench.Agent.class})
public final class Bench implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            CommandLine line = spec.commandLine();
            line.usage(line.getOut());
        }
    }

    /** {@code athanor bench jobs}. */
    @Command(
            name = "jobs",
            mixinStandardHelpOptions = true,
            description = {
                "Settles jobs from submission to settlement with simulated agents and checkers over the real protocols,",
                "on a PostgreSQL, an EVM node and a node of its own. Containers are simulated and end after some ms."
            })
    static final class Jobs implements Callable<Integer> {
        private static final int PORT_BASE = 8_780;

        @Option(names = "--count", defaultValue = "10000", description = "Tasks to settle (default: ${DEFAULT-VALUE}).")
        private int count;

        @Option(names = "--array", defaultValue = "1", description = "Tasks of one job (default: ${DEFAULT-VALUE}).")
        private int array;

        @Option(
                names = "--in-flight",
                defaultValue = "64",
                description = "The most tasks between submission and end (default: ${DEFAULT-VALUE}).")
        private int inFlight;

        @Option(
                names = "--idle-count",
                defaultValue = "300",
                description = "Tasks of the idle phase, one after the other (default: ${DEFAULT-VALUE}).")
        private int idleCount;

        @Option(
                names = "--warm-up",
                defaultValue = "14000",
                description = "Tasks before anything is measured (default: ${DEFAULT-VALUE}).")
        private int warmUp;

        @Option(
                names = "--machines",
                defaultValue = "8",
                description = "Simulated machines (default: ${DEFAULT-VALUE}).")
        private int machines;

        @Option(names = "--gpus", defaultValue = "8", description = "GPUs of each (default: ${DEFAULT-VALUE}).")
        private int gpus;

        @Option(
                names = "--checkers",
                defaultValue = "5",
                description = "Simulated checkers (default: ${DEFAULT-VALUE}).")
        private int checkers;

        @Option(
                names = "--run-millis",
                defaultValue = "3",
                description = "How long a simulated container runs (default: ${DEFAULT-VALUE}).")
        private long runMillis;

        @Option(
                names = "--node-option",
                paramLabel = "OPTION",
                description = "A further option of the node's virtual machine, such as -XX:StartFlightRecording=….")
        private List<String> nodeOptions = List.of();

        @Option(names = "--data", description = "An empty folder for the network (default: a new temporary one).")
        private @Nullable Path data;

        @Option(names = "--port-base", description = "The first of its ports on loopback (default: 8780).")
        private int portBase = PORT_BASE;

        @Option(names = "--json", description = "Prints one JSON object; the progress goes to standard error.")
        private boolean json;

        @Override
        public Integer call() throws IOException, SQLException, InterruptedException {
            Progress progress = new Progress(json ? System.err : System.out);
            Path folder = data == null ? Files.createTempDirectory("athanor-bench") : data;
            BenchSettings settings = new BenchSettings(
                    count, array, inFlight, idleCount, warmUp, machines, gpus, checkers, runMillis, nodeOptions);
            BenchReport report = Benchmark.jobs(new NetworkLayout(folder, portBase), settings, progress);
            System.out.println(json ? Json.text(report) : report.table());
            if (report.good() && data == null) {
                Trees.delete(folder);
            } else {
                progress.say("data and logs are kept: " + folder);
            }
            return report.good() ? 0 : 1;
        }
    }

    /** {@code athanor bench agent}. */
    @Command(
            name = "agent",
            mixinStandardHelpOptions = true,
            description = {
                "Measures what the packaged agent costs its machine, beside a plain JVM: memory, CPU, start, overhead, logs.",
                "On a real container engine of its own, against a scripted control plane."
            })
    static final class Agent implements Callable<Integer> {
        @Option(names = "--runs", defaultValue = "5", description = "Runs of each (default: ${DEFAULT-VALUE}).")
        private int runs;

        @Override
        public Integer call() throws IOException, InterruptedException {
            System.out.print(AgentBenchmark.run(runs, new Progress(System.out)));
            return 0;
        }
    }
}
