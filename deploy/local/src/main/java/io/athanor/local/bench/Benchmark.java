package io.athanor.local.bench;

import io.athanor.local.network.Network;
import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Supervisor;
import io.athanor.local.process.EngineFailure;
import java.nio.file.Files;
import java.sql.SQLException;

/** Starts a network of its own for a benchmark, measures, and stops it. */
public final class Benchmark {
    private Benchmark() {}

    /** Error: {@link EngineFailure}; also where the folder was used before, since history would distort the figures. */
    public static BenchReport jobs(NetworkLayout layout, BenchSettings settings, Progress progress)
            throws SQLException, InterruptedException {
        if (Files.exists(layout.data().resolve("postgres"))) {
            throw new EngineFailure(
                    "The folder " + layout.data() + " was used before.",
                    "A benchmark begins with an empty network: choose a new --data.");
        }
        BenchNetwork bench = new BenchNetwork(layout, settings);
        Network network = bench.network(progress);
        try (Supervisor supervisor = new Supervisor(network, progress)) {
            Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close, "network-stop"));
            supervisor.start();
            return new JobsBench(network, bench, settings, progress).run();
        }
    }
}
